"""Documents that a person moves in the archive: indexes to find them by place and size, and what was made of it."""

STATEMENTS = (
    # all that is compared with a folder, so that no row is read for that
    "CREATE INDEX documents_place ON documents (path, state, size, mtime_ns) WHERE place = 'archive'",
    "CREATE INDEX documents_size ON documents (size) WHERE place = 'archive'",
    # a row counts only as long as the document lies at this path
    """
    CREATE TABLE moved (
        document INTEGER PRIMARY KEY REFERENCES documents (number),
        path BLOB NOT NULL,         -- where a person has put it
        former BLOB NOT NULL,       -- where it lay before
        remark TEXT,                -- JSON: why its name was not understood; NULL: it is still to be read
        at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX moved_unread ON moved (document) WHERE remark IS NULL",
)
