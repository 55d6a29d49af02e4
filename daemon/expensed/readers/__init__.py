"""The child processes that read documents, and what is said to them."""
