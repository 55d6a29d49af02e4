"""Understand what a person means by the place that they gave a document, and ask for it as HTTP would."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath

from expensed.archive.naming import name_extension
from expensed.archive.plan import FOLDERS
from expensed.archive.read_name import NameReader, Reading
from expensed.boundaries import boundary
from expensed.errors import Backlog, Busy, DocumentError, Gone, PlaceAway, RequestError
from expensed.ledger.documents import get_document, list_categories
from expensed.ledger.queries.moved import conclude_move, find_move, forget_stale_moves
from expensed.ledger.rows import Document, Former, Task, TaskInput
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import PRIORITY_AWAITED, find_unfinished_task
from expensed.model.archive_looks import Remark
from expensed.model.expense import Expense, Said
from expensed.model.states import DocumentState, Outcome, Root, Step, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.filing.choose_place import plan_place, show_place
from expensed.pipeline.requests.correct import correct
from expensed.pipeline.requests.discard import Grounds, discard, undiscard
from expensed.pipeline.requests.filing import file_reviewed
from expensed.shown_commands import discarding_command, filing_command, rereading_command, retrying_command

log = logging.getLogger("expensed.folder")

Follow = Callable[[Task], Awaitable[Task]]
"""Runs a task to its end and returns it as it is then."""
_TRIED = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]+[.,][0-9]{2}(?![0-9])")
"""A day or a sum: who gives a document in review such a name wants to have it filed."""
_OF = {folder: outcome for outcome, folder in FOLDERS.items()}


class NotUnderstood(Exception):
    """The place makes no sense for this document; nothing was changed."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.remark = Remark(sentence, hint)


async def understand_move(context: Context, number: int, follow: Follow) -> None:
    """Do what a person asked for by moving a document; safe to run again, with the same outcome.

    What cannot be done now is left for the next time.
    """
    path = await find_move(context.ledger, number)
    document = await get_document(context.ledger, number)
    if path is None or await find_unfinished_task(context.ledger, number) is not None:
        return
    remark = None
    is_there = document.place.path == path and document.place.root is Root.ARCHIVE
    if is_there and document.state is not DocumentState.GONE:
        try:
            await _act(context, document, follow)
        except NotUnderstood as error:
            remark = error.remark
        except (Busy, Backlog, PlaceAway, Gone):
            return
        except (RequestError, DocumentError) as error:
            remark = Remark(error.message, error.hint)
    async with context.ledger.transaction() as tx:
        await conclude_move(tx, number, path, remark)
        await forget_stale_moves(tx)
    boundary("moved.understood")
    if remark is not None:
        log.warning("%s: %s", document.id, remark.sentence)


async def _act(context: Context, document: Document, follow: Follow) -> None:
    """Carry out what the document's place says; NotUnderstood, RequestError, DocumentError."""
    _check_ending(document)
    match _OF.get(PurePosixPath(document.place.path).parts[0], Outcome.FILED):
        case Outcome.DISCARDED:
            if document.state is not DocumentState.DISCARDED:
                await discard(context, document.id, Grounds(None))
        case Outcome.REVIEW:
            await _act_in_review(context, document, follow)
        case Outcome.FAILED if document.state is DocumentState.DISCARDED:
            await _put_back(context, document, Said(), follow)
        case Outcome.FAILED:
            if document.state is not DocumentState.FAILED:
                hint = "Move it back, or into _discarded if it is not an expense."
                raise NotUnderstood(f"It is {document.state}, not failed; nothing was changed.", hint)
        case Outcome.DUPLICATE:
            if document.state is not DocumentState.DUPLICATE:
                hint = f"Say of which: {discarding_command(document.id, '--duplicate-of', 'FIRST')}"
                raise NotUnderstood("It is not said of which document it is a duplicate; nothing was changed.", hint)
        case Outcome.FILED:
            await _act_in_categories(context, document, follow)


def _check_ending(document: Document) -> None:
    usual = {name_extension(document.kind, document.name), PurePosixPath(document.name).suffix}
    if _cut_ending(document) is None:
        ending = next((each for each in usual if each), "none")
        raise NotUnderstood(f"Its ending is not {ending} any more; nothing was changed.", "Give it its old ending.")


def _cut_ending(document: Document) -> str | None:
    """Return the path of a document without its extension; None if it does not have its own extension any more."""
    path = document.place.path
    endings = {name_extension(document.kind, document.name), PurePosixPath(document.name).suffix}
    if ".jpg" in {each.casefold() for each in endings}:
        endings.add(".jpeg")
    for ending in sorted(endings, key=len, reverse=True):
        if path.casefold().endswith(ending.casefold()):
            return path[: len(path) - len(ending)]
    return None


async def _make_reader(context: Context) -> NameReader:
    archive, categories = context.settings.archive, context.settings.categories.known
    used = await list_categories(context.ledger)
    return NameReader(archive.template, archive.names, categories, context.now().date(), used)


def _checked(reading: Reading) -> Said:
    if reading.problems:
        raise NotUnderstood(" ".join(reading.problems), "Rename or move it again; nothing was changed.")
    return reading.said


async def _act_in_review(context: Context, document: Document, follow: Follow) -> None:
    stem = PurePosixPath(_cut_ending(document) or "").name
    reading = (await _make_reader(context)).read_stem(stem, document.result or Expense(confidence=0))
    match document.state:
        case DocumentState.REVIEW if reading is not None:
            await file_reviewed(context, document.id, _checked(reading), None)
        case DocumentState.REVIEW if _TRIED.search(stem):
            name = PurePosixPath(show_place(context, document)).name
            raise NotUnderstood("Its name is not a full one, so it was not filed.", f"A full name looks like {name}")
        case DocumentState.DISCARDED:
            said = Said() if reading is None else _checked(reading)
            await _put_back(context, document, said, follow)
        case DocumentState.FILED:
            hint = f"To have it judged again, drop it into the inbox, or: {rereading_command(document.id)}"
            raise NotUnderstood("It is filed, and counts as filed there too.", hint)
        case DocumentState.FAILED:
            raise NotUnderstood("It could not be read.", _advise_retry(document))
        case DocumentState.DUPLICATE:
            raise NotUnderstood("It is a duplicate.", f"To file it all the same: {filing_command(document.id)}")


async def _act_in_categories(context: Context, document: Document, follow: Follow) -> None:
    match document.state:
        case DocumentState.FILED:
            await _correct(context, document)
        case DocumentState.REVIEW | DocumentState.DUPLICATE:
            await file_reviewed(context, document.id, await _read(context, document), None)
        case DocumentState.DISCARDED:
            await _put_back(context, document, await _read(context, document), follow)
        case _:
            raise NotUnderstood("It could not be read, so it was not filed.", _advise_retry(document))


async def _correct(context: Context, document: Document) -> None:
    plan = await plan_place(context, document, Outcome.FILED)
    if plan.holds(document.place.path):
        return
    said = await _read(context, document)
    if said.names():
        await correct(context, document.id, said)
    else:
        await _tidy(context, document)


async def _read(context: Context, document: Document) -> Said:
    """Return what the path says that is new, or its folder alone if the name has another form; NotUnderstood."""
    reader, facts = await _make_reader(context), document.result or Expense(confidence=0)
    path = _cut_ending(document) or ""
    reading = reader.read_path(path, facts)
    if reading is None:
        reading = reader.read_folder(path.rpartition("/")[0], facts)
        if reading is None:
            raise NotUnderstood(
                "Its folder is not one of a category, so nothing was changed.", _show_form(context, document)
            )
        if document.state is DocumentState.FILED and not reading.problems and not reading.said.names():
            raise NotUnderstood(
                "Its name no longer says what it shows, so nothing was changed.", _show_form(context, document)
            )
    return _checked(reading)


async def _put_back(context: Context, document: Document, said: Said, follow: Follow) -> None:
    """Put a discarded document back, then correct or file it if its name says anything new."""
    await follow(await undiscard(context, document.id))
    document = await get_document(context.ledger, document.number)
    if said.names() and document.state in (DocumentState.FILED, DocumentState.REVIEW):
        await correct(context, document.id, said)


async def _tidy(context: Context, document: Document) -> None:
    """Have a filed document of which nothing has changed get the name that the template gives it.

    Without what it was before, so that it is not entered in the journal: there is nothing to take back.
    """
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, document.number)
        if await find_unfinished_task(tx, document.number) is None and document.state is DocumentState.FILED:
            await insert_task(
                tx,
                document.number,
                origin=TaskOrigin.PROCESS,
                step=Step.PROCESS,
                priority=PRIORITY_AWAITED,
                input=TaskInput(Said(), None, Former(document.outcome, document.result, document.corrections)),
            )


def _show_form(context: Context, document: Document) -> str:
    """Return a hint with the place that the document would have if it were filed as it was read."""
    return f"A full name, in the folder of its category, looks like {show_place(context, document)}"


def _advise_retry(document: Document) -> str:
    return f"Drop it into the inbox to have it tried again, or: {retrying_command(document.id)}"
