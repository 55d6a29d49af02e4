"""The keys of documents' texts, by which other scans of the same paper are found; see `model.fingerprint`.

Documents that were read before have none.
"""

STATEMENTS = (
    """
    CREATE TABLE fingerprints (
        key INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents (number), PRIMARY KEY (key, document)
    ) STRICT, WITHOUT ROWID
    """,
)
