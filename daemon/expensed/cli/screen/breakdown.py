"""What an expense is made of, for a terminal of 80 columns: items, taxes by rate, and sums with their proofs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import UNSET, UnsetType
from rich.cells import cell_len, chop_cells

from expensed.model.adding_up import add_taxes, add_up_items, prove_by_items, write_sum
from expensed.model.breakdown import Item, ItemKind, SumName, TaxLine
from expensed.model.expense import Expense
from expensed.model.money import is_writable, write_amount
from expensed.model.text import one_line

WIDTH = 80
NARROWEST_NAME, WIDEST_NAME = 14, 30
"""Columns for descriptions; longer ones go on in the next line."""
LONGEST_TEXT = 400
"""Letters shown of a description or a proof."""
LONGEST_MARK = 8
"""Letters shown of a unit or a mark."""
_GAP = "  "
_LONGEST_SUM = max(len(name.value) for name in SumName)


def describe_breakdown(expense: Expense) -> Iterator[str]:
    """Yield the items, taxes and sums of an expense as lines of text; nothing if none are known."""
    if expense.items:
        yield from ["", *_describe_items(expense)]
    if expense.taxes:
        yield from ["", *_describe_taxes(expense.taxes, expense.currency)]
    if expense.sums:
        yield ""
        values = [write_amount(each.value, expense.currency) for each in expense.sums]
        room = max(map(len, values))
        for each, value in zip(expense.sums, values, strict=True):
            row = f"  {each.name.value:<{_LONGEST_SUM}}{_GAP}{value:>{room}}{_GAP}{_judge(each.proof)}"
            yield from textwrap.wrap(row, WIDTH, subsequent_indent=" " * 6, drop_whitespace=True) or [row]


def _describe_items(expense: Expense) -> Iterator[str]:
    """Yield the items; unless they prove a sum together, tell which are unproven, and by how much they miss one."""
    items = expense.items
    head = ("#", "item", "quantity", "price", "off", "total", "tax")
    rows = [_list_cells(number, item, expense.currency) for number, item in enumerate(items, 1)]
    are_unproven = not any(prove_by_items(each, items, expense.taxes, expense.currency) for each in expense.sums)
    tells_each = are_unproven and any(item.proof for item in items)
    notes = [_note_item(item, tells_proof=tells_each) for item in items]
    yield from _lay_out(head, rows, notes, left=("item", "tax"))
    missed = _tell_missed_sum(expense) if are_unproven else None
    if missed is not None:
        yield from textwrap.wrap(missed, WIDTH, initial_indent="  ", subsequent_indent="  ")
    elif are_unproven and not tells_each:
        yield "  None of them is proven." if len(items) > 1 else "  It is unproven."


def _tell_missed_sum(expense: Expense) -> str | None:
    """Return what the items add up to and the sum that comes nearest; None if there is no such sum.

    E.g. `2 items add up to 8.50, but the paper's total is 9.99: 1.49 more.` A total contains the taxes that are added
    to the items.
    """
    is_added = any(each.is_included is False for each in expense.taxes)
    taxes = (add_taxes(expense) if is_added else None) or Decimal(0)
    missed = [
        (each.value - total - tax, each, count, total, tax)
        for each in expense.sums
        if each.name is not SumName.TAX
        for tax in [taxes if each.name is SumName.TOTAL else Decimal(0)]
        for count, total in add_up_items(expense.items)
    ]
    if not missed:
        return None
    difference, nearest, count, total, tax = min(missed, key=lambda each: abs(each[0]))
    off, value, with_tax = (
        write_amount(each, expense.currency) for each in (abs(difference), nearest.value, total + tax)
    )
    words = write_sum(count, "item", total, expense.currency) + (f", with tax {with_tax}" if tax else "")
    return f"{words}, but the paper's {nearest.name} is {value}: {off} {'more' if difference > 0 else 'less'}."


def _list_cells(number: int, item: Item, currency: str | None) -> tuple[str, ...]:
    kind = "" if item.kind is ItemKind.GOODS else f"({item.kind.value})"
    return (
        str(number),
        _join(_shorten(item.description), kind) or "?",
        _join(_write_number(item.quantity), _shorten(item.unit, LONGEST_MARK)),
        _write_sum(item.unit_price, currency),
        _write_sum(item.discount, currency),
        _write_sum(item.total, currency) or "?",
        _join(_shorten(item.tax_mark, LONGEST_MARK), _write_rate(item.tax_rate)),
    )


def _note_item(item: Item, *, tells_proof: bool) -> str:
    notes = [
        "" if item.category is UNSET else _shorten(item.category),
        _note_misread(item.read_as),
        "unproven" if tells_proof and not item.proof else "",
    ]
    return ", ".join(filter(None, notes))


def _describe_taxes(taxes: Sequence[TaxLine], currency: str | None) -> Iterator[str]:
    head = ("#", "tax", "rate", "net", "sum", "gross", "")
    rows = [
        (
            str(number),
            _join(_shorten(tax.name), _shorten(tax.mark, LONGEST_MARK)) or "?",
            _write_rate(tax.rate) or "?",
            _write_sum(tax.net, currency),
            _write_sum(tax.tax, currency) or "?",
            _write_sum(tax.gross, currency),
            {True: "included", False: "added", None: ""}[tax.is_included],
        )
        for number, tax in enumerate(taxes, 1)
    ]
    notes = [", ".join(filter(None, (_note_misread(tax.read_as), _judge(tax.proof)))) for tax in taxes]
    yield from _lay_out(head, rows, notes, left=("tax", ""))


def _lay_out(
    head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str], left: Sequence[str]
) -> Iterator[str]:
    """Yield a table whose second column is cut into lines, without columns that are empty; a note ends its row."""
    kept = [place for place, name in enumerate(head) if any(row[place] for row in rows)]
    table = [[line[place] for place in kept] for line in (head, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    room = WIDTH - 2 - sum(widths) + widths[1] - len(_GAP) * (len(widths) - 1)
    names = [_cut(line[1], min(max(room, NARROWEST_NAME), WIDEST_NAME)) for line in table]
    widths[1] = max(cell_len(part) for parts in names for part in parts)
    is_left = [head[place] in left for place in kept]
    indent = " " * (2 + widths[0] + len(_GAP))
    for (first, _, *others), (name, *more), note in zip(table, names, ("", *notes), strict=True):
        cells = map(_pad, (first, name, *others), widths, is_left)
        lines = [f"  {_GAP.join(cells)}".rstrip(), *(f"{indent}{part}" for part in more)]
        if cell_len(lines[0]) + len(_GAP) + cell_len(note) <= WIDTH:
            lines[0] = f"{lines[0]}{_GAP}{note}".rstrip()
        else:
            lines += textwrap.wrap(note, WIDTH, initial_indent=indent, subsequent_indent=indent)
        yield from lines


def _cut(text: str, width: int) -> Sequence[str]:
    """Cut a text into lines, between words if they are not too long."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".lstrip()
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines += chop_cells(word, width)
    return [line for line in lines if line] or [""]


def _pad(text: str, width: int, is_left: bool) -> str:
    missing = " " * (width - cell_len(text))
    return text + missing if is_left else missing + text


def _join(*words: str) -> str:
    return " ".join(filter(None, words))


def _shorten(text: str | None, longest: int = LONGEST_TEXT) -> str:
    clean = one_line(" ".join((text or "").split()))
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def _write_sum(amount: Decimal | None, currency: str | None) -> str:
    return "" if amount is None else write_amount(amount, currency)


def _write_number(number: Decimal | None) -> str:
    if number is None:
        return ""
    return f"{number:f}" if is_writable(number) else "unknown"


def _write_rate(rate: Decimal | None) -> str:
    return "" if rate is None else f"{_write_number(rate.normalize())} %"


def _judge(proof: str | None) -> str:
    return f"proven: {_shorten(proof)}" if proof else "unproven"


def _note_misread(read_as: str | UnsetType) -> str:
    return "" if read_as is UNSET else f'read as "{_shorten(read_as)}"'
