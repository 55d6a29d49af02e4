"""Documents found by their file's name at once, so that its tasks are."""

STATEMENTS = ("CREATE INDEX documents_file ON documents (file)",)
