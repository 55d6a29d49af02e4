"""Enter in the journal what a task has done, with what its document was before."""

from __future__ import annotations

from msgspec import UNSET

from expensed.ledger.history.journal import NewEntry, find_entry, insert_entry
from expensed.ledger.lessons import find_lesson
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.model.states import DocumentState, EntryKind, Outcome, TaskOrigin
from expensed.model.text import display_name
from expensed.pipeline.filing.journal_sentences import describe_deed, describe_undo

_BY_ITSELF = {
    Outcome.FILED: EntryKind.AUTO_FILED,
    Outcome.REVIEW: EntryKind.AUTO_REVIEW,
    Outcome.DUPLICATE: EntryKind.AUTO_DUPLICATE,
}


async def enter_in_journal(tx: Transaction, task: Task, document: Document, outcome: Outcome, path: str) -> None:
    """Enter what a task has done: its document lies at `path` of the archive now, as `outcome`.

    To be called before the task's lessons are kept, so that the entry has those that were there before.
    """
    shown, former = display_name(path), task.former
    if task.origin is TaskOrigin.DROP:
        if outcome in _BY_ITSELF:
            await insert_entry(tx, NewEntry(_BY_ITSELF[outcome], document.number, shown))
        return
    if former is None or former.state is UNSET:
        return
    kind = _tell_kind(task.origin, former.state, outcome)
    if kind is EntryKind.REREAD and (former.outcome, former.result) == (document.outcome, document.result):
        return  # nothing has changed that could be taken back
    undoes = task.undoing.entry if task.undoing is not None else None
    if undoes is not None:
        sentence = await _describe_undo(tx, undoes)
    else:
        sentence = describe_deed(kind, task, former, document, outcome, shown)
    lesson = await find_lesson(tx, document.number)
    before = former.having_taught(lesson)
    await insert_entry(tx, NewEntry(kind, document.number, shown, sentence, before, undoes))


def _tell_kind(origin: TaskOrigin, before: DocumentState, outcome: Outcome) -> EntryKind:
    match origin:
        case TaskOrigin.DISCARD:
            return EntryKind.DISCARD if outcome is Outcome.DISCARDED else EntryKind.PUT_BACK
        case TaskOrigin.REREAD:
            return EntryKind.REREAD
        case TaskOrigin.UNDO:
            return EntryKind.UNDO
        case TaskOrigin.PROCESS | TaskOrigin.DROP | TaskOrigin.EXTRACT:
            kinds = {DocumentState.FILED: EntryKind.CORRECT, DocumentState.DUPLICATE: EntryKind.RELEASE}
            return kinds.get(before, EntryKind.FILE)


async def _describe_undo(tx: Transaction, number: int) -> str:
    """Describe that an entry was taken back; if it took one back itself, that one is in force again, and so on."""
    is_again = False
    while True:
        entry = await find_entry(tx, number)
        if entry is None:
            raise LookupError(f"no entry {number}")
        if entry.undoes is None:
            return describe_undo(entry.number, entry.sentence, is_again=is_again)
        number, is_again = entry.undoes, not is_again
