"""The subfolder of the inbox that a document was dropped into; payer and project in the full-text index.

Both stand in the index beside the descriptions of items: of documents that were known before, which have neither, the
index holds the very words that it would hold now, so it need not be filled again.
"""

_ITEMS = "(SELECT group_concat(json_extract(value, '$.description'), char(10)) FROM json_each({0}, '$.items'))"
_WORDS = (
    f"coalesce({_ITEMS}, '') || char(10) || coalesce(json_extract({{0}}, '$.payer'), '')"
    " || char(10) || coalesce(json_extract({0}, '$.project'), '')"
)
_NEW, _OLD = _WORDS.format("new.result"), _WORDS.format("old.result")
_ADD = (
    "INSERT INTO documents_words (rowid, vendor, file, text, items)"  # noqa: S608
    f" VALUES (new.number, new.vendor, new.file, new.text, {_NEW});"
)
_REMOVE = (
    "INSERT INTO documents_words (documents_words, rowid, vendor, file, text, items)"  # noqa: S608
    f" VALUES ('delete', old.number, old.vendor, old.file, old.text, {_OLD});"
)

STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN folder TEXT",
    *(f"DROP TRIGGER documents_words_{change}" for change in ("insert", "update", "delete")),
    f"CREATE TRIGGER documents_words_insert AFTER INSERT ON documents BEGIN {_ADD} END",
    f"""
    CREATE TRIGGER documents_words_update AFTER UPDATE OF file, result, text ON documents
    WHEN new.vendor IS NOT old.vendor OR new.file IS NOT old.file OR new.text IS NOT old.text OR {_NEW} <> {_OLD}
    BEGIN {_REMOVE} {_ADD} END
    """,
    f"CREATE TRIGGER documents_words_delete AFTER DELETE ON documents BEGIN {_REMOVE} END",
)
