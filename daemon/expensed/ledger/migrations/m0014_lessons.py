"""Lessons by what identifies a seller, one for each document that a person vouched for; those by heading are kept.

`told` is the lesson as JSON (`model.lesson.Lesson`), as the sidecar has it, too. The trigger notes which lessons each
document's result was made with.
"""

_USED = """
    DELETE FROM lessons_used WHERE document = new.number;
    INSERT INTO lessons_used SELECT DISTINCT value, new.number FROM json_each(new.result, '$.lessons');
"""
_LESSONS = "json_extract({}.result, '$.lessons')"

STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN traits TEXT",  # JSON: what of it is compared with lessons
    "ALTER TABLE lessons RENAME TO lessons_by_heading",
    """
    CREATE TABLE lessons (
        number INTEGER PRIMARY KEY REFERENCES documents (number),   -- that of the document
        vendor TEXT,
        category TEXT,
        told TEXT NOT NULL,
        taught_at TEXT NOT NULL,
        forgotten_at TEXT               -- it is kept, but teaches nothing
    ) STRICT
    """,
    # what identifies a seller: a number, the beginning or the end of a name
    """
    CREATE TABLE lesson_keys (
        key TEXT NOT NULL, lesson INTEGER NOT NULL REFERENCES lessons (number), PRIMARY KEY (key, lesson)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE lessons_used (
        lesson INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents (number), PRIMARY KEY (lesson, document)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX lessons_used_document ON lessons_used (document)",
    f"""
    CREATE TRIGGER lessons_used_insert AFTER INSERT ON documents
    WHEN {_LESSONS.format("new")} IS NOT NULL BEGIN {_USED} END
    """,
    f"""
    CREATE TRIGGER lessons_used_update AFTER UPDATE OF result ON documents
    WHEN {_LESSONS.format("new")} IS NOT {_LESSONS.format("old")} BEGIN {_USED} END
    """,
    """
    INSERT INTO lessons (number, vendor, category, told, taught_at)
        SELECT h.document,
            (SELECT vendor FROM lessons_by_heading WHERE document = h.document AND vendor IS NOT NULL
                ORDER BY taught_at DESC LIMIT 1) AS vendor,
            (SELECT category FROM lessons_by_heading WHERE document = h.document AND category IS NOT NULL
                ORDER BY taught_at DESC LIMIT 1) AS category,
            '{}', max(h.taught_at)
        FROM lessons_by_heading h GROUP BY h.document
    """,
    """
    UPDATE lessons SET told = json_object('number', number,
        'document', (SELECT id FROM documents d WHERE d.number = lessons.number),
        'identifiers', (SELECT json_group_array('read:' || heading) FROM lessons_by_heading h
            WHERE h.document = lessons.number),
        'vendor', vendor, 'category', category, 'at', taught_at)
    """,
    """
    INSERT OR IGNORE INTO lesson_keys SELECT 'start:' || substr(h.heading, 1, 4), h.document
        FROM lessons_by_heading h
    """,
    """
    INSERT OR IGNORE INTO lesson_keys SELECT 'end:' || substr(h.heading, -4), h.document
        FROM lessons_by_heading h
    """,
    "DROP TABLE lessons_by_heading",
)
