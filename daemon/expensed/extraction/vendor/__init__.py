"""The seller: where names appear, what is a name, and how it is spelt."""
