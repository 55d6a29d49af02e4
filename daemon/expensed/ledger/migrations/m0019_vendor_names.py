"""Names that mean the same seller, as people have said; see `model.vendor_name`."""

STATEMENTS = (
    """
    CREATE TABLE vendor_names (
        key TEXT PRIMARY KEY,       -- the other name, reduced to its letters
        alias TEXT NOT NULL,        -- the other name as it was said
        name TEXT,                  -- the seller's name; NULL: they are no longer the same
        at TEXT NOT NULL,
        is_recorded INTEGER NOT NULL DEFAULT 0      -- whether the archive's records tell it
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX vendor_names_unrecorded ON vendor_names (key) WHERE NOT is_recorded",
    # how many filed documents each seller has, without a look at the documents
    "CREATE INDEX documents_sellers ON documents (vendor, category, day) WHERE state = 'filed'",
)
