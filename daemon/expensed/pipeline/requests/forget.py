"""Forget what a document teaches: its lesson is kept, but teaches nothing until a person says something else of it."""

from __future__ import annotations

from msgspec import UNSET

from expensed.errors import Busy, NotFound
from expensed.ledger.documents import get_document
from expensed.ledger.history.journal import NewEntry, insert_entry
from expensed.ledger.lessons import find_lesson, forget_lesson
from expensed.ledger.queries.moved import former_of
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.states import EntryKind
from expensed.model.text import display_name
from expensed.pipeline.context import Context
from expensed.pipeline.filing.journal_sentences import describe_forgetting
from expensed.pipeline.filing.tell_again import tell_lessons


async def forget(context: Context, number: int) -> None:
    """Forget a lesson; nothing is changed if it is forgotten already. NotFound, Busy.

    The ledger has it first. The document's sidecar follows at once, or with recovery if it cannot be written now.
    """
    async with context.ledger.transaction() as tx:
        lesson = await find_lesson(tx, number)
        if lesson is None:
            raise refuse_unknown_lesson(number)
        if lesson.forgotten_at is not UNSET:
            return
        document = await get_document(tx, number)
        if await find_unfinished_task(tx, number) is not None:
            raise Busy(f"{document.id}, which taught it, is still being worked on.")
        former = await former_of(tx, document)
        await forget_lesson(tx, lesson)
        path, sentence = display_name(document.place.path), describe_forgetting(lesson)
        entry = NewEntry(EntryKind.FORGET, number, path, sentence, former.having_taught(lesson))
        await insert_entry(tx, entry)
    await tell_lessons(context, number)


def refuse_unknown_lesson(number: int) -> NotFound:
    """Return the NotFound for a number that no lesson has."""
    return NotFound(f"There is no lesson {number}.", code="no-such-lesson", hint="GET /api/lessons lists all lessons.")
