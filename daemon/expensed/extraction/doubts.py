"""Doubts in words: what is doubtful about a document, what it probably is, and what else it might be.

The daemon must be able to state them too, so this is light and without the rest of extraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from expensed.model.expense import NEEDED, Candidate, Evidence, Expense, list_lacking
from expensed.model.money import write_amount, write_money

VENDOR_SURE = 0.85
PROBABLE = 0.70
"""From this probability on, a sentence calls a value probable."""
NO_VENDOR = "No vendor was found."
UNCERTAIN_VENDOR = "The vendor is uncertain: "
ORDER_HINT = "if the day always stands first (or never), set extraction.day_first."
CURRENCY_HINT = "if it always means one of them, set extraction.default_currency to that."
"""How the sentences end that name both readings of a date, and all currencies of a sign."""
_HINTS = {"date": ORDER_HINT, "currency": CURRENCY_HINT}
_LACKS = {
    "amount": "no sum confirms it",
    "date": "nothing else confirms it",
    "currency": "nothing on it says so clearly",
}
"""What would have confirmed a field."""
_NAMES = {"amount": "amount", "date": "date", "vendor": "seller", "currency": "currency", "category": "category"}
"""What sentences call the fields that may be doubtful, in the order in which a person looks at them."""
ASKED = tuple(_NAMES)
"""The fields about which a person may be asked."""
_MOST_NAMED = 2
_WORTH_NAMING = 1 / 3
"""A value less likely than this share of the likeliest other one is not named in a sentence."""
_READ_TWICE = re.compile(
    r"The (?P<field>\w+) was read as (?P<first>.+) at first, and as (?P<second>.+) when it was looked at again\."
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SETTING = re.compile(r"\bextraction\.(?:day_first|default_currency)\b")
"""A setting that would settle between the readings that the sentence names."""


class Chosen(Protocol):
    """A chosen value and its probability."""

    @property
    def value(self) -> str | None:
        """The value as shown."""

    @property
    def confidence(self) -> float:
        """The probability, 0..1."""

    @property
    def proof(self) -> str | None:
        """What proves it; None if nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing that a person should look at."""

    field: str | None
    """The field that is doubtful; None if it is not known which one, or none is."""
    sentence: str


def is_doubtful(name: str, chosen: Chosen | None, review_below: float) -> bool:
    """Whether a person should look at the field of this name; a category is less strictly judged."""
    if chosen is None or chosen.value is None:
        return True
    if name == "vendor":
        return vendor_doubt(chosen) is not None
    return chosen.proof is None and chosen.confidence < (VENDOR_SURE if name == "category" else review_below)


def missing(name: str) -> str:
    """Return the sentence that says that a field was not found."""
    return f"No {name} was found."


def unconfirmed(name: str, chosen: Chosen, others: Sequence[str]) -> str:
    """Say how likely an amount, date or currency is, that nothing confirms it, and what else it might be."""
    other = f" It might also be {' or '.join(others)}." if others else ""
    return f"{_unconfirmed(name, chosen)}{_LACKS[name]}.{other}"


def _unconfirmed(name: str, chosen: Chosen) -> str:
    if chosen.confidence >= PROBABLE:
        return f"The {name} {chosen.value} is probably right, but "
    return f"The {name} may be {chosen.value}, but that is not certain: "


def read_twice(name: str, first: Chosen, second: Chosen) -> str:
    """Return the sentence that says that two looks read a field differently."""
    return f"The {name} was read as {first.value} at first, and as {second.value} when it was looked at again."


def vendor_doubt(vendor: Chosen | None) -> str | None:
    """Return why a person should look at the vendor, as a sentence; None if no review is needed."""
    if vendor is None or vendor.value is None:
        return NO_VENDOR
    if vendor.confidence < VENDOR_SURE:
        return f"{UNCERTAIN_VENDOR}it {'is probably' if vendor.confidence >= PROBABLE else 'may be'} {vendor.value}."
    return None


def is_vendor_doubt(reason: str) -> bool:
    """Whether a reason for a review is a doubt about the vendor."""
    return reason == NO_VENDOR or reason.startswith(UNCERTAIN_VENDOR)


def is_doubt_about(name: str, chosen: Evidence | None, reason: str) -> bool:
    """Whether a reason for a review says no more than that a field was not found, or is not sure enough.

    What speaks against a value, such as another look that differs, is another doubt. `chosen` is what was read.
    """
    return _is_said_of(name, chosen, reason) or (name in _HINTS and reason.endswith(_HINTS[name]))


def describe_doubts(expense: Expense) -> tuple[Doubt, ...]:
    """Return what is doubtful about an expense that needs a review: a sentence for each field, then what else there is.

    The sentences say all that its `reasons` say, in fewer words, and name other values that are worth a thought.
    """
    rest = list(expense.reasons)
    doubts: list[Doubt] = []
    lacking = list_lacking(expense)
    for name in _NAMES:
        if name not in expense.candidates and name not in lacking:
            continue
        own = [reason for reason in rest if _is_said_of(name, expense.fields.get(name), reason)]
        if own or name == "category" or name in lacking or not _is_untold(expense, lacking):
            doubts.append(Doubt(field=name, sentence=_describe(name, expense, rest, is_unconfirmed=bool(own))))
        named = {expense.fields[name].value if name in expense.fields else None}
        named |= {each.value for each in _worth_naming(expense.candidates.get(name, ()))}
        rest = [reason for reason in rest if reason not in own and not _repeats(name, reason, named)]
    return (*doubts, *(Doubt(field=None, sentence=reason) for reason in rest))


def _is_untold(expense: Expense, lacking: Sequence[str]) -> bool:
    """Whether none of the fields is doubtful by itself, so that all of them have candidates."""
    if lacking or not all(name in expense.candidates for name in NEEDED if name != "currency"):
        return False
    said = [(name, expense.fields.get(name)) for name in NEEDED]
    return not any(_is_said_of(name, chosen, reason) for name, chosen in said for reason in expense.reasons)


def _is_said_of(name: str, chosen: Evidence | None, reason: str) -> bool:
    """Whether a reason says no more of a field than that it is missing or unconfirmed."""
    if name == "vendor":
        return is_vendor_doubt(reason)
    if reason == missing(name):
        return True
    return chosen is not None and name in _LACKS and reason.startswith(_unconfirmed(name, chosen))


def _repeats(name: str, reason: str, named: set[str | None]) -> bool:
    """Whether a reason only says that two looks differed, and both values are named already."""
    read = _READ_TWICE.fullmatch(reason)
    return read is not None and read["field"] == name and {read["first"], read["second"]} <= named


def _describe(name: str, expense: Expense, reasons: Iterable[str], *, is_unconfirmed: bool) -> str:
    chosen = expense.fields.get(name)
    others = _worth_naming(expense.candidates.get(name, ()))
    if any(_SETTING.search(reason) for reason in reasons if name in ("date", "currency") and _is_told(name, reason)):
        others = []  # a sentence of its own names them
    shown = " or ".join(_or_list([_show(name, each.value, expense) for each in others]))
    if chosen is None or chosen.value is None:
        return f"No {_NAMES[name]} was found.{f' It might be {shown}.' if shown else ''}"
    value = write_money(expense.amount, expense.currency) if name == "amount" and expense.amount is not None else None
    lack = f"; {_LACKS[name]}" if is_unconfirmed and name in _LACKS else ""
    return f"{_probably(name, value or chosen.value, chosen.confidence)}{lack}.{_else(shown, others)}"


def _probably(name: str, value: str, confidence: float) -> str:
    if confidence < PROBABLE:
        return f"The {_NAMES[name]} may be {value}"
    return f"{value} is probably right" if name == "amount" else f"{value} is probably the {_NAMES[name]}"


def _else(shown: str, others: Sequence[Candidate]) -> str:
    if not shown:
        return ""
    is_printed = all(each.box is not None and _is_in(each.text or "", each.value) for each in others)
    return f" Also on the paper: {shown.replace(' or ', ', ')}." if is_printed else f" It might also be {shown}."


def _is_in(text: str, value: str) -> bool:
    """Whether a value, if it is a number, stands in a text as it is."""
    return not _NUMBER.fullmatch(value) or re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)", text) is not None


def _is_told(name: str, reason: str) -> bool:
    return ("day_first" in reason) == (name == "date")


def _worth_naming(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the few candidates that are worth a word: the likeliest, and what is not far behind it."""
    return [each for each in candidates[:_MOST_NAMED] if each.confidence >= candidates[0].confidence * _WORTH_NAMING]


def _or_list(values: Sequence[str]) -> Iterator[str]:
    """Yield all values but the last as one text with commas, then the last."""
    if len(values) > 1:
        yield ", ".join(values[:-1])
    yield from values[-1:]


def _show(name: str, value: str, expense: Expense) -> str:
    return write_amount(Decimal(value), expense.currency) if name == "amount" else value
