"""The archive as a mirror of the ledger: what is written there of it, and the ledger made again from that."""
