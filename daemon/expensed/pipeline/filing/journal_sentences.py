"""The sentences of the journal about what people asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from expensed.ledger.rows import Document, Former, Task
from expensed.model.expense import LISTS, SAYABLE, Expense, read_value, write_value
from expensed.model.lesson import Lesson
from expensed.model.states import DiscardReason, EntryKind, Outcome
from expensed.model.text import make_plain

LONGEST_VALUE = 60
"""Letters of a value in a sentence."""
_READ = frozenset(SAYABLE).difference(LISTS)


def describe_deed(kind: EntryKind, task: Task, former: Former, document: Document, outcome: Outcome, path: str) -> str:
    """Describe what a task has done to a document, which was `former` and lies at `path` now, as `outcome`."""
    said = task.input.expense_data.names() if task.input is not None else frozenset[str]()
    match kind:
        case EntryKind.CORRECT:
            return describe_changes("Corrected", former.result, document.result, said) or "Corrected."
        case EntryKind.DISCARD:
            return _describe_discard(document)
        case EntryKind.PUT_BACK:
            return f"Put back as {path}."
        case EntryKind.REREAD:
            has_moved = outcome is not former.outcome
            begun = f"Read again. {_describe_place(outcome, path)}" if has_moved else "Read again."
            return f"{begun} {describe_changes('Changed', former.result, document.result, _READ)}".strip()
        case EntryKind.RELEASE:
            begun = f"Filed as an expense of its own, as {path}."
        case _:
            begun = _describe_place(outcome, path)
    return f"{begun} {describe_changes('Corrected', former.result, document.result, said)}".strip()


def describe_forgetting(lesson: Lesson) -> str:
    """Describe that a lesson was forgotten."""
    names = [_shorten(each) for each in (lesson.vendor, lesson.category) if each is not None]
    return f"Forgot what it teaches: {', '.join(names)}." if names else "Forgot what it teaches."


def describe_undo(number: int, sentence: str, *, is_again: bool) -> str:
    """Describe that an entry was taken back, or that it is in force again."""
    return f"{'Restored' if is_again else 'Took back'} entry {number}: {sentence}"


def _describe_place(outcome: Outcome, path: str) -> str:
    said = {Outcome.REVIEW: "Sent to review,", Outcome.DUPLICATE: "Set aside as a duplicate,"}
    return f"{said.get(outcome, 'Filed')} as {path}."


def _describe_discard(document: Document) -> str:
    discarded = document.discarded
    reason = discarded.reason if discarded is not None else None
    if discarded is not None and reason is DiscardReason.DUPLICATE:
        return f"Discarded as a duplicate of {discarded.duplicate_of}."
    return "Discarded as not an expense." if reason is DiscardReason.NOT_AN_EXPENSE else "Discarded."


def describe_changes(verb: str, before: Expense | None, after: Expense | None, names: Collection[str]) -> str:
    """Describe how an expense has changed in the fields with these names; an empty text if in none."""
    changes = list(_list_changes(before, after, names))
    if not changes:
        return ""
    *most, last = changes
    return f"{verb} {', '.join(most)}{' and ' if most else ''}{last}."


def _list_changes(before: Expense | None, after: Expense | None, names: Collection[str]) -> Iterator[str]:
    for name in SAYABLE:
        if name not in names:
            continue
        old, new = _write(before, name), _write(after, name)
        if name in LISTS:
            yield f"the {name}"
        elif old != new:
            yield name + (f" from {old}" if old else "") + f" to {new or 'nothing'}"


def _write(expense: Expense | None, name: str) -> str | None:
    text = write_value(read_value(expense, name), expense.currency if expense is not None else None)
    if text is None:
        return None
    return _shorten(text)


def _shorten(text: str) -> str:
    plain = make_plain(text)
    return plain if len(plain) <= LONGEST_VALUE else f"{plain[: LONGEST_VALUE - 1]}…"
