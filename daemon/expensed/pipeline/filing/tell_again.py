"""Write sidecars again that have fallen behind the ledger: of a purchase's papers, and of lessons that were forgotten.

The tables `purchases` and `lessons` remember which they are until that is done.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

from expensed.boundaries import boundary
from expensed.errors import BackendUnavailable, DocumentError
from expensed.ledger.documents import get_document
from expensed.ledger.duplicates.purchases import list_untold, set_told
from expensed.ledger.filings import renew_filing
from expensed.ledger.lessons import find_lesson, set_lesson_told
from expensed.ledger.queries.taught import list_with_untold_lessons
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.lesson import Lesson
from expensed.model.states import Outcome, Root
from expensed.pipeline.context import Context
from expensed.pipeline.filing.companions import renew_companions

log = logging.getLogger("expensed.pipeline")

Note = Callable[[Transaction, Document, Lesson | None], Awaitable[None]]


async def tell_papers(context: Context, document: Document | None = None) -> None:
    """Write the sidecars again that do not name all papers of their purchase: a document's, or all there are.

    What is in hand, or cannot be written now, is left to recovery.
    """
    try:
        untold = await list_untold(context.ledger, document.number if document is not None else None)
        await _tell_all(context, untold, _note_papers)
    except (BackendUnavailable, DocumentError, OSError) as error:
        log.warning("a sidecar cannot name the other papers of its purchase yet: %s", error)


async def tell_lessons(context: Context, number: int | None = None) -> None:
    """Write the sidecars again whose lesson has been forgotten since: this document's, or all there are.

    What is in hand, or cannot be written now, is left to recovery.
    """
    try:
        await _tell_all(context, await list_with_untold_lessons(context.ledger, number), _note_lesson)
    except (BackendUnavailable, DocumentError, OSError) as error:
        log.warning("a sidecar cannot tell yet that its lesson was forgotten: %s", error)


async def _note_papers(tx: Transaction, document: Document, lesson: Lesson | None) -> None:
    await set_told(tx, document)


async def _note_lesson(tx: Transaction, document: Document, lesson: Lesson | None) -> None:
    await set_lesson_told(tx, document.number, lesson)


async def _tell_all(context: Context, untold: Iterable[Document], note_told: Note) -> None:
    for each in untold:
        with context.hand.take_if_free(each.id) as is_free:
            if is_free:
                await _tell(context, each.number, note_told)


async def _tell(context: Context, number: int, note_told: Note) -> None:
    document = await get_document(context.ledger, number)
    is_moving = await find_unfinished_task(context.ledger, number) is not None  # then its sidecar is written anyway
    if is_moving or document.place.root is not Root.ARCHIVE or not await context.is_there(document.place):
        return
    lesson = await find_lesson(context.ledger, number)
    kind = Outcome(document.state.value)
    note = await renew_companions(context, document, kind, lesson, document.updated_at)
    boundary("sidecar.told")
    async with context.ledger.transaction() as tx:
        await renew_filing(tx, number, document.place.path, kind, note)
        await note_told(tx, document, lesson)
