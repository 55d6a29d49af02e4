"""Columns for HTTP: the results of requested extractions, and readings that are not done twice."""

STATEMENTS = (
    "ALTER TABLE tasks ADD COLUMN result TEXT",  # JSON: what an extraction over HTTP found; removed when it expires
    "CREATE INDEX tasks_result ON tasks (updated_at) WHERE result IS NOT NULL",
    """
    CREATE TABLE readings (
        sha256 TEXT NOT NULL,       -- of the bytes that were read
        recipe TEXT NOT NULL,       -- stands for the engine and the settings it was read with
        examination TEXT NOT NULL,  -- JSON, as the reading process gave it
        created_at TEXT NOT NULL,
        PRIMARY KEY (sha256, recipe)
    ) STRICT
    """,
)
