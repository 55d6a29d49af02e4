"""What the settings and the folder of the inbox say of a document, after all that was read and learnt.

A person's word on the document itself outranks the folder, the folder what was learnt, and that the settings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import UNSET

from expensed.config.schema import Settings
from expensed.extraction.category.own_categories import find_by_seller
from expensed.ledger.rows import Document
from expensed.model.categories import Categories
from expensed.model.expense import FOLDER, Evidence, Examination, Expense
from expensed.model.text import make_plain
from expensed.pipeline.context import Context
from expensed.pipeline.teach import enhance

_LONGEST = 200
"""Characters of a payer or project, as of any name."""


async def understand(context: Context, examination: Examination) -> Examination:
    """Return a child's reading with what was learnt of its seller, in a category that is in force."""
    learnt = await enhance(context.ledger, examination)
    known = context.settings.categories.known
    return replace(learnt, expense=_categorise(learnt.expense, examination.expense, known))


def _categorise(expense: Expense, read: Expense, known: Categories) -> Expense:
    """Return the expense in the category of its seller if only the seller's name was learnt; else as it is called."""
    category = expense.fields.get("category")
    is_learnt = category != read.fields.get("category")
    if not is_learnt and expense.vendor != read.vendor and (found := find_by_seller([expense.vendor], known)):
        return replace(expense, category=found.value, fields={**expense.fields, "category": found.evidence})
    if category is None or category.value is None or (called := known.called(category.value)) == category.value:
        return expense
    return replace(expense, category=called, fields={**expense.fields, "category": replace(category, value=called)})


def follow_folder(document: Document, expense: Expense, settings: Settings) -> Expense:
    """Return the expense with what its subfolder of the inbox means, as if a person had said so."""
    name = settings.inbox.subfolders
    folder = make_plain(document.folder or "")[:_LONGEST]
    if name == "nothing" or not folder:
        return expense
    value = folder
    if name == "category":
        value = settings.categories.known.find_by_words(folder) or folder
    before = expense.fields.get(name)
    read_as = UNSET if before is None else (before.value or UNSET) if before.read_as is UNSET else before.read_as
    evidence = Evidence(value=value, confidence=1.0, proof=FOLDER, read_as=read_as)
    said: dict[str, Any] = {name: value, "fields": {**expense.fields, name: evidence}}  # which field, the settings say
    return replace(expense, **said)
