"""What an expense is made of: the lines of the document, its taxes by rate, and the sums that were checked.

Nothing here is made up to let a sum come out right: what was not printed is None, and what adds up to nothing has no
proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from expensed.model.reading import Box

Place = Annotated[
    Box | None, Meta(description="Left, top, right, bottom as fractions of the upright page's width and height.")
]
Proof = Annotated[str | None, Meta(description="The sum that proves it, e.g. `2 x 3.50`; None if it is unproven.")]
Misread = Annotated[
    str | UnsetType, Meta(description="What was read before a digit was corrected that several sums agree upon.")
]


class ItemKind(StrEnum):
    """What a line of a document charges or takes off."""

    GOODS = "goods"
    """Goods or a service that was bought."""
    DISCOUNT = "discount"
    """A discount or a coupon; its total is negative."""
    DEPOSIT = "deposit"
    """A deposit on bottles and the like; its refund is negative."""
    VOID = "void"
    """A line that takes back another one."""
    ROUNDING = "rounding"
    SERVICE = "service"
    """A service charge, a cover charge."""
    TIP = "tip"
    DELIVERY = "delivery"
    FEE = "fee"
    """Any other extra charge, e.g. for a bag or for paying by card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a document. `total` has its sign; every figure is as printed, None if it is not."""

    kind: ItemKind = ItemKind.GOODS
    description: str | None = None
    quantity: Decimal | None = None
    """In `unit`; pieces if that is None."""
    unit: str | None = None
    """`kg`, `l`, `h`, ..., as printed."""
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    """What was taken off this line; negative, and already taken off its `total`."""
    total: Decimal | None = None
    """With or without tax, as the document prints its lines."""
    tax_rate: Decimal | None = None
    """In percent."""
    tax_mark: str | None = None
    """The mark that ties it to a rate, e.g. `A` or `*`."""
    category: str | UnsetType = UNSET
    """Where it is another than the document's."""
    page: int | None = None
    box: Place = None
    proof: Proof = None
    read_as: Misread = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One tax of a document at one rate; a figure that is not printed is None, unless the proof says how it follows."""

    name: str | None = None
    """As printed: `MwSt`, `GST`, `State Tax`, ..."""
    rate: Decimal | None = None
    """In percent; 0 for what is free of tax."""
    mark: str | None = None
    """The mark by which items refer to it."""
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    is_included: bool | None = None
    """Whether the prices of the items contain it; None if that is unclear."""
    page: int | None = None
    box: Place = None
    proof: Proof = None
    read_as: Misread = UNSET


class SumName(StrEnum):
    """Which sum of a document it is."""

    SUBTOTAL = "subtotal"
    NET = "net"
    TAX = "tax"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSum:
    """A sum that the document prints, with the items or taxes that add up to it; without proof if nothing does."""

    name: SumName
    value: Decimal
    proof: Proof = None
