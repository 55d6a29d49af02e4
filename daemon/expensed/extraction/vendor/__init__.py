"""The seller: where names stand, which are names, and how they are spelt."""
