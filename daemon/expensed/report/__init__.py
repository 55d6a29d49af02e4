"""What clients see of tasks and documents, made from the rows of the ledger."""
