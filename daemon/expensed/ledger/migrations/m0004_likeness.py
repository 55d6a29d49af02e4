"""Documents of one day and amount are found at once, so that a new one can be compared with each of them."""

STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN amount ANY GENERATED ALWAYS AS (json_extract(result, '$.amount')) VIRTUAL",
    "CREATE INDEX documents_day_amount ON documents (day, amount)",
)
