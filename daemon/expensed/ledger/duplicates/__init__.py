"""What the ledger knows of papers that are there twice: fingerprints of papers, and the papers of one purchase."""
