"""The journal of what was done to documents, each entry with what its document was before, so that it can be undone."""

from expensed.ledger.migrations.m0009_discarded import widen

STATEMENTS = (
    """
    CREATE TABLE journal (
        number INTEGER PRIMARY KEY,     -- entries are never deleted, so none gets the number of another one
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        document INTEGER NOT NULL REFERENCES documents (number),
        path TEXT NOT NULL,         -- where the document lay afterwards, relative to the archive
        sentence TEXT,              -- NULL for what expensed did by itself: kind and path say it
        before TEXT,                -- JSON: what the document was before; NULL: it had just arrived
        undoes INTEGER REFERENCES journal (number),     -- the entry that this one took back
        undone_by INTEGER REFERENCES journal (number)   -- the entry that took this one back; NULL: it stands
    ) STRICT
    """,
    "CREATE INDEX journal_document ON journal (document, number)",
    "CREATE INDEX journal_at ON journal (at)",
    # what the last thing is that a person did, however much has arrived since
    """
    CREATE INDEX journal_by_people ON journal (number)
        WHERE sentence IS NOT NULL AND undoes IS NULL AND undone_by IS NULL
    """,
    "PRAGMA writable_schema = ON",
    widen("tasks", "origin IN ('drop', 'extract', 'process', 'discard', 'reread'", "undo"),
    "PRAGMA writable_schema = RESET",
)
