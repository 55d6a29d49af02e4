"""Have the pictures of two documents compared where their numbers leave a doubt, or hardly one was legible.

It takes a reading process some tenths of a second for two pictures, so few are looked at, and before the ledger is held
to record the result.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from expensed.errors import DocumentError, Interrupted
from expensed.extraction.same_paper import judge_pictures, share_numbers
from expensed.ledger.duplicates.fingerprints import list_sharing
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import PRIORITY_ALONE
from expensed.model.expense import Examination, Expense
from expensed.model.states import Likeness
from expensed.pipeline.context import Context, held_open, reading_options
from expensed.pipeline.duplicates.same_paper import Seen, compare_candidates, is_known

log = logging.getLogger("expensed.pipeline")

MOST_LOOKED_AT = 3
FEWEST_KEYS = 2
"""Keys of the picture that a document shares: in a million fifteen share any one by chance, hardly any shares two."""
LEAST_SHARED = 0.4
"""Share of the numbers of two texts from which on they may be of one paper, some misread, though others differ."""


async def look_at_pictures(
    context: Context, task: Task, document: Document, expense: Expense, examination: Examination
) -> Seen | None:
    """Return what pictures show of a document that was just read, where numbers do not tell; None if nothing.

    Interrupted if the daemon stops.
    """
    if not _is_picture(examination.kind, examination.turns) or task.priority >= PRIORITY_ALONE:
        return None
    async with context.ledger.transaction() as tx:
        doubtful = await _list_doubtful(tx, document, expense, examination)
    maybe = None
    for other in doubtful:
        pictures = await _compare_pictures(context, task, document, other)
        known = other.result or Expense(confidence=0)
        verdict = judge_pictures(pictures, expense, examination.text, known, other.text or "")
        if verdict is not None and verdict.likeness is Likeness.SURE:
            return Seen(other.number, verdict)
        if verdict is not None and maybe is None:
            maybe = Seen(other.number, verdict)
    return maybe


def _is_picture(kind: str | None, turns: Iterable[float] | None) -> bool:
    """Whether a document is a picture of one page."""
    return kind is not None and kind.startswith("image/") and len(tuple(turns or ())) == 1


async def _list_doubtful(
    tx: Transaction, document: Document, expense: Expense, examination: Examination
) -> list[Document]:
    """Return the documents to look at, the likeliest first; none if one of them is surely the same paper."""
    verdicts = await compare_candidates(tx, document, expense, examination)
    if any(verdict.likeness is Likeness.SURE for _, verdict in verdicts):
        return []
    alike = await list_sharing(tx, examination.picture_keys, document.number, MOST_LOOKED_AT, FEWEST_KEYS)
    unsure = [other for other, verdict in verdicts if verdict.likeness is Likeness.UNSURE]
    misread = [other for other, _ in verdicts if share_numbers(examination.text, other.text or "") >= LEAST_SHARED]
    found = {other.number: other for other in (*alike, *unsure, *misread)}
    fit = [each for each in found.values() if is_known(each, document) and _is_picture(each.kind, each.turns)]
    return fit[:MOST_LOOKED_AT]


async def _compare_pictures(context: Context, task: Task, document: Document, other: Document) -> Likeness:
    try:
        async with (
            context.gate.enter(task.priority, task.number),
            held_open(context, document.number) as (path, _),
            held_open(context, other.number) as (other_path, _),
        ):
            return await context.children.compare(path, other_path, reading_options(context.settings))
    except Interrupted:
        raise
    except DocumentError as error:  # the numbers decide alone
        log.warning("could not be compared with %s: %s", other.id, error)
        return Likeness.DIFFERENT
