"""Convert values that 0.1.0 wrote, or its clients sent, in a form that is no longer read."""

_TEXTS = ("vendor", "category", "currency", "description")
_SAID = (
    ("documents", "corrections", "$.original"),
    ("tasks", "input", "$.original_extraction"),
    ("tasks", "input", "$.former.corrections.original"),
)
_IS_DAY = "{kind} = 'text' AND {value} >= '0001' AND date({value}, '+0 days') IS {value}"


def _drop(table: str, column: str, path: str, unless: str) -> str:
    """Return a statement that removes a value of the wrong type; `unless` is the condition of a right one."""
    condition = unless.format(kind=f"json_type({column}, '{path}')", value=f"json_extract({column}, '{path}')")
    return (
        f"UPDATE {table} SET {column} = json_remove({column}, '{path}')"  # noqa: S608
        f" WHERE json_type({column}, '{path}') <> 'null' AND NOT ({condition})"
    )


STATEMENTS = (
    # What a client said it had shown was kept as it came.
    *(_drop(table, column, f"{at}.{name}", "{kind} = 'text'") for table, column, at in _SAID for name in _TEXTS),
    *(_drop(table, column, f"{at}.amount", "{kind} IN ('integer', 'real')") for table, column, at in _SAID),
    *(_drop(table, column, f"{at}.date", _IS_DAY) for table, column, at in _SAID),
    # The former reading of a corrected amount was kept as a number if there was no evidence for it.
    *(
        f"UPDATE {table} SET {column} = json_set({column}, '{path}', CAST(json_extract({column}, '{path}') AS TEXT))"  # noqa: S608
        f" WHERE json_type({column}, '{path}') IN ('integer', 'real')"
        for table, column, path in (
            ("documents", "result", "$.fields.amount.read_as"),
            ("tasks", "result", "$.data.fields.amount.read_as"),
            ("tasks", "input", "$.former.result.fields.amount.read_as"),
        )
    ),
)
