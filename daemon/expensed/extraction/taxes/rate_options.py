"""Tell which numbers of a line may be the rate of its tax, whatever became of the sign for percent.

Engines read `7 %` as `78`, `10%` as `1096`, `2.5%` as `2 59`; only arithmetic can tell, so that all are options.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from expensed.extraction.items.lines import Line
from expensed.extraction.items.misread_totals import differ_in_a_digit
from expensed.extraction.taxes.labels import usual_rates
from expensed.extraction.taxes.rates import HIGHEST_RATE, fits_net

_BARE_RATE = re.compile(r"(?<![\w.,])\d{1,2}(?:[.,]\d{1,3})?(?![\w.,%])")
_NUMBER = re.compile(r"(?<![^\W\d_]{2})(?<!\d)(\d{1,6}(?:[.,]\d{1,6})?)((?:[^\W\d](?!\w))?)")
"""A number, and the letter behind it: `4.81s`."""
_GLUED = re.compile(r"(?<=\d[.,])(\d{1,2}(?:[.,]\d{1,4}|(?=\s?%)))()")
"""A rate behind the dot of something else: `inc1.19%`, `2.20.00%`; the decimals of a sum are none."""
_PARTED = re.compile(r"(?<![\w.,])(\d{1,2})(?:[.,]\s|\s)(\d{1,4})(?![\d.,])")
"""A rate with a space where its decimal point was: `2 50%`, `19, 00 %`."""
_GAP = re.compile(r"(?<=\d)\s(?=\d)|(?<=\d[.,])\s(?=\d)")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?")
_FOR_PERCENT = ("96", "95", "98", "86", "8", "6", "9", "4", "0", "2", "3", "5", "1", "7")
"""What engines make of a sign for percent behind a number."""
_FREE = re.compile(r"(?<![\w.,])0(?:[.,]\d{1,2}|\d{1,2})?(?!\d)")
_NO_TAX = ("0.00", "0,00")
_LONGEST_LABEL = 60
_TELLING = Decimal("0.30")
"""A tax below this fits several rates."""
_SMALLEST_BARE = Decimal(1)
_LEAST_WITH_SIGN = 100
"""From here on, a rate has its sign for percent among its figures."""


def bare_rates(line: Line) -> list[Decimal]:
    """Return the numbers of a line that may be rates whose sign for percent is left out."""
    found = map(_decimal, _BARE_RATE.findall(line.text))
    return [rate for rate in found if _SMALLEST_BARE <= rate <= HIGHEST_RATE]


def rate_options(line: Line, *, in_sums: bool = False) -> list[Decimal]:
    """Return what the numbers before a line's last sum may be as rates in percent, the likeliest first.

    A table's rates may stand `in_sums`: then every number of the line may be one.
    """
    text = line.text if in_sums else line.before(line.prices[-1] if line.prices else None)[:_LONGEST_LABEL]
    return list(_options(text, in_sums))


@lru_cache(maxsize=2_000)
def _options(text: str, in_sums: bool) -> tuple[Decimal, ...]:
    whole = _GAP.sub("", text)
    numbers = [
        *_NUMBER.findall(text),
        *_NUMBER.findall(whole if whole != text else ""),
        *((f"{whole}.{rest}", "") for whole, rest in _PARTED.findall(text)),
    ]
    rates = _rates(numbers, in_sums)
    if not any(rate.normalize() in usual_rates() for rate in rates):
        rates |= _rates(_GLUED.findall(text), in_sums)
    return tuple(sorted(rates, key=is_odd))


def _rates(numbers: Iterable[tuple[str, str]], in_sums: bool) -> dict[Decimal, None]:
    rates = (
        _decimal(form)
        for number, letter in numbers
        for form in _forms(number, is_bare=in_sums, is_complete=bool(letter))
        if _RATE.fullmatch(form)
    )
    return dict.fromkeys(rate for rate in rates if 0 < rate <= HIGHEST_RATE)


def rate_without_sign(line: Line) -> Decimal | None:
    """Return the rate of a line if only one can be meant once its misread sign for percent is taken off.

    A sign behind one or two figures was read, so that both are of the rate: `90%` is not 9 %.
    """
    if any(rate < _LEAST_WITH_SIGN for rate in line.percents):
        return None
    usual = {rate.normalize() for rate in rate_options(line)} & usual_rates()
    bare = {rate.normalize() for rate in bare_rates(line)}
    return usual.pop() if len(usual) == 1 and not usual <= bare else None


def rate_of(net: Decimal, tax: Decimal) -> Decimal | None:
    """Return the usual rate at which a net leads to a tax, if it is the only one."""
    fitting = [rate for rate in usual_rates() if rate and fits_net(net, tax, rate)]
    return fitting[0] if len(fitting) == 1 and tax >= _TELLING else None


def usual_rates_near(rate: Decimal) -> list[Decimal]:
    """Return the usual rates that are written as this one but for one digit."""
    return sorted(usual for usual in usual_rates() if differ_in_a_digit(usual, rate))


def is_odd(rate: Decimal) -> tuple[bool, int]:
    """Return how odd a rate is; of two that fit, the plainer one is meant."""
    return rate.normalize() not in usual_rates(), decimals(rate)


def decimals(rate: Decimal) -> int:
    """Return how many decimals a rate has."""
    return max(-int(rate.normalize().as_tuple().exponent), 0)


def may_be_free(line: Line) -> bool:
    """Whether a number before a line's last sum may be the rate zero: `0%`, `0.08`, `09%`."""
    text = line.before(line.prices[-1] if line.prices else None)
    return 0 in line.percents or any(number not in _NO_TAX for number in _FREE.findall(text))


def _forms(number: str, *, is_bare: bool, is_complete: bool) -> list[str]:
    """Return a number without what may be its sign for percent and, among bare sums, without a mark before it.

    A letter right behind the number is the sign itself, so that the number is complete: `4.81s`.
    """
    is_complete &= _RATE.fullmatch(number) is not None and _decimal(number) <= HIGHEST_RATE
    cut = [] if is_complete else [number[: -len(sign)] for sign in _FOR_PERCENT if number.endswith(sign)]
    forms = [*cut, number]
    return [*forms, *(form[1:] for form in forms if is_bare and len(form) > 1)]


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
