"""The clients' view of tasks and documents, built from the rows of the ledger."""
