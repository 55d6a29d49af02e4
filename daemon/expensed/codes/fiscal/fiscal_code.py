"""What a fiscal code holds, whatever its dialect; a field that the dialect does not hold is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

TEST_SYSTEM = "Its fiscal code is of a test system."
TRAINING = "Its fiscal code says that the till was in training mode."
CANCELS = "Its fiscal code says that it cancels a receipt."


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax rate's share of the total, with the figures that the code gives; None for those that it does not."""

    rate: Decimal | None = None
    """In percent."""
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    name: str | None = None
    """Which tax it is, where it is not the one that the country has on sales."""


@dataclass(frozen=True, slots=True)
class FiscalCode:
    """The content of a code that keeps all the rules of its dialect."""

    kind: str
    """The dialect in words, e.g. `German fiscal code`."""
    days: tuple[date, ...] = ()
    """The day on paper; several where the code gives another clock's time and the local day depends on the offset."""
    clock: time | None = None
    """The local time of day."""
    total: Decimal | None = None
    """With tax; negative for a refund. Never a net amount."""
    net: Decimal | None = None
    """Without tax, where the code holds that instead of or beside the total."""
    tax: Decimal | None = None
    """All taxes together, where the code holds their sum."""
    taxes: tuple[Tax, ...] = ()
    currency: str | None = None
    """The currency of the total."""
    seller: str | None = None
    """The seller's name."""
    seller_tax_id: str | None = None
    number: str | None = None
    """The number of the invoice or receipt, as the code gives it."""
    tells_refunds: bool = False
    """Whether the dialect gives a refund a negative total, so that a positive one is a purchase."""
    remark: str | None = None
    """A sentence if the code itself says that this is not a purchase."""

    @property
    def day(self) -> date | None:
        """The day on paper if the code leaves no choice."""
        return self.days[0] if len(self.days) == 1 else None
