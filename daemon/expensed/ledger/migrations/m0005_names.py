"""Indexes to find tasks by the name of their file, and expired extractions by the time they ended."""

STATEMENTS = (
    "CREATE INDEX documents_file ON documents (file)",
    "CREATE INDEX tasks_expiring ON tasks (updated_at) WHERE origin = 'extract' AND standing = 'ended'",
)
