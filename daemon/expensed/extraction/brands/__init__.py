"""The brands of the world's chains, and how a page shows that one of them is its seller."""
