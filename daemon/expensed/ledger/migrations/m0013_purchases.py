"""The papers of one purchase, and an index of invoice numbers to find them by."""

SEPARATORS = (" ", "-", "/", ".", "_", "#", ":", ",", "\\")
_KEY = "json_extract(result, '$.invoice_number')"
for _separator in SEPARATORS:
    _KEY = f"replace({_KEY}, '{_separator}', '')"

STATEMENTS = (
    f"ALTER TABLE documents ADD COLUMN invoice TEXT GENERATED ALWAYS AS (lower({_KEY})) VIRTUAL",
    "CREATE INDEX documents_invoice ON documents (invoice) WHERE invoice IS NOT NULL",
    # only documents that share their purchase with another one
    """
    CREATE TABLE purchases (
        document INTEGER PRIMARY KEY REFERENCES documents (number),
        purchase INTEGER NOT NULL,      -- the number of its first paper
        rank INTEGER NOT NULL,          -- of its papers that are filed, the one of the lowest rank and number counts
        is_told INTEGER NOT NULL        -- whether its sidecar names all the others
    ) STRICT
    """,
    "CREATE INDEX purchases_purchase ON purchases (purchase, rank, document)",
    "CREATE INDEX purchases_untold ON purchases (document) WHERE NOT is_told",
)
