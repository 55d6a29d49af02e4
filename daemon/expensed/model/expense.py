"""Expenses. Their fields are declared here, once; every other list of them is derived.

A new field that is read from documents is a line in `Facts`, set where extraction finds it. It then appears in the
sidecar, the ledger, the answers and their OpenAPI schema, `expensed show` and the JSON lines.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Self, get_args, get_type_hints

from msgspec import UNSET, Meta, UnsetType

from expensed.model.breakdown import CheckedSum, Item, TaxLine
from expensed.model.lesson import NO_TRAITS, Traits
from expensed.model.money import with_decimals, write_amount
from expensed.model.reading import Box
from expensed.model.states import ExpenseKind

Value = str | Decimal | dt.date | tuple[Item, ...] | tuple[TaxLine, ...]
"""The value of a field that a person may give."""
Percent = Annotated[int, Meta(ge=0, le=100, description="The probability that amount and date are both right.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of an expense, each None if unknown; the first five are a contract with clients."""

    vendor: str | None = None
    """The name by which people call the seller."""
    amount: Decimal | None = None
    """The amount charged, with tax."""
    date: dt.date | None = None
    """The day of the purchase or of the invoice."""
    category: str | None = None
    confidence: Percent | None = None
    currency: str | None = None
    """An ISO 4217 code."""
    kind: ExpenseKind | None = None
    tax: Decimal | None = None
    invoice_number: str | None = None
    legal_name: str | None = None
    """The seller's registered name, if it is printed: the company that runs the shop."""
    legal_form: str | None = None
    """The seller's, as usually written, e.g. `Sdn Bhd`, `GmbH & Co. KG`; it also stays in the name if printed."""
    amount_due: Decimal | None = None
    payment_method: str | None = None
    """`Cash`, `Visa 1234`, `Direct debit`, ..., as far as the document tells."""
    due_date: dt.date | None = None
    """The last day to pay, if one is printed."""
    payer: str | None = None
    """Who paid; a person says so, or the subfolder of the inbox does."""
    project: str | None = None
    """What it was spent on; likewise."""

    def __post_init__(self) -> None:
        for name in MONEY:
            amount = getattr(self, name)
            if amount is not None:
                object.__setattr__(self, name, with_decimals(amount, self.currency))


MONEY = tuple(name for name, kind in get_type_hints(Facts).items() if Decimal in (kind, *get_args(kind)))
"""The fields that are amounts; they get the decimals of their currency."""
UNSURE = "It was not read with enough certainty."
"""The reason for a review for which no other is known."""
NEEDED = ("vendor", "amount", "date", "currency")
"""The fields a document must have to be filed: its name in the archive and its bookkeeping entry need them."""


SAID = "a person said so"
CONFIRMED = "a person confirmed it"
BY_DEFAULT = "the default currency: the document names none"
"""The proof of a currency that was not read."""
FOLDER = "the folder it was dropped into"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One chosen value with its place on the document, its confidence and its proof."""

    value: str | None
    """As shown to people: an amount with its decimals, a date in ISO form, a name."""
    confidence: Annotated[float, Meta(ge=0, le=1, description="The probability that the value is right.")]
    page: int | None = None
    box: Annotated[
        Box | None, Meta(description="Left, top, right, bottom as fractions of the upright page's width and height.")
    ] = None
    text: str | None = None
    """The words at that place."""
    proof: str | None = None
    """The arithmetic or source that proves it, e.g. `net 44.13 + tax 8.86`; None if unproven."""
    read_as: Annotated[
        str | UnsetType, Meta(description="What was read there before it was corrected or replaced by what was learnt.")
    ] = UNSET

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", round(self.confidence, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Another value that a field might have, with its place on the document."""

    value: str
    """As shown to people, as in `Evidence`."""
    confidence: Annotated[float, Meta(ge=0, le=1, description="The probability that this value is the right one.")]
    page: int | None = None
    box: Annotated[Box | None, Meta(description="As in the fields' evidence.")] = None
    text: str | None = None
    """The words at that place."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", round(self.confidence, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePaper:
    """The first document that shows the same paper in another scan or photo, and why that is sure."""

    document: str
    """Its id."""
    reason: str
    """The end of a sentence that begins with `It`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense(Facts):
    """The facts a document states about an expense, with their evidence, as kept and shown everywhere."""

    confidence: Percent
    description: str | UnsetType = UNSET
    """A person's words about it."""
    fields: Mapping[str, Evidence] = field(default_factory=dict)
    """By the name of the field."""
    items: tuple[Item, ...] = ()
    """The lines of the document, in their order."""
    taxes: tuple[TaxLine, ...] = ()
    """Its taxes by rate."""
    sums: tuple[CheckedSum, ...] = ()
    """The sums it prints, each with its proof if the items or taxes give one."""
    duplicate_of: str | None = None
    """The id of the first document with the same bytes, or of the same paper."""
    same_paper: SamePaper | UnsetType = UNSET
    """Only if this is another scan or photo of a paper that is known already."""
    looks_like: str | UnsetType = UNSET
    """The id of a document that seems to show the same expense, if that is a reason for a review."""
    same_purchase: tuple[str, ...] | UnsetType = UNSET
    """The ids of the other papers of the same purchase, such as its receipt; an export counts one of them."""
    lessons: tuple[int, ...] | UnsetType = UNSET
    """The numbers of the lessons by which a field was changed or made sure."""
    needs_review: bool = False
    reasons: tuple[str, ...] = ()
    """Sentences that say why a person should look; empty if `needs_review` is false."""
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """By the name of each doubtful field, what else it might be, likeliest first; only if `needs_review` is true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The fields of an expense that a person may give; a field that was not given is UNSET."""

    vendor: str | UnsetType | None = UNSET
    amount: Decimal | UnsetType | None = UNSET
    date: dt.date | UnsetType | None = UNSET
    category: str | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    payer: str | UnsetType | None = UNSET
    project: str | UnsetType | None = UNSET
    items: tuple[Item, ...] | UnsetType | None = UNSET
    """All of them, in place of those that were read."""
    taxes: tuple[TaxLine, ...] | UnsetType | None = UNSET

    def given(self) -> Iterator[tuple[str, Value | None]]:
        """Yield the given fields with their values; None means that there was no value before."""
        for name in SAYABLE:
            value = getattr(self, name)
            if value is not UNSET:
                yield name, value

    def names(self) -> frozenset[str]:
        """Return the names of the given fields."""
        return frozenset(name for name, _ in self.given())

    def only(self, names: Iterable[str]) -> Self:
        """Return only the given fields with these names."""
        wanted = frozenset(names)
        return self._with({name: value for name, value in self.given() if name in wanted})

    def over(self, other: Self) -> Self:
        """Return these fields, and those of the other that are not among them."""
        return self._with(dict(other.given()) | dict(self.given()))

    def applied_to(self, expense: Expense) -> Expense:
        """Return the expense with these fields in place of its own."""
        values: dict[str, Any] = {  # each field has its own type
            name: () if value is None and name in LISTS else value for name, value in self.given()
        }
        return dataclasses.replace(expense, **values)

    @classmethod
    def of(cls, expense: Expense | None, names: Iterable[str]) -> Self:
        """Return an expense's values under these names; None for each that it lacks."""
        return cls._with({name: read_value(expense, name) for name in names})

    @classmethod
    def _with(cls, values: Mapping[str, Any]) -> Self:  # each field has its own type
        """Return the fields of this mapping."""
        return cls(**values)


SAYABLE = tuple(each.name for each in dataclasses.fields(Said))
LISTS = ("items", "taxes")
"""The sayable fields that are lists; whoever files a document has not thereby looked at each of their lines."""


def read_value(expense: Expense | None, name: str) -> Value | None:
    """Return a sayable field of an expense; None if it has no value."""
    value: Value | UnsetType | None = getattr(expense, name, None)
    return None if value is UNSET else value


def write_value(value: Value | None, currency: str | None) -> str | None:
    """Return the value of a sayable field as shown to people; of a list, how many lines it has."""
    match value:
        case Decimal():
            return write_amount(value, currency)
        case dt.date():
            return value.isoformat()
        case tuple():
            return f"{len(value)} {'line' if len(value) == 1 else 'lines'}"
        case _:
            return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The data people gave for a document, and the values before the first correction."""

    said: Said
    original: Said
    confirmed: Said | UnsetType = UNSET
    """The values a person let stand when they filed it from review."""
    at: str | UnsetType = UNSET
    """When they did, in UTC."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field might have taken, with its score, its place and the reasons for it."""

    value: str
    score: float
    """Comparable between choices of one field on one document; has no unit."""
    page: int | None
    box: Box | None
    text: str
    why: str
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The result of a reading process: the expense, and what is kept of the reading."""

    kind: str
    """The media type."""
    engine: str
    text: str
    warnings: tuple[str, ...]
    expense: Expense
    turns: tuple[float, ...] = ()
    """One for each page; see `Page.turns`."""
    fingerprint: tuple[int, ...] = ()
    """The keys by which other scans of the same paper are found; see `model.fingerprint`."""
    traits: Traits = NO_TRAITS
    """What is compared with lessons."""
    picture_keys: tuple[int, ...] = ()
    """The keys by which the same picture is found, if it is one; see `reading.whole_pictures.picture_keys`."""
    sha256: str = ""
    """The sha256 of the bytes that were read."""
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """The choices for each field, best first; only if an explanation was requested."""


def without_review(expense: Expense) -> Expense:
    """Return the expense without any doubt: a person, or another paper, has settled them."""
    return dataclasses.replace(expense, needs_review=False, reasons=(), candidates={})


def list_lacking(expense: Expense | Said | None, said: Iterable[str] = ()) -> list[str]:
    """Return the fields missing before a document can be filed; an amount of 0 counts only if a person `said` it."""
    named = frozenset(said)
    return [name for name in NEEDED if _is_lacking(getattr(expense, name, None), is_said=name in named)]


def _is_lacking(value: Value | UnsetType | None, *, is_said: bool) -> bool:
    return value is None or value is UNSET or (value == 0 and not is_said)
