"""The arithmetic of a tax: how net, tax and gross of one rate belong together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from expensed.extraction.items.misread_totals import differ_in_a_digit

_HUNDRED = Decimal(100)
_TOLERANCE = Decimal("0.011")
"""How far a tax may be from its rate times the net: tills round it down, up, or line by line."""
_TELLING = Decimal("0.10")
"""A tax below this fits several rates unless it is rounded exactly."""
HIGHEST_RATE = Decimal(50)
_CLEAR = Decimal(1)
"""A tax that is only calculated must be large enough for its rate to be told."""
_NOTHING, _NO_TAX = Decimal(0), Decimal("0.00")
_HIGHEST_UNKNOWN = Decimal("0.30")


@dataclass(frozen=True, slots=True)
class Split:
    """Net, tax and gross of one rate, as far as they are printed, and the sum that ties them."""

    net: Decimal | None
    tax: Decimal
    gross: Decimal | None
    proof: str | None
    is_printed: bool = True
    """Whether the tax itself is printed; if not, it is what lies between net and gross."""
    read_as: Decimal | None = None
    """What was read instead of a tax in which a digit was mended."""


def fits_net(net: Decimal, tax: Decimal, rate: Decimal) -> bool:
    """Whether a tax is the rate, in percent, of a net."""
    return abs(net * rate / _HUNDRED - tax) <= _tolerance(tax)


def fits_gross(gross: Decimal, tax: Decimal, rate: Decimal) -> bool:
    """Whether a tax at this rate, in percent, is contained in a gross sum."""
    return abs(gross * rate / (_HUNDRED + rate) - tax) <= _tolerance(tax)


def _tolerance(tax: Decimal) -> Decimal:
    """Return a cent, half of one for a small tax; half a unit for sums without cents."""
    if int(tax.as_tuple().exponent) >= 0:
        return Decimal("0.51")
    return _TOLERANCE if abs(tax) >= _TELLING else _TOLERANCE / 2


def split(values: list[Decimal], rate: Decimal | None) -> Split | None:
    """Return which of the sums of one line are net, tax and gross, by arithmetic; None if nothing ties them."""
    if rate is None:
        return _in_three(values, None)
    if not rate:
        return free(values)
    return _in_three(values, rate) or _mended(values, rate) or _in_two(values, rate) or _between(values, rate)


def free(values: list[Decimal]) -> Split | None:
    """Return the sum of a line at the rate zero, which stands there beside a tax of zero or as both net and gross."""
    net = max(values)
    rest = [each for each in values if each != net]
    if net > _TELLING > max(rest, default=_TELLING) and (_NOTHING in rest or values.count(net) > 1):
        return Split(net, _NO_TAX, net, f"free of tax: {net}")
    return None


def _between(values: list[Decimal], rate: Decimal) -> Split | None:
    """Return the tax between a net and a gross that the rate ties, where the tax itself was misread or left out."""
    for net, gross in permutations(values, 2):
        tax = gross - net
        is_printed = any(abs(each - tax) < 1 for each in values if each not in (net, gross))
        is_exact = abs(net * rate / _HUNDRED - tax) <= _TOLERANCE / 2
        if net > tax >= (_TELLING if is_exact else _CLEAR) and not is_printed and fits_net(net, tax, rate):
            proof = f"gross {gross} − net {net} at {rate.normalize():f} %"
            return Split(net, tax, gross, proof, is_printed=False)
    return None


def _in_three(values: list[Decimal], rate: Decimal | None) -> Split | None:
    for net, tax, gross in permutations(values, 3):
        if net + tax != gross or abs(tax) > abs(net) or (not tax and rate):
            continue
        if rate is not None and not fits_net(net, tax, rate):
            continue
        if rate is None and not (tax and 0 < tax / net <= _HIGHEST_UNKNOWN):
            continue
        return Split(net, tax, gross, f"net {net} + tax {tax} = {gross}")
    return None


def _mended(values: list[Decimal], rate: Decimal) -> Split | None:
    """Return net, tax and gross if the tax has one misread digit: net, gross and rate agree upon another one."""
    for net, tax, gross in permutations(values, 3):
        due, exact = gross - net, net * rate / _HUNDRED
        if (
            due > _TELLING
            and differ_in_a_digit(tax, due)
            and fits_net(net, due, rate)
            and abs(due - exact) < abs(tax - exact)  # else it may be the net or the gross that was misread
            and not fits_gross(net, due, rate)
        ):
            return Split(net, due, gross, f"net {net} + tax {due} = {gross}", read_as=tax)
    return None


def _in_two(values: list[Decimal], rate: Decimal) -> Split | None:
    shown = f"{rate.normalize():f} %"
    for one, tax in permutations(values, 2):
        if abs(tax) > abs(one) or (not tax and rate):
            continue
        if fits_net(one, tax, rate):
            return Split(one, tax, None, f"{shown} of {one}")
        if fits_gross(one, tax, rate):
            return Split(None, tax, one, f"{shown} in {one}")
    return None
