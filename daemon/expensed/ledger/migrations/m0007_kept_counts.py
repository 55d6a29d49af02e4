"""Counts kept by triggers, so that nobody counts; what searches filter by; indexes for documents at rest."""


def _keep(table: str) -> tuple[str, ...]:
    """Return the triggers that keep the number of a table's rows by state, in the transaction that changes them.

    Each name is made sure of first: an upsert would follow the conflict policy of the statement outside.
    """
    more = (
        f"INSERT OR IGNORE INTO tallies VALUES ('{table}', new.state, 0);"  # noqa: S608
        f" UPDATE tallies SET number = number + 1 WHERE what = '{table}' AND state = new.state;"
    )
    less = f"UPDATE tallies SET number = number - 1 WHERE what = '{table}' AND state = old.state;"  # noqa: S608
    changed = f"UPDATE OF state ON {table} WHEN new.state <> old.state"
    return (
        f"CREATE TRIGGER {table}_tally_insert AFTER INSERT ON {table} BEGIN {more} END",
        f"CREATE TRIGGER {table}_tally_update AFTER {changed} BEGIN {less} {more} END",
        f"CREATE TRIGGER {table}_tally_delete AFTER DELETE ON {table} BEGIN {less} END",
    )


STATEMENTS = (
    """
    CREATE TABLE tallies (
        what TEXT NOT NULL,         -- the table: documents or tasks
        state TEXT NOT NULL,
        number INTEGER NOT NULL,    -- of its rows in this state
        PRIMARY KEY (what, state)
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO tallies SELECT 'documents', state, count(*) FROM documents GROUP BY state",
    "INSERT INTO tallies SELECT 'tasks', state, count(*) FROM tasks GROUP BY state",
    *_keep("documents"),
    *_keep("tasks"),
    # Whatever a search asks for besides words, in the order of its answer, so that it reads no row that it does not
    # show. An index would not do: SQLite reads the whole row to compute a generated column, even if the index has it.
    """
    CREATE TABLE documents_listed (
        number INTEGER PRIMARY KEY,
        state TEXT NOT NULL,
        category TEXT,
        day TEXT
    ) STRICT
    """,
    "INSERT INTO documents_listed SELECT number, state, category, day FROM documents",
    """
    CREATE TRIGGER documents_listed_insert AFTER INSERT ON documents BEGIN
        INSERT INTO documents_listed VALUES (new.number, new.state, new.category, new.day);
    END
    """,
    """
    CREATE TRIGGER documents_listed_update AFTER UPDATE OF state, result ON documents
    WHEN new.state <> old.state OR new.category IS NOT old.category OR new.day IS NOT old.day BEGIN
        UPDATE documents_listed SET state = new.state, category = new.category, day = new.day
            WHERE number = new.number;
    END
    """,
    """
    CREATE TRIGGER documents_listed_delete AFTER DELETE ON documents BEGIN
        DELETE FROM documents_listed WHERE number = old.number;
    END
    """,
    # What may be taken away or brought back at any time: by the last change, and by folder.
    """
    CREATE INDEX documents_resting ON documents (updated_at, path)
    WHERE place = 'archive' AND state NOT IN ('filed', 'duplicate')
    """,
    """
    CREATE INDEX documents_resting_place ON documents (path, state)
    WHERE place = 'archive' AND state NOT IN ('filed', 'duplicate')
    """,
)
