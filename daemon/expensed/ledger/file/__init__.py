"""The file of the ledger: whether it is whole, still the one that was opened, and can be written to."""
