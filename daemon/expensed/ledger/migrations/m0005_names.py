"""A file's tasks are found by its name, and extractions that have expired by when they ended."""

STATEMENTS = (
    "CREATE INDEX documents_file ON documents (file)",
    "CREATE INDEX tasks_expiring ON tasks (updated_at) WHERE origin = 'extract' AND standing = 'ended'",
)
