"""Find what stands on a paper like a title of it, and how much it stands out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import median

from expensed.extraction.amount.numerals import find_money
from expensed.extraction.amount.sums import without_dates
from expensed.extraction.kind.words import Words, split_words, words_for
from expensed.extraction.page.lines import Cell, Row
from expensed.model.states import ExpenseKind

_HEAD_ROWS, _HEAD, _TOP = 26, 0.45, 6
"""Titles stand in the first rows, or in the upper part of a page; above the sums, unless in the very first rows."""
_MOST_ROWS = 300
_TALL = 1.3
"""By what factor letters of a heading are taller than most."""
_MOST_REST = 24
"""How many letters of other words may stand beside a title."""
_COLUMNS = 3
NAME_ROWS = 3
"""The first rows, in which the seller's name stands."""
_PREFIX = 4
"""The most letters of a prefix of a number."""
_RARELY_CITED = frozenset((ExpenseKind.PRO_FORMA, ExpenseKind.REMINDER, ExpenseKind.PAYSLIP, ExpenseKind.CREDIT_NOTE))
"""Kinds that other papers hardly ever name; an invoice does name its order, delivery note and quotation."""
_INVOICES = frozenset((ExpenseKind.INVOICE, ExpenseKind.RECEIPT))


class Standing(IntEnum):
    """How much a title stands out."""

    REFERENCE = 0
    """It names another paper: `your order 12`."""
    LABEL = 1
    """`Order no: 12`, or the head of a column."""
    FIELD = 2
    """The same alone in its row, in the head of the paper."""
    TITLE = 3
    """`Order 12`."""
    HEADING = 4
    """It is alone in its row, or in larger letters than the rest."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title of some kind of paper, where it stands, and how much it stands out."""

    kind: ExpenseKind
    text: str
    row: int
    standing: Standing
    is_loose: bool
    """Whether it is as often a mere label."""
    height: float

    @property
    def is_rarely_cited(self) -> bool:
        """Whether another kind of paper would hardly print it."""
        return self.kind in _RARELY_CITED


def find_titles(rows: Sequence[Row], first_sum: int) -> list[Title]:
    """Return what stands like a title at the beginning of a cell.

    Below the head of a page, and below the row of the first sum, it is only a label.
    """
    usual = median([row.height for row in rows]) if rows else 0.0
    found = []
    for row in rows[:_MOST_ROWS]:
        if any(map(str.isalpha, row.text)) and not has_sum(row):
            is_head = row.index < min(_HEAD_ROWS, max(first_sum, _TOP)) or (
                row.box[1] < _HEAD and row.index < first_sum
            )
            found += [each for cell in row.cells for each in _titles_of(cell, row, usual, is_head=is_head)]
    return found


def has_sum(row: Row) -> bool:
    """Whether a sum with decimals stands in a row."""
    return any(money.exact for cell in row.cells for money in find_money(without_dates(cell.text)))


@dataclass(frozen=True, slots=True)
class _Look:
    """How a title is printed, and what stands with it."""

    is_head: bool
    """In the head of the paper."""
    has_rest: bool
    """Other words stand behind it."""
    is_tall: bool
    is_alone: bool
    """It is the only cell of its row."""
    is_column: bool
    """Its row has several cells more."""
    is_labelled: bool
    """It has a colon."""
    has_number: bool
    is_beside_name: bool
    """The other cell of its row is only words, such as the seller's name."""


def _titles_of(cell: Cell, row: Row, usual: float, *, is_head: bool) -> Iterator[Title]:
    text = cell.text[:100]
    known, words = words_for(text), split_words(text)
    start, is_yours = _opening(words, known)
    first = known.title_at(words, start)
    if first is None:
        if _ends_with_title(words, known):
            yield Title(ExpenseKind.INVOICE, text, row.index, Standing.LABEL, is_loose=True, height=0.0)
        return
    key, end = first
    kinds, rest = _behind(words[end:], known)
    if rest > _MOST_REST:
        return
    kind, height = known.titles[key], cell.box[3] - cell.box[1]
    if kind not in _RARELY_CITED:
        decisive = {ExpenseKind.PRO_FORMA} if kind.is_expense else _RARELY_CITED | _INVOICES
        kind = next((each for each in kinds if each in decisive), kind)
    look = _Look(
        is_head=is_head,
        has_rest=bool(rest),
        is_tall=height >= usual * _TALL,
        is_alone=len(row.cells) == 1,
        is_column=len(row.cells) >= _COLUMNS,
        is_labelled=":" in text,
        has_number=any(map(str.isdecimal, "".join(words[start:]))),
        is_beside_name=start == 0 and row.index < NAME_ROWS and not any(map(str.isdecimal, row.text)),
    )
    is_loose = key in known.lists.get("loose", ())
    is_cited = is_yours and not kind.is_expense and kind not in _RARELY_CITED
    standing = Standing.REFERENCE if is_cited else _standing(look, is_loose=is_loose)
    if kind is ExpenseKind.CREDIT_NOTE and not (look.has_rest or look.is_labelled or look.is_column):
        standing = max(standing, Standing.LABEL)  # wherever it stands
    yield Title(kind, text, row.index, standing, is_loose, height)


def _standing(look: _Look, *, is_loose: bool) -> Standing:
    if not look.is_head or look.is_labelled or look.has_rest or (look.is_column and not look.is_tall):
        if look.is_head and look.is_alone and not (is_loose and look.has_rest):
            return Standing.FIELD
        return Standing.REFERENCE if is_loose else Standing.LABEL
    if is_loose and not look.is_alone and not look.is_tall:
        return Standing.HEADING if look.is_beside_name else Standing.LABEL
    stands_out = look.is_tall and not is_loose if look.has_number else look.is_tall or look.is_alone
    return Standing.HEADING if stands_out else Standing.TITLE


def _opening(words: Sequence[str], known: Words) -> tuple[int, bool]:
    """Return where a title may begin, behind `copy of`, `2.`, `your`; and whether such a word makes it a reference."""
    start, is_yours = 0, False
    while start < len(words) and known.title_at(words, start) is None:
        yours = known.one_at("yours", words, start)
        end = max(yours, known.one_at("beside", words, start), start + 1 if _is_number(words, start) else 0)
        if not end:
            break
        is_yours |= bool(yours)
        start = end
    return start, is_yours


def _ends_with_title(words: Sequence[str], known: Words) -> bool:
    """Whether a longer cell, such as a name and a title read as one, ends with the title of an invoice."""
    found = (known.title_at(words, start) for start in range(max(0, len(words) - 4), len(words)))
    return any(
        each is not None and each[1] == len(words) and known.titles[each[0]] is ExpenseKind.INVOICE for each in found
    )


def _behind(words: Sequence[str], known: Words) -> tuple[list[ExpenseKind], int]:
    """Return the kinds of further titles behind a title, and the number of letters that say something else."""
    kinds, rest, start = [], 0, 0
    while start < len(words):
        if (found := known.title_at(words, start)) is not None:
            kinds.append(known.titles[found[0]])
            start = found[1]
            continue
        end = known.one_at("beside", words, start)
        if not end and not _is_number(words, start):
            rest += len(words[start])
        start = max(end, start + 1)
    return kinds, rest


def _is_number(words: Sequence[str], place: int) -> bool:
    """Whether a word has a digit, or is the short prefix of a number such as `PF-88`."""
    word, following = words[place], words[place + 1 : place + 2]
    is_prefix = len(word) <= _PREFIX and bool(following) and any(map(str.isdecimal, following[0]))
    return is_prefix or any(map(str.isdecimal, word))
