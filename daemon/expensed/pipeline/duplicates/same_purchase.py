"""Tell whether two papers show one purchase: an invoice, its receipt, its reminder, the card slip.

The strongest sign is an invoice number of the same seller, read on both or printed anywhere on the other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from functools import cached_property

from expensed.codes.payment_code import is_account
from expensed.learning.vendor_key import is_alike, reduce_heading
from expensed.model.expense import Expense
from expensed.model.purchase import number_key, rank_paper
from expensed.model.states import ExpenseKind

NEAR_DAYS, REMINDED_DAYS, NUMBER_DAYS = 7, 60, 180
"""Within how many days papers without a common number may be of one purchase; a reminder; those with one."""
SLIP_MINUTES = 10
"""How far a receipt and the slip of its card may be apart."""
COPIED = 0.6
"""The share of their words in common from which two papers with one number may be one paper, scanned or saved again."""
LONGEST = 20_000
"""Letters of a text that are compared: the first pages."""
_MOST_KEYS, _MOST_ROWS = 400, 400
_SHORTEST_CITED, _FEWEST_DIGITS = 4, 3
"""Letters and digits, and digits, that a number needs to be found in a text."""
_CLOCK = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3])[:h]([0-5]\d)(?::[0-5]\d)?(?![\d:])")
_DATE = re.compile(r"(?<![\d.,])(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{2,4})(?![\d])")
_SUM = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,'’]?\d{3})*[.,]\d{2}(?![\d])")
"""A sum with two decimals; only sums that prove each other are used."""
_PART_WORDS = (
    "instal", "rate", "teilzahlung", "mensualit", "échéance", "acompte", "versement", "cuota", "plazo", "rata", "raty",
    "termijn", "parcela", "prestação", "splátk", "delbetaling", "avbetaln", "afdrag", "osamakse", "erä", "taksit",
    "payment", "part", "część", "частина", "часть", "платёж", "платеж", "вноска",
)  # fmt: skip
_OF = r"\s?(?:/|of|von|de|di|da|van|sur|z|ze|av|af|od|на|из|од)\s?"
_PART = re.compile(
    rf"\b(?:{'|'.join(_PART_WORDS)})\w*\W{{0,4}}(?:n\w{{0,2}}\W{{0,2}})?(\d{{1,2}}){_OF}(\d{{1,2}})\b"
    rf"|\b(\d{{1,2}}){_OF}(\d{{1,2}})\W{{1,2}}(?:{'|'.join(_PART_WORDS)})",
    re.IGNORECASE,
)
"""`Instalment 2 of 3`, `2/3 Raten`."""
_HOST = re.compile(r"(?:@|\bwww\.|https?://)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w])(?:[A-Z]{2,3}[ -]?)?\d(?:[ ./-]?\d){7,14}(?![\w])")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")


class Verdict(Enum):
    """What two papers have to do with each other."""

    SAME = auto()
    """They are of one purchase; their number says so."""
    FITS = auto()
    """They are of one purchase unless another paper fits as well."""
    UNSURE = auto()
    """They may be: a person must say."""
    OTHER = auto()


@dataclass(frozen=True)
class Paper:
    """A paper as it was read, with what is compared of its text."""

    expense: Expense
    text: str

    @property
    def kind(self) -> ExpenseKind:
        """Its kind; what nothing is known of is a receipt."""
        return self.expense.kind or ExpenseKind.RECEIPT

    @cached_property
    def number(self) -> str:
        """Its number without separators, or nothing."""
        return number_key(self.expense.invoice_number or "")

    @cached_property
    def times(self) -> frozenset[int]:
        """The times of day that it prints, in minutes."""
        return frozenset(60 * int(hour) + int(minute) for hour, minute in _CLOCK.findall(self.text))

    @cached_property
    def squeezed(self) -> str:
        """Its text without anything that may separate the parts of a number."""
        return number_key("".join(self.text.split()))

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and numbers, in lower case."""
        return frozenset(re.findall(r"\w+", self.text.casefold()))

    @cached_property
    def parts(self) -> frozenset[tuple[str, str]]:
        """Which parts of a sum it says it is: `2 of 3`."""
        return frozenset((found[1] or found[3], found[2] or found[4]) for found in _PART.finditer(self.text))

    @cached_property
    def change(self) -> frozenset[tuple[Decimal, Decimal]]:
        """The sums that were given and given back; see `find_change`."""
        return find_change(self.expense.amount, self.text)

    @cached_property
    def marks(self) -> frozenset[str]:
        """What identifies a seller in any spelling of its name: long numbers, accounts, hosts of sites and mails."""
        text = _DATE.sub(" ", self.text)
        hosts = {host.lower().removeprefix("www.") for host in _HOST.findall(text)}
        numbers = {number_key(found) for found in _LONG_NUMBER.findall(text)}
        accounts = {found.replace(" ", "") for found in _ACCOUNT.findall(text)}
        return frozenset(hosts | {each for each in numbers if each != self.number} | set(filter(is_account, accounts)))

    def cites(self, number: str) -> bool:
        """Whether a number, as `number_key` writes it, is printed here, with any separators or none."""
        if len(number) < _SHORTEST_CITED or sum(map(str.isdecimal, number)) < _FEWEST_DIGITS:
            return False
        if number not in self.squeezed:  # to make the expression below takes longer than all else
            return False
        spaced = r"[\s\-/._#:,\\]{0,3}".join(map(re.escape, number))
        return re.search(rf"(?<!\w)(?<!\d[.,]){spaced}(?!\w|[.,]\d)", self.text, re.IGNORECASE) is not None


def list_keys(paper: Paper) -> list[str]:
    """Return its own number, and whatever on it may be the number of another paper, as `number_key` writes them."""
    found = dict.fromkeys([paper.number] if paper.number else [])
    for line in paper.text.splitlines()[:_MOST_ROWS]:
        words = line.split()
        for start in range(len(words)):
            for key in (number_key("".join(words[start : start + count])) for count in (1, 2, 3)):
                if _SHORTEST_CITED <= len(key) <= 24 and sum(map(str.isdecimal, key)) >= _FEWEST_DIGITS:
                    found[key] = None
        if len(found) >= _MOST_KEYS:
            break
    return list(found)[:_MOST_KEYS]


def compare(one: Paper, other: Paper) -> Verdict:
    """Return whether two papers show one purchase."""
    if not _may_be_one(one, other):
        return Verdict.OTHER
    if one.kind is other.kind and one.number and other.number and one.number != other.number:
        return Verdict.OTHER  # even if one names the other, such as the one before
    is_named_alike = _has_like_name(one, other)
    if _share_number(one, other):
        if _are_other_parts(one, other) or not (is_named_alike or _share_mark(one, other)):
            return Verdict.OTHER
        return _compare_numbered(one, other)
    if not is_named_alike or (one.number and other.number and ExpenseKind.CARD_SLIP not in (one.kind, other.kind)):
        return Verdict.OTHER
    return Verdict.OTHER if _are_other_parts(one, other) else _compare_unnumbered(one, other)


def find_change(amount: Decimal | None, text: str) -> frozenset[tuple[Decimal, Decimal]]:
    """Return the sums on a paper that may have been given and given back for an amount, by arithmetic."""
    if amount is None or amount <= 0:
        return frozenset()
    sums = {_read_sum(found) for found in _SUM.findall(_DATE.sub(" ", text))}
    return frozenset((given, given - amount) for given in sums if given > amount and given - amount in sums)


def _read_sum(written: str) -> Decimal:
    digits = re.sub(r"\D", "", written)
    return Decimal(int(digits)).scaleb(-2)


def pay_differently(amount: Decimal | None, text: str, other_text: str) -> bool:
    """Whether two papers of an amount tell of other sums that were given and given back."""
    change, other_change = find_change(amount, text), find_change(amount, other_text)
    return bool(change and other_change) and change.isdisjoint(other_change)


def _may_be_one(one: Paper, other: Paper) -> bool:
    """Whether their kinds and currencies allow it."""
    if rank_paper(one.expense) is None or rank_paper(other.expense) is None:
        return False
    if _is_credit(one) != _is_credit(other):
        return False
    currencies = {one.expense.currency, other.expense.currency} - {None}
    return len(currencies) <= 1


def _are_other_parts(one: Paper, other: Paper) -> bool:
    return bool(one.parts and other.parts) and one.parts.isdisjoint(other.parts)


def _is_credit(paper: Paper) -> bool:
    amount = paper.expense.amount
    return paper.kind is ExpenseKind.CREDIT_NOTE or (amount is not None and amount < 0)


def _has_like_name(one: Paper, other: Paper) -> bool:
    """Whether they name a seller nearly alike."""
    names, others = list(_names(one)), list(_names(other))
    return any(is_alike(heading, name) for heading in names for name in others)


def _share_mark(one: Paper, other: Paper) -> bool:
    """Whether a number or a host that identifies a seller is on both."""
    return not one.marks.isdisjoint(other.marks)


def _names(paper: Paper) -> Iterator[str]:
    for name in (paper.expense.vendor, paper.expense.legal_name):
        heading = reduce_heading(name or "")
        if heading is not None:
            yield heading


def _share_number(one: Paper, other: Paper) -> bool:
    if one.number and other.number and one.number == other.number:
        return True
    return (bool(one.number) and other.cites(one.number)) or (bool(other.number) and one.cites(other.number))


def _compare_numbered(one: Paper, other: Paper) -> Verdict:
    """Compare papers of one seller with a common number."""
    amounts = {one.expense.amount, other.expense.amount} - {None}
    if len(amounts) > 1:  # a part was paid, or fees were added; or the number is a customer's
        return Verdict.OTHER if one.kind is other.kind else Verdict.UNSURE
    apart = _days_apart(one, other)
    if apart is not None and apart > NUMBER_DAYS:
        return Verdict.UNSURE
    is_repeated = one.kind is other.kind and one.kind is not ExpenseKind.REMINDER
    if is_repeated and (apart != 0 or _differ_in_time(one, other) or _pay_differently(one, other)):
        return Verdict.UNSURE  # it may be the number of the customer, or of the till
    if is_repeated and _share_words(one, other) >= COPIED:
        return Verdict.UNSURE  # it may be the same paper again
    return Verdict.SAME


def _compare_unnumbered(one: Paper, other: Paper) -> Verdict:
    """Compare papers of one seller without a common number."""
    amount, apart = one.expense.amount, _days_apart(one, other)
    if amount is None or amount != other.expense.amount or None in (one.expense.currency, other.expense.currency):
        return Verdict.OTHER
    if apart is None or one.kind is other.kind:
        return Verdict.OTHER
    kinds = {one.kind, other.kind}
    if ExpenseKind.REMINDER in kinds:
        return Verdict.UNSURE if apart <= REMINDED_DAYS else Verdict.OTHER
    if ExpenseKind.CARD_SLIP in kinds and ExpenseKind.RECEIPT in kinds:
        return _compare_with_slip(one, other, apart)
    return Verdict.UNSURE if apart <= NEAR_DAYS else Verdict.OTHER


def _compare_with_slip(one: Paper, other: Paper, apart: int) -> Verdict:
    """Compare a receipt with the slip of a card terminal."""
    if apart > 0 or one.change or other.change:  # another day, or paid in cash
        return Verdict.OTHER
    if not one.times or not other.times:
        return Verdict.UNSURE
    least = min(abs(early - late) for early in one.times for late in other.times)
    return Verdict.FITS if least <= SLIP_MINUTES else Verdict.OTHER


def _days_apart(one: Paper, other: Paper) -> int | None:
    if one.expense.date is None or other.expense.date is None:
        return None
    return abs((one.expense.date - other.expense.date).days)


def _share_words(one: Paper, other: Paper) -> float:
    """Return the share of the words of both papers that stand on each, 0..1; 1 if nothing stands on them."""
    return len(one.words & other.words) / max(len(one.words | other.words), 1) if one.words or other.words else 1.0


def _pay_differently(one: Paper, other: Paper) -> bool:
    return bool(one.change and other.change) and one.change.isdisjoint(other.change)


def _differ_in_time(one: Paper, other: Paper) -> bool:
    return bool(one.times - other.times and other.times - one.times)
