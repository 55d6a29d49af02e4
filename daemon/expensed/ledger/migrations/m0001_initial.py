"""The first schema: documents, tasks, attempts, filings, events, runs."""

STATEMENTS = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        ended_at TEXT               -- NULL while it runs, and for ever after an unclean end
    ) STRICT
    """,
    """
    CREATE TABLE documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        origin TEXT NOT NULL CHECK (origin IN ('drop', 'upload')),
        name BLOB NOT NULL,         -- as dropped, byte for byte
        file TEXT NOT NULL,         -- the same for display
        state TEXT NOT NULL CHECK (state IN
            ('admitted', 'uploaded', 'read', 'filed', 'review', 'duplicate', 'failed', 'gone')),
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        place TEXT NOT NULL CHECK (place IN ('inbox', 'archive')),
        path BLOB NOT NULL,         -- where its bytes lie, relative to that place
        first INTEGER REFERENCES documents (number),    -- the document it is a twin of
        cut_off TEXT,               -- why it looked incomplete when it was taken
        kind TEXT,                  -- media type, by content
        engine TEXT,                -- what read it
        outcome TEXT CHECK (outcome IN ('filed', 'review', 'duplicate', 'failed')),  -- where filing will put it
        failure TEXT,               -- JSON: why it could not be read (code, message, hint)
        result TEXT,                -- JSON: what was read, or what a person said
        text TEXT,
        corrections TEXT,           -- JSON: what a person changed
        unclean_ends INTEGER NOT NULL DEFAULT 0,        -- unclean ends of a run in a row while it was being read
        unclean_alone INTEGER NOT NULL DEFAULT 0,       -- of these, while nothing else was
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX documents_sha256 ON documents (sha256)",
    "CREATE INDEX documents_state ON documents (state)",
    "CREATE INDEX documents_first ON documents (first) WHERE first IS NOT NULL",
    """
    CREATE TABLE tasks (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        document INTEGER NOT NULL REFERENCES documents (number),
        origin TEXT NOT NULL CHECK (origin IN ('drop', 'extract', 'process')),
        step TEXT NOT NULL CHECK (step IN ('extract_document', 'process_document')),
        state TEXT NOT NULL CHECK (state IN ('PENDING', 'PROCESSING', 'SUCCESS', 'FAILURE')),
        status TEXT NOT NULL,
        standing TEXT NOT NULL CHECK (standing IN ('due', 'running', 'waiting', 'unsettled', 'ended')),
        priority INTEGER NOT NULL,  -- 0: someone waits, 1: bulk, 2: last and alone
        attempt INTEGER NOT NULL DEFAULT 1,
        failures INTEGER NOT NULL DEFAULT 0,
        due_at TEXT NOT NULL,
        run TEXT REFERENCES runs (id),
        input TEXT,                 -- JSON: what the client sent
        error TEXT,                 -- JSON: code, message, hint
        trace TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX tasks_due ON tasks (priority, number) WHERE standing = 'due'",
    "CREATE INDEX tasks_unfinished ON tasks (standing) WHERE standing <> 'ended'",
    "CREATE INDEX tasks_document ON tasks (document)",
    """
    CREATE TABLE attempts (
        task INTEGER NOT NULL REFERENCES tasks (number),
        attempt INTEGER NOT NULL,
        step TEXT NOT NULL,
        run TEXT NOT NULL REFERENCES runs (id),
        started_at TEXT NOT NULL,
        ended_at TEXT,
        outcome TEXT,               -- done, handed-back, failed, interrupted
        error TEXT,
        PRIMARY KEY (task, attempt)
    ) STRICT
    """,
    "CREATE INDEX attempts_open ON attempts (run) WHERE ended_at IS NULL",
    """
    CREATE TABLE filings (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents (number),
        kind TEXT NOT NULL CHECK (kind IN ('filed', 'review', 'duplicate', 'failed')),
        path TEXT NOT NULL,         -- the destination, relative to the archive
        reserved TEXT UNIQUE,       -- the same, case-folded; NULL once the place is left
        sha256 TEXT NOT NULL,
        sidecar TEXT NOT NULL,      -- JSON, as it will stand beside the file
        note TEXT,
        source_place TEXT NOT NULL CHECK (source_place IN ('inbox', 'archive')),
        source_path BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('intended', 'filed', 'closed', 'left')),
                                    -- filed: the source may still be there; closed: it is not
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX filings_one_unfinished ON filings (document) WHERE state = 'intended'",
    "CREATE INDEX filings_open ON filings (state) WHERE state IN ('intended', 'filed')",
    "CREATE INDEX filings_document ON filings (document)",
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        document_id TEXT NOT NULL,
        task_id TEXT,
        file TEXT NOT NULL,
        state TEXT NOT NULL,
        status TEXT NOT NULL,
        attempt INTEGER,
        error TEXT
    ) STRICT
    """,
    "CREATE INDEX events_task ON events (task_id)",
    "CREATE INDEX events_document ON events (document_id)",
)
