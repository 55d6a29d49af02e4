"""Have the sidecars of a purchase's papers name each other: those filed before another one came are written again."""

from __future__ import annotations

import logging

from expensed.boundaries import boundary
from expensed.errors import BackendUnavailable, DocumentError
from expensed.ledger.documents import get_document
from expensed.ledger.duplicates.purchases import list_untold, set_told
from expensed.ledger.filings import renew_filing
from expensed.ledger.lessons import find_lesson
from expensed.ledger.rows import Document
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.states import Outcome, Root
from expensed.pipeline.context import Context
from expensed.pipeline.filing.companions import renew_companions

log = logging.getLogger("expensed.pipeline")


async def tell_papers(context: Context, document: Document | None = None) -> None:
    """Write the sidecars again that do not name all papers of their purchase: a document's, or all there are.

    What is in hand, or cannot be written now, is left to recovery.
    """
    try:
        for paper in await list_untold(context.ledger, document.number if document is not None else None):
            with context.hand.take_if_free(paper.id) as is_free:
                if is_free:
                    await _tell(context, paper.number)
    except (BackendUnavailable, DocumentError, OSError) as error:
        log.warning("a sidecar cannot name the other papers of its purchase yet: %s", error)


async def _tell(context: Context, number: int) -> None:
    document = await get_document(context.ledger, number)
    is_moving = await find_unfinished_task(context.ledger, number) is not None  # then its sidecar is written anyway
    if is_moving or document.place.root is not Root.ARCHIVE or not await context.is_there(document.place):
        return
    lesson = await find_lesson(context.ledger, number)
    kind = Outcome(document.state.value)
    note = await renew_companions(context, document, kind, lesson, document.updated_at)
    boundary("purchase.told")
    async with context.ledger.transaction() as tx:
        await renew_filing(tx, number, document.place.path, kind, note)
        await set_told(tx, document)
