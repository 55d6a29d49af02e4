"""What the archive mirrors of the ledger: documents put back from it, and those it must still be told of."""
