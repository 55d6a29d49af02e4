"""SQLite, the truth: documents, tasks, attempts, filings and events."""
