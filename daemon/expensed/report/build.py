"""Builds answers from the rows of the ledger."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import UNSET, UnsetType

from expensed.errors import Fault
from expensed.ledger.rows import Attempt, Document, Task
from expensed.model.admission import WaitingFile
from expensed.model.archive_looks import LeftAlone
from expensed.model.events import Event
from expensed.model.expense import Expense, Facts
from expensed.model.money import write_amount
from expensed.model.states import AttemptOutcome, Root, Standing, Status, Step, TaskOrigin, TaskState
from expensed.pipeline.requests.breakdown import say_the_same
from expensed.pipeline.retry_policy import last_attempt
from expensed.report import answers, numbers

FACTS = tuple(each.name for each in dataclasses.fields(Facts))
LONGEST_CHANGE = 200
"""Letters of what is told of items, or taxes, that would change."""
LEFT_ALONE_SHOWN = 20
NOTHING_READ = Expense(confidence=0)
_OF_ROW = tuple(each.name for each in dataclasses.fields(answers.DocumentRow))


def show_task(
    task: Task, document: Document, first: Document | None, *, trace: str | UnsetType | None = UNSET
) -> answers.Task:
    """Return one task in full; `first` is the document with the same bytes or paper, if this one is its twin."""
    shown = answers.Task(
        state=task.state,
        status=task.status,
        task_id=task.id,
        document_id=task.document_id,
        file=task.file,
        step=task.step,
        attempt=task.tries,
        created_at=task.created_at,
        updated_at=task.updated_at,
        trace=trace,
        waits_for=first.id if task.standing is Standing.WAITING and first is not None else UNSET,
    )
    match task.state:
        case TaskState.SUCCESS:
            return replace(shown, status=Status.COMPLETED, result=show_result(task, document, first))
        case TaskState.FAILURE:
            fault = task.error or Fault()
            return replace(
                shown,
                status=Status.FAILED,
                error=fault.message,
                code=fault.code,
                hint=fault.hint,
                path=show_path(document),
            )
        case TaskState.PENDING | TaskState.PROCESSING:
            return _with_next_attempt(shown, task)


def _with_next_attempt(shown: answers.Task, task: Task) -> answers.Task:
    """Add to a task that was handed back why, when it is tried again, and how often."""
    if task.error is None:
        return shown
    if task.standing is not Standing.DUE:
        return replace(shown, last_error=task.error.message)
    return replace(
        shown, last_error=task.error.message, attempts_allowed=last_attempt(task), next_attempt_at=task.due_at
    )


def show_result(task: Task, document: Document, first: Document | None) -> answers.Result:
    """Return the result of a task: what was read, or where its document is and in which state."""
    if task.origin is TaskOrigin.EXTRACT:
        found = task.result
        data, cached = (found.data, found.cached) if found is not None else (NOTHING_READ, False)
        return answers.Result(data=data, file_id=task.document_id, cached=cached)
    return answers.Result(
        data=show_data(document, first),
        file_id=document.id,
        path=show_path(document),
        document_state=document.state,
        compared=UNSET if task.result is None else compare(document.result or NOTHING_READ, task.result.data),
    )


def compare(before: Expense, after: Expense) -> answers.Comparison:
    """Return a new reading of a document, and what would change."""
    texts = {name: (_write(before, name), _write(after, name)) for name in FACTS if name != "confidence"}
    changes = {name: answers.Change(before=old, after=new) for name, (old, new) in texts.items() if old != new}
    if not say_the_same(before.items, after.items):
        changes["items"] = answers.Change(before=_list_items(before), after=_list_items(after))
    if not say_the_same(before.taxes, after.taxes):
        changes["taxes"] = answers.Change(before=_list_taxes(before), after=_list_taxes(after))
    return answers.Comparison(data=after, changes=changes)


def _list_items(expense: Expense) -> str | None:
    lines = (f"{item.description or '?'} {_write_sum(item.total, expense)}" for item in expense.items)
    return _shorten(", ".join(lines))


def _list_taxes(expense: Expense) -> str | None:
    lines = (
        f"{'?' if tax.rate is None else f'{tax.rate:f}'} % {_write_sum(tax.tax, expense)}" for tax in expense.taxes
    )
    return _shorten(", ".join(lines))


def _write_sum(amount: Decimal | None, expense: Expense) -> str:
    return "?" if amount is None else write_amount(amount, expense.currency)


def _shorten(text: str) -> str | None:
    return (text if len(text) <= LONGEST_CHANGE else f"{text[: LONGEST_CHANGE - 1]}…") or None


def _write(expense: Expense, name: str) -> str | None:
    value = getattr(expense, name)
    if isinstance(value, Decimal):
        return write_amount(value, expense.currency)
    return None if value is None else str(value)


def show_extraction(task: Task) -> answers.Extracted:
    """Return what an extraction over HTTP found, and whether it reused an earlier reading."""
    found = task.result
    data, cached = (found.data, found.cached) if found is not None else (NOTHING_READ, False)
    return answers.Extracted(data=data, file_id=task.document_id, cached=cached, task_id=task.id)


def show_queued(task: Task, what: str) -> answers.Queued:
    """Return the answer to a client that does not wait; `what` is `extraction` or `processing`."""
    return answers.Queued(task_id=task.id, message=f"Document {what} queued. Use /api/task/<task_id> to check status.")


def show_filing(task: Task, document: Document, first: Document | None) -> answers.Filed:
    """Return where a person's document was filed; `first`: the one with the same bytes or paper, if this is a twin."""
    return answers.Filed(
        file_id=document.id,
        data=show_data(document, first),
        path=show_path(document),
        state=document.state,
        duplicate_of=first.id if first else None,
        task_id=task.id,
    )


def show_move(task: Task, document: Document) -> answers.Moved:
    """Return where a document lies that was discarded or put back."""
    return answers.Moved(file_id=document.id, path=show_path(document), state=document.state, task_id=task.id)


def is_expired(task: Task, expires_s: float, now: datetime) -> bool:
    """Whether a task requested over HTTP ended so long ago that its outcome is no longer kept."""
    is_asked_for = task.origin is not TaskOrigin.DROP and task.standing is Standing.ENDED
    return is_asked_for and datetime.fromisoformat(task.updated_at) < now - timedelta(seconds=expires_s)


def show_data(document: Document, first: Document | None) -> Expense:
    """Return what was read; for a twin, which is not read itself, what was read from the first."""
    known = document.result
    if known is None:
        known = first.result if first is not None and first.result is not None else NOTHING_READ
    return known if first is None else replace(known, duplicate_of=first.id)


def show_path(document: Document) -> str | None:
    """Return the path of its bytes, relative to the archive; None while they are in the inbox."""
    return document.place.path if document.place.root is Root.ARCHIVE else None


def list_task(task: Task) -> answers.TaskRow:
    """Return one task as a row of a list."""
    return answers.TaskRow(
        task_id=task.id,
        document_id=task.document_id,
        file=task.file,
        step=task.step,
        state=task.state,
        status=task.status,
        attempt=task.tries,
        error=task.error.message if task.error else None,
        created_at=task.created_at,
        updated_at=task.updated_at,
    )


def list_task_with_attempts(task: Task, attempts: Sequence[Attempt]) -> answers.TaskWithAttempts:
    """Return one task as a row of a list, with those of `attempts` that are its own."""
    own = tuple(number_attempts(each for each in attempts if each.task == task.number))
    return answers.TaskWithAttempts(**dataclasses.asdict(list_task(task)), attempts=own)


def number_attempts(attempts: Iterable[Attempt]) -> Iterator[answers.Attempt]:
    """Yield the attempts of a task, numbered for each step as a person counts; an interruption is tried again."""
    tries: dict[Step, int] = defaultdict(lambda: 1)
    for attempt in attempts:
        yield show_attempt(attempt, tries[attempt.step])
        tries[attempt.step] += attempt.outcome not in (AttemptOutcome.INTERRUPTED, AttemptOutcome.HANDED_BACK)


def show_attempt(attempt: Attempt, number: int) -> answers.Attempt:
    """Return one attempt at a step of a task; `number`: which try at the step it is."""
    return answers.Attempt(
        attempt=number,
        step=attempt.step,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        outcome=attempt.outcome,
        error=attempt.error.message if attempt.error else None,
    )


def list_document(document: Document) -> answers.DocumentRow:
    """Return one document as a row of a list."""
    expense = document.result
    return answers.DocumentRow(
        **{name: getattr(expense, name, None) for name in FACTS},
        document_id=document.id,
        file=document.file,
        state=document.state,
        description=(expense.description or None) if expense else None,
        needs_review=expense.needs_review if expense else None,
        reasons=expense.reasons if expense else None,
        error=document.failure.message if document.failure else None,
        path=show_path(document),
        created_at=document.created_at,
        updated_at=document.updated_at,
    )


def export_document(document: Document) -> answers.ExportedDocument:
    """Return one document as an export has it."""
    row, expense = list_document(document), document.result or NOTHING_READ
    fields = {name: getattr(row, name) for name in _OF_ROW}
    return answers.ExportedDocument(**fields, items=expense.items, taxes=expense.taxes, sums=expense.sums)


def show_document(
    document: Document,
    first: Document | None,
    duplicates: Sequence[str],
    counted_by: str | None,
    tasks: Sequence[answers.TaskWithAttempts],
    events: Sequence[Event],
    prefix: str,
) -> answers.Document:
    """Return one document in full; `duplicates` are the ids of its twins, `prefix` that of the public address.

    `counted_by` is the id of the paper that counts instead of it; see `find_counted`.
    """
    fault = document.failure
    return answers.Document(
        document_id=document.id,
        file_id=document.id,
        file=document.file,
        state=document.state,
        data=show_data(document, first),
        path=show_path(document),
        origin=document.origin,
        media_type=document.kind,
        engine=document.engine,
        pages=count_pages(document),
        size=document.size,
        sha256=document.sha256,
        failure=answers.Failure(error=fault.message, code=fault.code, hint=fault.hint) if fault else None,
        duplicate_of=first.id if first else None,
        duplicates=tuple(duplicates),
        counted_by=counted_by,
        discarded=document.discarded,
        corrections=document.corrections,
        text=document.text,
        created_at=document.created_at,
        updated_at=document.updated_at,
        links=link(document, prefix),
        tasks=tuple(tasks),
        events=tuple(events),
    )


def count_pages(document: Document) -> int | None:
    """Return how many pages of a document were looked at; None if it was not read."""
    return len(document.turns) if document.turns is not None else None


def link(document: Document, prefix: str) -> answers.Links:
    """Return the addresses of everything about a document; `prefix` is that of the public address."""
    here = f"{prefix}/api/documents/{document.id}"
    pages = range(1, (count_pages(document) or 0) + 1)
    return answers.Links(self=here, file=f"{here}/file", pages=tuple(f"{here}/page/{number}.png" for number in pages))


def count_left_alone(found: Sequence[LeftAlone]) -> numbers.ArchiveNumbers:
    """Return the files of the archive that were left alone: the first of them, and how many there are."""
    shown = tuple(
        numbers.LeftAlone(file=each.file, count=each.count, problem=each.remark.sentence, hint=each.remark.hint)
        for each in found[:LEFT_ALONE_SHOWN]
    )
    return numbers.ArchiveNumbers(left_alone=shown, left_alone_count=sum(each.count for each in found))


def list_inbox_file(file: WaitingFile) -> answers.InboxFile:
    """Return a file of the watched folder as a row of a list."""
    since = file.since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return answers.InboxFile(file=file.file, reason=file.reason, size=file.size, since=since, refused=file.refused)
