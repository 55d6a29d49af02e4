"""Descriptions of items in the full-text index.

They stand in the result only, in a list that no generated column can collect, and FTS5 reads no view that does. So the
index knows no way back to the documents: its triggers tell it what was in it.
"""

_ITEMS = "(SELECT group_concat(json_extract(value, '$.description'), char(10)) FROM json_each({}, '$.items'))"
_NEW, _OLD = _ITEMS.format("new.result"), _ITEMS.format("old.result")
_ADD = (
    "INSERT INTO documents_words (rowid, vendor, file, text, items)"  # noqa: S608
    f" VALUES (new.number, new.vendor, new.file, new.text, {_NEW});"
)
_REMOVE = (
    "INSERT INTO documents_words (documents_words, rowid, vendor, file, text, items)"  # noqa: S608
    f" VALUES ('delete', old.number, old.vendor, old.file, old.text, {_OLD});"
)

STATEMENTS = (
    *(f"DROP TRIGGER documents_words_{change}" for change in ("insert", "update", "delete")),
    "DROP TABLE documents_words",
    """
    CREATE VIRTUAL TABLE documents_words USING fts5 (
        vendor, file, text, items, content = '', tokenize = "unicode61 remove_diacritics 2", prefix = "1 2 3"
    )
    """,
    f"""
    INSERT INTO documents_words (rowid, vendor, file, text, items)
        SELECT number, vendor, file, text, {_ITEMS.format("result")} FROM documents
    """,  # noqa: S608
    f"CREATE TRIGGER documents_words_insert AFTER INSERT ON documents BEGIN {_ADD} END",
    f"""
    CREATE TRIGGER documents_words_update AFTER UPDATE OF file, result, text ON documents
    WHEN new.vendor IS NOT old.vendor OR new.file IS NOT old.file OR new.text IS NOT old.text OR {_NEW} IS NOT {_OLD}
    BEGIN {_REMOVE} {_ADD} END
    """,
    f"CREATE TRIGGER documents_words_delete AFTER DELETE ON documents BEGIN {_REMOVE} END",
)
