"""Whether the sidecar beside a document has its lesson as the ledger has it: forgetting changes the ledger first."""

STATEMENTS = (
    "ALTER TABLE lessons ADD COLUMN is_told INTEGER NOT NULL DEFAULT 1",
    "CREATE INDEX lessons_untold ON lessons (number) WHERE NOT is_told",
)
