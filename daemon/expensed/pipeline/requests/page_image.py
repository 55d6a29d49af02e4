"""Draw a page of a document as a picture in a child process, while a client waits."""

from __future__ import annotations

from expensed.ledger.rows import Document
from expensed.ledger.tasks import PRIORITY_AWAITED
from expensed.model.expense import Expense
from expensed.model.reading import Box, Mark
from expensed.pipeline.context import Context, held_open, reading_options


async def draw_page(
    context: Context, document: Document, page: int, *, with_marks: bool = False, crop: Box | None = None
) -> bytes:
    """Draw page `page` (from 1) as PNG, upright as far as known, with boxes around the fields found on it.

    With a `crop`, only that part of the page, and what stands around it.

    Never follows a link. Raises NoSuchPage, Gone, SourceUnreadable, Interrupted (stopping), and whatever
    `Children.draw` raises.
    """
    turns = document.turns or ()
    marks = find_marks(document.result) if with_marks else []
    async with (
        context.gate.enter(PRIORITY_AWAITED, document.number),
        held_open(context, document.number) as (path, _),
    ):
        return await context.children.draw(
            path,
            page,
            turns[page - 1] if 1 <= page <= len(turns) else 0,
            marks,
            reading_options(context.settings),
            crop,
        )


def find_marks(expense: Expense | None) -> list[Mark]:
    """Return the boxes of an expense's fields, labelled with the fields' names."""
    return [
        Mark(evidence.page, evidence.box, name)
        for name, evidence in (expense.fields.items() if expense is not None else ())
        if evidence.page is not None and evidence.box is not None
    ]
