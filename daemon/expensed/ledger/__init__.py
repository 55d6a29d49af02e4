"""The ledger, a SQLite file and the only truth: documents, tasks, attempts, filings and events."""
