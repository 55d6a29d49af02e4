"""An index on day and amount, so that a new document can be compared with each that shares both."""

STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN amount ANY GENERATED ALWAYS AS (json_extract(result, '$.amount')) VIRTUAL",
    "CREATE INDEX documents_day_amount ON documents (day, amount)",
)
