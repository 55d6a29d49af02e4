"""Explain a line's total by what stands beside it: a count or a weight, times a unit price, less a discount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from expensed.extraction.items.lines import Figure, Line

_MOST_NUMBERS = 8
_TENTH_OF_CENT = Decimal("0.001")
_CENT = Decimal("0.01")
_FEWEST_PIECES = 2
_PIECES = frozenset("pcs pc piece pieces ea each st stk stck stück stuck szt шт ks und un unid pz pzs".split())


@dataclass(frozen=True, slots=True)
class Explained:
    """How a total comes about, as far as it is printed; the proof is the product that gives it."""

    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    proof: str | None = None


def explain(line: Line, total: Figure, details: Sequence[Line] = ()) -> Explained | None:
    """Return the product that gives a total, from its own line or from lines that belong to it; None if there is none."""
    for other in (line, *details):
        counts = _counts(other)
        prices = [each for each in other.figures if each is not total][:_MOST_NUMBERS]
        if found := _product(counts, prices, total.value):
            return found
        if other is not line and (found := _product(_counts(line), prices, total.value)):
            return found
    return None


def gives(line: Line, total: Decimal, without: Figure | None = None) -> bool:
    """Whether a line states the product that a total is, apart from the total itself."""
    prices = [each for each in line.figures if each is not without]
    counts = _counts(line)
    if without is not None and not without.is_exact:
        counts = [each for each in counts if each[0] != without.value]
    return _product(counts, prices, total) is not None


def gives_with_count_of(line: Line, other: Line, total: Decimal) -> bool:
    """Whether a weight or measure in a line, times the price in another one, is the total."""
    measured = [(count, unit) for count, unit in _counts(line) if unit is not None]
    return _product(measured, other.prices, total) is not None


def _counts(line: Line) -> list[tuple[Decimal, str | None]]:
    return line.counts[:_MOST_NUMBERS]


def _product(
    counts: Iterable[tuple[Decimal, str | None]], prices: Sequence[Figure], total: Decimal
) -> Explained | None:
    size = abs(total)
    for count, unit in counts:
        for price in _usable(prices, count, size):
            product = count * price.value
            if is_rounded(product, size) or _is_rounded_price(count, price, size):
                return Explained(count, _unit(unit), price.value, None, f"{count} x {price.value}")
            if price.is_exact and (less := _discount(prices, price, product, size)) is not None:
                return Explained(count, _unit(unit), price.value, -less, f"{count} x {price.value} − {less}")
    return None


def _usable(prices: Sequence[Figure], count: Decimal, total: Decimal) -> list[Figure]:
    """Return the prices that a count may multiply; those without cents only if there are no others."""
    if not count:
        return []
    exact = [each for each in prices if each.is_exact]
    usable = exact or [each for each in prices if each.value != count]
    return [each for each in usable if each.value and not (each.value == 1 and count == total and len(exact) > 1)]


def _is_rounded_price(count: Decimal, price: Figure, total: Decimal) -> bool:
    """Whether the price of one of several pieces was rounded: ten for 105.66 are 10.57 each."""
    if count < _FEWEST_PIECES or count != count.to_integral_value() or not price.is_exact:
        return False
    return (total / count).quantize(_CENT, ROUND_HALF_UP) == price.value


def _discount(prices: Sequence[Figure], price: Figure, product: Decimal, total: Decimal) -> Decimal | None:
    """Return another price of the line that was taken off the product."""
    others = (abs(each.value) for each in prices if each is not price and each.is_exact and each.value)
    return next((each for each in others if is_rounded(product - each, total)), None)


def is_rounded(product: Decimal, total: Decimal) -> bool:
    """Whether a product gives a total once it is rounded, or cut, to the decimals that the total has."""
    if product == total:
        return True
    step = Decimal(1).scaleb(min(int(total.as_tuple().exponent), 0))
    return product.quantize(step, ROUND_HALF_UP) == total or 0 <= product - total < step - _TENTH_OF_CENT


def _unit(unit: str | None) -> str | None:
    return None if unit is None or unit.lower() in _PIECES else unit
