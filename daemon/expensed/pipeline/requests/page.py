"""A page of a document as a picture, drawn by a child process; someone waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expensed.ledger.rows import Document
from expensed.ledger.tasks import PRIORITY_AWAITED
from expensed.model.reading import Mark
from expensed.pipeline.context import Context, reading_options
from expensed.pipeline.requests.extraction import held_open


async def draw_page(context: Context, document: Document, page: int, *, with_marks: bool) -> bytes:
    """Page `page` (from 1) as PNG, upright as far as is known, with boxes around the fields that stand on it.

    Never through a link. Raises NoSuchPage, Gone, SourceUnreadable, Interrupted (stopping), and what a child may meet
    on the way.
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
        )


def find_marks(result: Mapping[str, Any] | None) -> list[Mark]:
    """The boxes of a result's fields, labelled with the fields' names."""
    fields = ((result or {}).get("fields") or {}).items()
    return [
        Mark(field["page"], (box[0], box[1], box[2], box[3]), name)
        for name, field in fields
        if field.get("page") is not None and (box := field.get("box")) is not None
    ]
