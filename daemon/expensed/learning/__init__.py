"""Learn from corrections: plain functions over results and lessons, which the ledger keeps."""
