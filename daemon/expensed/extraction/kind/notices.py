"""What a paper says of itself that speaks against a purchase: that it is no invoice, or a report, or money paid out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from expensed.extraction.kind.titles import NAME_ROWS, has_sum
from expensed.extraction.kind.words import Words, split_words, words_for
from expensed.extraction.page.lines import Row
from expensed.model.states import ExpenseKind

_SAID = {
    "before-payment": "It may be a bill before its payment",
    "till-report": "It may be a report or a trial of a till, not a sale",
    "paid-out": "It may be money paid out or credited, not a purchase",
    "not-charged": "It may not have been charged",
    "contract": "It may be a contract, not an invoice",
}
_DENIED = frozenset((ExpenseKind.INVOICE, ExpenseKind.RECEIPT))
_MOST_ROWS, _MOST_LETTERS, _MOST_REST = 300, 60, 24
"""How many letters of other words may stand before or behind what denies a title."""


def find_notice(rows: Sequence[Row], *, is_settled: bool) -> str | None:
    """Return the first such notice as a reason for a review; None if there is none.

    A paper that shows its payment or is titled as an invoice, `is_settled`, may say that it is no tax invoice.
    """
    for row in rows[:_MOST_ROWS]:
        for cell in row.cells:
            if len(cell.text) > _MOST_LETTERS or "?" in cell.text or has_sum(row):
                continue
            known, words = words_for(cell.text), split_words(cell.text)
            if _is_denial(words, known, is_settled=is_settled):
                return f"It says that it is no invoice or receipt: {cell.text!r}."
            name = _name_of(words, known, is_settled=is_settled) if _is_own(row) else None
            if name is not None:
                return f"{_SAID[name]}: {cell.text!r}."
    return None


def _is_own(row: Row) -> bool:
    """Whether a cell speaks of the whole paper: it is alone in its row, or beside the seller's name at the head."""
    is_beside_name = row.index < NAME_ROWS and len(row.cells) == 2 and not any(map(str.isdecimal, row.text))
    return len(row.cells) == 1 or is_beside_name


def _name_of(words: Sequence[str], known: Words, *, is_settled: bool) -> str | None:
    """Return the list that has the words, without numbers before and behind them."""
    for name in _SAID:
        for start in range(min(2, len(words))):
            end = known.one_at(name, words, start)
            if is_settled and "".join(words[start:end]) in _tax_only(known):
                continue
            if end and _is_aside(words[:start], known) and _is_aside(words[end:], known):
                return name
    return None


def _is_aside(words: Sequence[str], known: Words) -> bool:
    """Whether words are only numbers, and such as `copy` and `no`."""
    start = 0
    while start < len(words):
        end = known.one_at("beside", words, start)
        if not end and not any(map(str.isdecimal, words[start])):
            return False
        start = max(end, start + 1)
    return True


def _is_denial(words: Sequence[str], known: Words, *, is_settled: bool) -> bool:
    return any(
        not is_settled or key not in _tax_only(known)
        for start, key, end in _denied(words, known)
        if sum(map(len, words[:start])) <= _MOST_REST and sum(map(len, words[end:])) <= _MOST_REST
    )


def _denied(words: Sequence[str], known: Words) -> Iterator[tuple[int, str, int]]:
    """Yield each denied title with the words' place where the denial begins and where the title ends."""
    for start in range(len(words)):
        place = known.one_at("not", words, start)
        while place and (found := known.title_at(words, place)) is None:
            place = known.one_at("between", words, place)
        if (
            place
            and found is not None
            and not _is_policy(words[found[1] :], known)
            and known.titles[found[0]] in _DENIED
        ):
            yield start, *found


def _tax_only(known: Words) -> Collection[str]:
    return known.lists.get("tax-invoice", ())


def _is_policy(words: Sequence[str], known: Words) -> bool:
    """Whether a second denial follows, as in `no receipt, no refund`."""
    return any(known.one_at("not", words, start) for start in range(len(words)))
