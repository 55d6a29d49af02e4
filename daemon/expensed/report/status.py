"""The status of everything in sentences for people, shared by `GET /` and `expensed status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET

from expensed.errors import Gone
from expensed.model.expense import UNSURE, Facts
from expensed.model.money import write_money
from expensed.model.states import DocumentState, TaskState
from expensed.model.text import one_line
from expensed.report import answers, numbers
from expensed.shown_commands import command

_COUNTS = {
    DocumentState.ADMITTED: "in progress",
    DocumentState.UPLOADED: "uploaded but not read",
    DocumentState.READ: "read but not filed",
    DocumentState.FILED: "filed",
    DocumentState.REVIEW: "in review",
    DocumentState.DUPLICATE: "duplicate",
    DocumentState.FAILED: "failed",
    DocumentState.DISCARDED: "discarded",
}
"""What is gone is not counted: a person removed it."""
UPLOADS = (DocumentState.UPLOADED, DocumentState.READ)
"""States of an upload that nobody has filed yet."""
_OUTCOMES = {
    DocumentState.FILED: "filed",
    DocumentState.REVIEW: "in review",
    DocumentState.DUPLICATE: "duplicate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The status of everything: numbers, what is waiting, and what happened last."""

    unfinished: int
    """Tasks that have not ended."""
    documents: Mapping[str, int]
    """The number of documents by state."""
    inbox: Sequence[answers.InboxFile]
    """The files that have not been claimed yet."""
    archive: numbers.ArchiveNumbers
    """The files of the archive that were left alone."""
    review: Sequence[answers.DocumentRow]
    """The documents that wait for a person; only the newest if there are many."""
    uploads: Sequence[answers.DocumentRow]
    """The uploads that nobody has filed yet; likewise."""
    failed: Sequence[answers.DocumentRow]
    """The documents that could not be read; likewise."""
    last: Sequence[answers.Task]
    """The newest task of each of the last documents, the latest change first."""


def describe_status(status: Overview, now: datetime, most_waiting: int) -> Iterator[str]:
    """Yield the lines below the headline: what waits and why, and the last documents; `now` is timezone-aware."""
    if status.inbox:
        yield from ["", *_describe_waiting(status.inbox, now, most_waiting)]
    if status.archive.left_alone:
        yield from ["", *_describe_left_alone(status.archive)]
    for lines in (_describe_review(status), _describe_uploads(status), _describe_failed(status)):
        yield from lines
    if status.last:
        yield from ["", "Last documents:", *map(_describe_last, status.last)]


def describe_counts(status: Overview) -> str:
    """Return the counts as a clause: `2 in progress, 14 filed, 1 in review`."""
    settled = {state: number for state, number in status.documents.items() if state != DocumentState.ADMITTED}
    counts = describe_states(settled)
    return f"{status.unfinished or 'nothing'} in progress{counts and ', '}{counts}"


def describe_states(documents: Mapping[str, int] | Mapping[DocumentState, int]) -> str:
    """Return how many documents there are in each state, as a clause; empty if there are none."""
    found = {DocumentState(state): number for state, number in documents.items() if number}
    return ", ".join(_count(found[state], word) for state, word in _COUNTS.items() if state in found)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (word == 'duplicate' and number != 1)}"


def _describe_waiting(waiting: Sequence[answers.InboxFile], now: datetime, most: int) -> Iterator[str]:
    yield f"Still in the inbox ({len(waiting)}):"
    for file in sorted(waiting, key=lambda file: (file.refused, file.since))[:most]:
        age = describe_age((now - datetime.fromisoformat(file.since)).total_seconds())
        yield f"  {one_line(file.file)}  (for {age}) {one_line(file.reason)}"
    if len(waiting) > most:
        yield f"  and {len(waiting) - most} more: `{command()} status --json` lists them all"


def _describe_left_alone(archive: numbers.ArchiveNumbers) -> Iterator[str]:
    yield f"Left alone in the archive ({archive.left_alone_count}):"
    for each in archive.left_alone:
        files = f" ({each.count} files)" if each.count > 1 else ""
        yield f"  {one_line(each.file)}{files}  {one_line(f'{each.problem} {each.hint}')}"
    shown = sum(each.count for each in archive.left_alone)
    if archive.left_alone_count > shown:
        yield f"  and {archive.left_alone_count - shown} more"


def _describe_review(status: Overview) -> Iterator[str]:
    count = status.documents.get(DocumentState.REVIEW, 0)
    ways = f"`{command()} review` goes through them, `{command()} file ID` files one"
    head = f"In review, waiting for you ({{count}}); {ways}:"
    return _describe_group(head, status.review, count, describe_reasons_of, "status")


def _describe_uploads(status: Overview) -> Iterator[str]:
    count = sum(status.documents.get(state, 0) for state in UPLOADS)
    head = f"Uploaded but not filed, waiting for you ({{count}}); `{command()} file ID` files one:"
    return _describe_group(head, status.uploads, count, _describe_upload, _list_rest(status))


def _list_rest(status: Overview) -> str:
    """Return the commands that list the uploads that are not shown, by their states."""
    shown = Counter(document.state for document in status.uploads)
    hidden = [state for state in UPLOADS if status.documents.get(state, 0) > shown[state]]
    return f"` and `{command()} ".join(f"search --state {state}" for state in hidden)


def _describe_failed(status: Overview) -> Iterator[str]:
    count = status.documents.get(DocumentState.FAILED, 0)
    head = f"Failed ({{count}}); `{command()} show ID` says what to do, `{command()} retry ID` reads one again:"
    return _describe_group(head, status.failed, count, _describe_failure, f"search --state {DocumentState.FAILED}")


def _describe_group(
    head: str,
    documents: Sequence[answers.DocumentRow],
    count: int,
    describe: Callable[[answers.DocumentRow], str],
    rest: str,
) -> Iterator[str]:
    """Yield a heading and a line per document; `rest` is the command that lists those that are not shown."""
    if not documents:
        return
    yield ""
    yield head.format(count=max(count, len(documents)))
    for document in documents:
        yield f"  {one_line(document.document_id)}  {one_line(describe(document))}"
    if count > len(documents):
        verb = "list" if "`" in rest else "lists"
        yield f"  and {count - len(documents)} more: `{command()} {rest}` {verb} them"


def describe_reasons_of(document: answers.DocumentRow) -> str:
    """Return why a document in review waits, as one line."""
    return describe_reasons(document.reasons)


def _describe_upload(document: answers.DocumentRow) -> str:
    if document.state is DocumentState.UPLOADED:
        return "It was not read, because nobody asked for it: say what it shows."
    read = describe_expense(document)
    return " ".join([f"Read as {read}." if read else "Nothing was read.", *(document.reasons or ())])


def _describe_failure(document: answers.DocumentRow) -> str:
    return document.error or "It could not be read."


def describe_expense(facts: Facts) -> str:
    """Return vendor, amount and day as far as they are known: `Adobe, 52.99 USD, 2024-01-15`."""
    money = None if facts.amount is None else write_money(facts.amount, facts.currency)
    return ", ".join(part for part in (facts.vendor, money, facts.date and facts.date.isoformat()) if part)


def describe_reasons(reasons: Sequence[str] | None) -> str:
    """Return why a document waits, as one line."""
    return " ".join(reasons or [UNSURE])


def _describe_last(task: answers.Task) -> str:
    return f"  {read_local(task.updated_at):%Y-%m-%d %H:%M:%S}  {describe_task(task)}"


def is_gone(task: answers.Task) -> bool:
    """Whether a person has removed the task's document since, so that there is nothing to say of it."""
    if task.code == Gone.code:
        return True
    return task.result is not UNSET and task.result.document_state is DocumentState.GONE


def describe_task(task: answers.Task) -> str:
    """Describe a file's progress in one line: what became of it, and where it is or why it failed."""
    file = one_line(task.file)
    match task.state:
        case TaskState.SUCCESS:
            return describe_result(file, None if task.result is UNSET else task.result)
        case TaskState.FAILURE:
            return f"{'failed':<9}  {file}: {one_line(task.error or 'it failed')}"
        case TaskState.PENDING | TaskState.PROCESSING:
            return f"{'working':<9}  {file}: {task.status}{_describe_trouble(task)}"


def _describe_trouble(task: answers.Task) -> str:
    if not task.last_error or not task.next_attempt_at:
        return ""
    return f" (next attempt {read_local(task.next_attempt_at):%H:%M:%S}) {one_line(task.last_error)}"


def describe_result(file: str, result: answers.Result | None) -> str:
    """Describe the result of reading a file in one line."""
    state = UNSET if result is None else result.document_state
    outcome = "done" if state is UNSET else _OUTCOMES.get(state, state.value)
    where = f" -> {one_line(result.path)}" if result is not None and result.path else ""
    return f"{outcome:<9}  {file}{where}"


def describe_end(file: str, result: answers.Result | None) -> str:
    """Describe the result of reading a file in one line: what was read, and for a review why it waits."""
    if result is None:
        return describe_result(file, None)
    said = describe_expense(result.data)
    if result.document_state is DocumentState.REVIEW:
        said = " ".join([f"{said}." * bool(said), describe_reasons(result.data.reasons)]).strip()
    return describe_result(f"{file}: {one_line(said)}" if said else file, result)


def describe_progress(task: answers.Task) -> str:
    """Describe a task in one line, with its status sentence, as `GET /api/task/ID` answers in plain text."""
    file = one_line(task.file)
    match task.state:
        case TaskState.FAILURE:
            return f"{file}: failed. {one_line(task.error or '')} {one_line(task.hint or '')}".rstrip()
        case TaskState.SUCCESS:
            return f"{file}: {_name_outcome(task)}. {task.status}"
        case TaskState.PENDING | TaskState.PROCESSING:
            return f"{file}: {task.status}{_count_attempts(task)}"


def _name_outcome(task: answers.Task) -> str:
    result = task.result
    if result is UNSET or result.document_state is UNSET:
        return "read"
    return f"{result.document_state.value}, as {one_line(result.path)}" if result.path else result.document_state.value


def _count_attempts(task: answers.Task) -> str:
    if not task.next_attempt_at:
        return ""
    last = f" of {task.attempts_allowed}" if task.attempts_allowed else ""
    reason = one_line(task.last_error or "")
    return f". Attempt {task.attempt}{last} at {task.next_attempt_at}. {reason}".rstrip()


def describe_age(seconds: float) -> str:
    """Return a duration in a fitting unit: `40 s`, `12 min`, `3 h`, `5 days`."""
    units = ((2 * 86_400, 86_400, "days"), (7200, 3600, "h"), (120, 60, "min"))
    whole = max(0, int(seconds))
    return next((f"{whole // size} {unit}" for least, size, unit in units if whole >= least), f"{whole} s")


def read_local(moment: str) -> datetime:
    """Return a time from the ledger in the local time zone."""
    return datetime.fromisoformat(moment).astimezone()
