"""Decide what a paper is, and say what speaks against its being an expense.

A title decides by its place: large letters, alone in its row, or with a number behind it. Invoices also name the order,
the delivery note and the quotation that they come from, so such a title needs to stand out more than the invoice's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.amount.sums import without_dates
from expensed.extraction.kind.notices import find_notice
from expensed.extraction.kind.titles import Standing, Title, find_titles
from expensed.extraction.kind.words import split_words, words_for
from expensed.extraction.page.lines import Cell, Row
from expensed.model.states import ExpenseKind

_NAMES = {
    ExpenseKind.REMINDER: "a reminder of another invoice",
    ExpenseKind.PRO_FORMA: "a pro forma or a draft, not an invoice",
    ExpenseKind.QUOTATION: "a quotation, not an invoice",
    ExpenseKind.ORDER: "an order or its confirmation, not an invoice",
    ExpenseKind.DELIVERY_NOTE: "a delivery note, not an invoice",
    ExpenseKind.STATEMENT: "a statement of an account, not an invoice",
    ExpenseKind.PAYSLIP: "a payslip, not an invoice",
    ExpenseKind.LETTER: "a letter, not an invoice",
}
_REFUND_REST = 24
"""How many letters of other words may accompany a word for a refund."""
_SLIP_WORDS, _SLIP_SUMS = 3, 3
_MOST_ROWS = 300
_CLOCK = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?!\d|:\d{3})")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a paper is, and what was read as its title."""

    value: ExpenseKind
    title: str = ""
    doubts: tuple[str, ...] = ()
    """Why a person should look, as sentences."""


def find_kind(rows: Sequence[Row], found: AmountFound) -> Kind:
    """Return what the paper is, by its titles, the way it was paid, and its sums."""
    titles = find_titles(rows, _first_sum(found))
    is_timed = any(_CLOCK.search(row.text) for row in rows[:_MOST_ROWS])  # tills print the time
    is_paid = _is_paid(found)
    own = max((each for each in titles if each.kind.is_expense), key=_weight, default=None)
    other = max((each for each in titles if not each.kind.is_expense), key=_weight, default=None)
    if other is not None and _outweighs(other, own, is_paid=is_paid, is_timed=is_timed):
        return _no_expense(other.kind, other.text)
    if _is_letter(rows, found):
        return _no_expense(ExpenseKind.LETTER)
    credit = max((each for each in titles if each.kind is ExpenseKind.CREDIT_NOTE), key=_weight, default=None)
    if credit is not None and credit.standing >= (Standing.FIELD if own is credit else Standing.TITLE):
        return Kind(ExpenseKind.CREDIT_NOTE, credit.text)
    is_till = is_paid or is_timed
    doubts = []
    if other is not None and _is_likely(other, own, is_till=is_till):
        doubts.append(f"It may be {_NAMES[other.kind]}: {other.text[:60]!r}.")
    if credit is not None and credit.standing >= Standing.LABEL:
        doubts.append("It may be a credit note.")
    if (notice := find_notice(rows, is_settled=is_paid or _has_clear_title(titles))) is not None:
        doubts.append(notice)
    return Kind(_expense_kind(rows, found, titles, is_till=is_till), own.text if own else "", tuple(doubts))


def _is_paid(found: AmountFound) -> bool:
    """Whether it shows a payment of at least the amount, or change."""
    least = abs(found.candidates[0].value) if found.candidates else 0
    paid = (each for each in found.paper.having(Role.CASH, Role.CARD) if abs(each.value) >= least)
    return any(each.money.exact for each in (*paid, *found.paper.having(Role.CHANGE)))


def _has_clear_title(titles: Sequence[Title]) -> bool:
    """Whether something is titled as an invoice or a receipt at the beginning of a cell."""
    return any(each.kind.is_expense and not each.is_loose for each in titles)


def _first_sum(found: AmountFound) -> int:
    """Return the row of the first sum with decimals; a high number if there is none."""
    return min((each.row.index for each in found.sums if each.money.exact), default=_MOST_ROWS)


def _weight(title: Title) -> tuple[int, float, int]:
    return title.standing, round(title.height, 3), -title.row


def _outweighs(other: Title, own: Title | None, *, is_paid: bool, is_timed: bool) -> bool:
    """Whether the title of a paper that is no expense outweighs what says that it is one."""
    if other.is_rarely_cited:
        return other.standing >= Standing.TITLE or (other.standing >= Standing.LABEL and own is None and not is_paid)
    is_unclear = other.is_loose and other.kind is ExpenseKind.ORDER  # tills print `Order 12`
    if own is None and not is_paid and not is_timed:
        return other.standing >= (Standing.TITLE if is_unclear else Standing.FIELD)
    least = Standing.HEADING if is_unclear or is_paid else Standing.TITLE
    if is_paid and (own is not None or other.is_loose):
        return False
    return other.standing >= least and (own is None or other.standing > own.standing)


def _is_likely(other: Title, own: Title | None, *, is_till: bool) -> bool:
    """Whether a title that is outweighed still makes a person look."""
    if own is None and not is_till and not other.is_loose:
        return True
    if other.is_rarely_cited and not other.is_loose:
        return other.standing >= Standing.LABEL
    return other.standing is Standing.HEADING and (own is None or own.standing < Standing.HEADING)


def _no_expense(kind: ExpenseKind, title: str = "") -> Kind:
    named = f": {title[:60]!r}" if title else ""
    return Kind(kind, title, (f"It looks like {_NAMES[kind]}{named}.",))


def _expense_kind(rows: Sequence[Row], found: AmountFound, titles: Sequence[Title], *, is_till: bool) -> ExpenseKind:
    """Tell receipt, invoice and card slip apart."""
    if _is_card_slip(rows, found):
        return ExpenseKind.CARD_SLIP
    kinds = {each.kind for each in titles}
    is_invoice = ExpenseKind.INVOICE in kinds and ExpenseKind.RECEIPT not in kinds and not is_till
    return ExpenseKind.INVOICE if is_invoice else ExpenseKind.RECEIPT


def _is_card_slip(rows: Sequence[Row], found: AmountFound) -> bool:
    """Whether it has the words of a card terminal, hardly any sums, and no tax or change."""
    sums = {abs(each.value) for each in found.sums if each.money.exact and each.value}
    if not 0 < len(sums) <= _SLIP_SUMS or found.paper.having(Role.TAX, Role.CHANGE, Role.SUBTOTAL, Role.NET):
        return False
    words = {word for row in rows[:_MOST_ROWS] for word in words_for(row.text).all_in("slip", split_words(row.text))}
    return len(words) >= _SLIP_WORDS


def _is_letter(rows: Sequence[Row], found: AmountFound) -> bool:
    """Whether it begins and ends like a letter and no sum on it is labelled as a total."""
    if any(each.is_total for each in found.candidates):
        return False
    begun = False
    for row in rows[:_MOST_ROWS]:
        known, words = words_for(row.text), split_words(row.text)
        begun |= bool(known.one_at("dear", words, 0))
        if begun and known.one_at("close", words, 0):
            return True
    return False


def refund_doubt(rows: Sequence[Row], amount: Decimal | None) -> str | None:
    """Say that it may be a refund or not paid, if a short cell says so; beside a sum only if that is the amount."""
    refund = next((cell for row in rows for cell in row.cells if _is_refund(row, cell, amount)), None)
    return f"It may be a refund or not paid: {refund.text[:60]!r}." if refund is not None else None


def sign_doubt(kind: ExpenseKind, amount: Decimal | None) -> str | None:
    """Say that a total below zero is on a paper that is no credit note."""
    if amount is None or amount >= 0 or kind is ExpenseKind.CREDIT_NOTE:
        return None
    return "Its total is negative, but nothing says that it is a credit note."


def _is_refund(row: Row, cell: Cell, amount: Decimal | None) -> bool:
    text = cell.text[:80]
    words, known = split_words(text), words_for(text)
    refund = next(known.all_in("refund", words), None)
    if refund is None or next(known.all_in("policy", words), None) is not None:
        return False
    if sum(sign.isalpha() for word in words for sign in word) - len(refund) > _REFUND_REST:
        return False
    sums = {abs(money.value) for each in row.cells for money in find_money(without_dates(each.text)) if money.exact}
    return not sums or (amount is not None and abs(amount) in sums)
