"""How the tills of one country print purchases and taxes: what the tables in `words/taxes/` hold, as types."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache

import msgspec

from benchmarks.drawn.countries import WORDS

FOLDER = WORDS / "taxes"
COUNTRIES = ("US", "CA", "DE", "AT", "CH", "FR", "IT", "ES", "PL", "IN", "MY", "AU")
"""ISO 3166 codes."""


class Good(msgspec.Struct, frozen=True, array_like=True):
    """An article: its name, the place of its class among the classes of goods, and its price from and to."""

    name: str
    tax_class: int
    low: float
    high: float
    unit: str = ""
    """`kg` if it is weighed."""


class Shop(msgspec.Struct, frozen=True):
    """A kind of shop with the names and goods that shops of this kind have."""

    names: tuple[str, ...]
    goods: tuple[Good, ...]
    styles: tuple[str, ...]
    """How lines are set: `columns`, `below`, `after`, `plain` or `counted`; see `till.py`."""
    service: float = 0.0
    """The share of receipts with a service charge."""


class Tax(msgspec.Struct, frozen=True):
    """One tax at one rate, and the classes of goods it is on."""

    names: tuple[str, ...]
    rate: str
    on: tuple[int, ...]


class Table(msgspec.Struct, frozen=True):
    """How taxes are printed: lines for each, `|` between columns.

    `{name} {mark} {rate} {rate1} {rate2} {net} {tax} {gross} {number}` are a tax's own; `rate1` and `rate2` have so
    many decimals; `{taxes}`, `{nets}`, `{grosses}` are the sums of all.
    """

    rows: tuple[str, ...]
    head: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    is_above: bool = False
    """Whether it stands above the total."""
    is_grouped: bool = False
    """Whether the taxes on the same goods have one line together; they have the same rate then."""
    is_sum: bool = False
    """Whether only the sum of all taxes is printed, without a rate."""
    needs_marks: bool = False
    """Whether it is used only where the articles have marks."""

    def prints(self, name: str) -> bool:
        """Whether a figure of each tax is printed."""
        return any(f"{{{name}" in row for row in self.rows)


class Regime(msgspec.Struct, frozen=True):
    """The taxes of one place, or of one way to print them."""

    taxes: tuple[Tax, ...]
    tables: tuple[Table, ...]
    shops: tuple[int, ...]
    """The places of the shops that may have it."""
    places: tuple[str, ...] = ()
    """The last lines of addresses."""
    marks: tuple[tuple[str, ...], ...] = ((),)
    """The marks of the classes of goods, one of these sets; none if empty."""
    is_included: bool = True
    since: int = 2021
    """The first year."""


class Rounding(msgspec.Struct, frozen=True):
    """How totals are rounded."""

    step: str
    labels: tuple[str, ...]
    share: float
    cash_only: bool = False


class Deposit(msgspec.Struct, frozen=True):
    """A deposit on bottles."""

    names: tuple[str, ...]
    price: str
    tax_class: int
    """-1 if it is not taxed."""
    beside: tuple[str, ...]
    """The goods it comes with."""


class Wording(msgspec.Struct, frozen=True):
    """The words and numbers of one country's tills; `#` in a text is a digit."""

    language: str
    currency: str
    numbers: tuple[str, ...]
    """How 1234.5 is written."""
    marks: tuple[str, ...]
    """How the currency stands beside a total: `{}` is the number."""
    step: str
    notes: tuple[int, ...]
    streets: tuple[str, ...]
    places: tuple[str, ...]
    head: tuple[str, ...]
    """Lines below the address, such as the tax number; one to three are taken."""
    dates: tuple[str, ...]
    """For strftime."""
    details: tuple[str, ...]
    columns: tuple[str, ...]
    """Article, quantity, price and sum."""
    times: tuple[str, ...]
    """How often a price is charged: `{quantity} x {price}`; `{unit}` for what is weighed."""
    weighed: tuple[str, ...]
    subtotal: tuple[str, ...]
    total: tuple[str, ...]
    cash: tuple[str, ...]
    change: tuple[str, ...]
    card: tuple[str, ...]
    discount: tuple[str, ...]
    thanks: tuple[str, ...]
    shops: tuple[Shop, ...]
    regimes: tuple[Regime, ...]
    service: tuple[str, ...] = ()
    service_rate: str = "10"
    service_class: int = -1
    """The class by which a service charge is taxed; -1 if it is not."""
    rounding: Rounding | None = None
    deposit: Deposit | None = None
    mark_places: tuple[str, ...] = ("joined", "apart")
    """Where the mark of a class stands: `joined` to the price, `apart` right of it, or `before` it."""
    before: tuple[str, ...] = ("Total",)
    """What the total is called before it is rounded."""

    @property
    def grain(self) -> Decimal:
        """What prices are multiples of."""
        return Decimal(self.step)


@cache
def load_wording(code: str) -> Wording:
    """Load a country's words; raises msgspec.ValidationError if the table does not hold what it must."""
    path = FOLDER / f"{code.lower()}.toml"
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Wording)
