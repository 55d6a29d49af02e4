"""The dialects of fiscal codes, one module for each country or system; `docs/fiscal-codes.md` has them in a table."""
