"""What the subfolder of the inbox means in which a document was dropped, as if a person had said so of the document."""

from __future__ import annotations

from dataclasses import replace

from msgspec import UNSET

from expensed.model.admission import FolderMeaning
from expensed.model.categories import Categories
from expensed.model.expense import FOLDER, Evidence, Expense
from expensed.model.text import make_plain

_LONGEST = 200
"""Characters of a payer or project, as of any name."""


def follow_folder(expense: Expense, folder: str | None, meaning: FolderMeaning, known: Categories) -> Expense:
    """Return the expense with what the name of a subfolder means.

    A category that is not known is taken as it stands: who makes a folder `Hobby` means it.
    """
    name = make_plain(folder or "")[:_LONGEST]
    if meaning == "nothing" or not name:
        return expense
    value = (known.find_by_words(name) or name) if meaning == "category" else name
    before = expense.fields.get(meaning)
    read_as = UNSET if before is None else (before.value or UNSET) if before.read_as is UNSET else before.read_as
    fields = {**expense.fields, meaning: Evidence(value=value, confidence=1.0, proof=FOLDER, read_as=read_as)}
    match meaning:
        case "category":
            return replace(expense, category=value, fields=fields)
        case "payer":
            return replace(expense, payer=value, fields=fields)
        case "project":
            return replace(expense, project=value, fields=fields)
