"""The amount: numerals, the labels beside them, sums and proofs."""
