"""Discarded documents: the new state, kind and origins in the checks of the tables, and what is remembered of each.

SQLite has no statement that changes a check. Making the tables again would lose their triggers, generated columns and
the full-text index, so the text of the schema is changed, as SQLite's documentation of ALTER TABLE describes. The
ALTER TABLE raises the schema's version, by which other connections notice; RESET has this one read the schema again.
"""


def widen(table: str, check: str, *more: str) -> str:
    """Return a statement that adds values to a check; `check` is its text so far, without the last bracket."""
    values = "".join(f", '{value}'" for value in more)
    escaped = check.replace("'", "''")
    widened = (check + values).replace("'", "''")
    return (
        f"UPDATE sqlite_master SET sql = replace(sql, '{escaped})', '{widened})')"  # noqa: S608
        f" WHERE type = 'table' AND name = '{table}'"
    )


STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN discarded TEXT",  # JSON: why and when it was discarded, and where it was before
    "PRAGMA writable_schema = ON",
    widen(
        "documents",
        "'admitted', 'uploaded', 'read', 'filed', 'review', 'duplicate', 'failed', 'gone'",
        "discarded",
    ),
    widen("documents", "outcome IN ('filed', 'review', 'duplicate', 'failed'", "discarded"),
    widen("filings", "kind IN ('filed', 'review', 'duplicate', 'failed'", "discarded"),
    widen("tasks", "origin IN ('drop', 'extract', 'process'", "discard", "reread"),
    "PRAGMA writable_schema = RESET",
)
