"""Builds the answers about the journal and about what was taken back."""

from __future__ import annotations

from collections.abc import Iterable

from expensed.ledger.history.journal import Entry
from expensed.model.states import TaskState
from expensed.pipeline.requests.undo import Attempted
from expensed.report import journal


def show_entry(entry: Entry) -> journal.JournalEntry:
    """Return an entry as a row of a list."""
    return journal.JournalEntry(
        number=entry.number,
        at=entry.at,
        kind=entry.kind,
        document_id=entry.document_id,
        file=entry.file,
        sentence=entry.sentence,
        undoes=entry.undoes,
        undone_by=entry.undone_by,
    )


def show_undone(attempted: Iterable[Attempted], following: int | None) -> journal.Undone:
    """Return what became of entries that someone wanted undone; `following`: the `before` with which to go on."""
    undone, refused, waiting = [], [], []
    for each in attempted:
        if each.refused is not None:
            fault = each.refused
            refused.append(
                journal.RefusedEntry(entry=each.entry.number, error=fault.message, code=fault.code, hint=fault.hint)
            )
        elif each.task is not None and each.task.state is not TaskState.SUCCESS:
            last_error = each.task.error.message if each.task.error is not None else None
            waiting.append(journal.WaitingEntry(entry=each.entry.number, task_id=each.task.id, last_error=last_error))
        else:
            undone.append(show_entry(each.entry))
    return journal.Undone(undone=tuple(undone), refused=tuple(refused), waiting=tuple(waiting), next=following)
