"""The documents that the archive's records must still tell of: whose file is gone, or whose sidecar says too little."""

STATEMENTS = (
    "CREATE TABLE unrecorded (document INTEGER PRIMARY KEY REFERENCES documents (number)) STRICT",
    # whichever step it is that finds a file gone, or back
    """
    CREATE TRIGGER documents_gone AFTER UPDATE OF state ON documents
    WHEN new.state <> old.state AND 'gone' IN (new.state, old.state) BEGIN
        INSERT OR IGNORE INTO unrecorded VALUES (new.number);
    END
    """,
    # sidecars that 0.1.0 wrote tell neither number nor origin, and no turns of the pages
    "INSERT INTO unrecorded SELECT number FROM documents WHERE place = 'archive' OR state = 'gone'",
)
