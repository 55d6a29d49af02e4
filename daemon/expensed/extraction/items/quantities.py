"""Explain a line's total by what stands beside it: a count or a weight, times a unit price, less a discount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from expensed.extraction.items.lines import Figure, Line
from expensed.extraction.word_lists import load_word_lists

_MOST_NUMBERS = 8
_MOST_PIECES = 10_000
_TENTH_OF_CENT = Decimal("0.001")
_CENT = Decimal("0.01")
_COIN = Decimal("0.05")
_FEWEST_PIECES = 2
_PIECES = frozenset(load_word_lists("items", "words")["pieces"])


@dataclass(frozen=True, slots=True)
class Explained:
    """How a total comes about, as far as it is printed; the proof is the product that gives it."""

    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    proof: str | None = None


def explain(line: Line, total: Figure, details: Sequence[Line] = ()) -> Explained | None:
    """Return the product that gives a total, from its own line or from those that belong to it; None if none does."""
    own = _before(line, total)
    if found := _product(_counts(line, own), own, total.value):
        return found
    for other in details:
        prices = other.figures[:_MOST_NUMBERS]
        counts = [*_counts(other, prices), *_counts(line, own)]
        if found := _product(counts, [*prices, *own], total.value):
            return found
    return None


def gives(line: Line, total: Decimal, without: Figure | None = None) -> bool:
    """Whether a line states the product that a total is, apart from the total itself."""
    figures = line.figures[:_MOST_NUMBERS] if without is None else _before(line, without)
    return _product(_counts(line, figures), figures, total) is not None


def products(line: Line, total: Figure, details: Sequence[Line] = ()) -> set[Decimal]:
    """Return what the counts and unit prices beside a total make, in cents."""
    found = set()
    for other in (line, *details):
        prices = _before(line, total) if other is line else list(other.figures[:_MOST_NUMBERS])
        for count in _counts(other, prices):
            usable = _usable(prices, count, total.value)
            found |= {(count.value * price.value).quantize(_CENT, ROUND_HALF_UP) for price in usable}
    return found


def _before(line: Line, total: Figure) -> list[Figure]:
    """Return the numbers of a line that stand left of its total."""
    return [each for each in line.figures if each is not total and each.right < total.right][:_MOST_NUMBERS]


def gives_with_count_of(line: Line, other: Line, total: Decimal) -> bool:
    """Whether a weight or measure in a line, times the price in another one, is the total."""
    measured = [_Count(count, unit) for count, unit in line.counts[:_MOST_NUMBERS] if unit is not None]
    return _product(measured, other.prices[:_MOST_NUMBERS], total) is not None


@dataclass(frozen=True, slots=True)
class _Count:
    """What may be a count; `figure` is the number that it was taken from, None if a sign marks it as a count."""

    value: Decimal
    unit: str | None = None
    figure: Figure | None = None


def _counts(line: Line, figures: Sequence[Figure]) -> list[_Count]:
    """Return what may be a count: what is marked as one, then whole numbers, then others, left to right."""
    found = [_Count(value, unit) for value, unit in line.counts[:_MOST_NUMBERS]]
    for is_exact in (False, True):
        some = (each for each in figures if each.is_exact is is_exact and 0 < each.value < _MOST_PIECES)
        found += [_Count(each.value, None, each) for each in some]
    return found


def _product(counts: Iterable[_Count], prices: Sequence[Figure], total: Decimal) -> Explained | None:
    size = abs(total)
    for each in counts:
        count = each.value
        for price in _usable(prices, each, size):
            product = count * price.value
            if is_rounded(product, size) or _is_rounded_price(count, price, size) or _is_in_coins(each, product, size):
                return Explained(count, _unit(each.unit), price.value, None, f"{count} x {price.value}")
            if price.is_exact and (less := _discount(prices, price, product, size)) is not None:
                return Explained(count, _unit(each.unit), price.value, -less, f"{count} x {price.value} − {less}")
    return None


def _usable(prices: Sequence[Figure], count: _Count, total: Decimal) -> list[Figure]:
    """Return the prices that a count may multiply; those without cents only if there are no others."""
    if not count.value:
        return []
    exact = [each for each in prices if each.is_price]
    others = [each for each in exact or prices if each is not count.figure and each.value]
    return [each for each in others if not (each.value == 1 and count.value == total and len(exact) > 1)]


def _is_in_coins(count: _Count, product: Decimal, total: Decimal) -> bool:
    """Whether the price of what was weighed is rounded to the smallest coin, as Swiss tills do."""
    return count.unit is not None and not total % _COIN and abs(product - total) <= _COIN / 2


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
