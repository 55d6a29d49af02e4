"""What corrections teach. Plain functions over results and lessons; the ledger keeps them, the pipeline asks."""
