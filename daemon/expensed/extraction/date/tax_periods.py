"""Periods in which taxes were in force: a document that prints a tax was issued within its period.

This only settles which of two readings of a date can be right; it never creates a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_GRACE_DAYS = 31
"""Tolerance for tills that were changed over late or early."""


@dataclass(frozen=True, slots=True)
class Regime:
    """A tax of a currency's country: the pattern that recognises it, and its first and last day."""

    code: str
    words: re.Pattern[str]
    first: date
    last: date


def _regime(code: str, words: str, first: str, last: str = "2999-12-31") -> Regime:
    return Regime(code, re.compile(words, re.IGNORECASE), date.fromisoformat(first), date.fromisoformat(last))


_REGIMES = (
    _regime("MYR", r"\bgst\b", "2015-04-01", "2018-08-31"),
    _regime("MYR", r"gst\D{0,12}\b6(?:[.,]00?)? ?%|\b6(?:[.,]00?)? ?%.{0,12}gst", "2015-04-01", "2018-05-31"),
    _regime("INR", r"\b[cs]gst\b", "2017-07-01"),
    _regime("AUD", r"\bgst\b", "2000-07-01"),
    _regime("CHF", r"mwst.{0,20}\b8[.,]10?\b|\b8[.,]10? ?%.{0,20}mwst", "2024-01-01"),
    _regime("CHF", r"mwst.{0,20}\b7[.,]70?\b|\b7[.,]70? ?%.{0,20}mwst", "2018-01-01", "2023-12-31"),
    _regime("CHF", r"mwst.{0,20}\b8[.,]00?\b ?%|\b8[.,]00? ?%.{0,20}mwst", "2011-01-01", "2017-12-31"),
    _regime("EUR", r"mwst.{0,8}\b19\b|\b19(?:[.,]00?)? ?%.{0,8}mwst", "2007-01-01"),
    _regime("EUR", r"mwst.{0,8}\b16(?:[.,]00?)? ?%|\b16(?:[.,]00?)? ?% ?mwst", "1998-04-01", "2020-12-31"),
    _regime("EUR", r"tva.{0,8}\b20(?:[.,]00?)? ?%|\b20(?:[.,]00?)? ?% ?tva", "2014-01-01"),
    _regime("EUR", r"tva.{0,8}\b19[.,]60?\b|\b19[.,]60? ?% ?tva", "2000-04-01", "2013-12-31"),
    _regime("EUR", r"iva.{0,8}\b22(?:[.,]00?)? ?%|\b22(?:[.,]00?)? ?% ?iva", "2013-10-01"),
    _regime("EUR", r"btw.{0,8}\b21(?:[.,]00?)? ?%|\b21(?:[.,]00?)? ?% ?btw", "1996-01-01"),
    _regime("EUR", r"alv.{0,8}\b25[.,]50?\b|\b25[.,]50? ?% ?alv", "2024-09-01"),
    _regime("EUR", r"alv.{0,8}\b24(?:[.,]00?)? ?%|\b24(?:[.,]00?)? ?% ?alv", "2013-01-01", "2024-08-31"),
    _regime("GBP", r"vat.{0,8}\b17[.,]50?\b|\b17[.,]50? ?% ?vat", "1991-04-01", "2011-01-03"),
    _regime("SGD", r"gst.{0,8}\b7(?:[.,]00?)? ?%|\b7(?:[.,]00?)? ?% ?gst", "2007-07-01", "2022-12-31"),
    _regime("SGD", r"gst.{0,8}\b8(?:[.,]00?)? ?%|\b8(?:[.,]00?)? ?% ?gst", "2023-01-01", "2023-12-31"),
    _regime("SGD", r"gst.{0,8}\b9(?:[.,]00?)? ?%|\b9(?:[.,]00?)? ?% ?gst", "2024-01-01"),
    _regime("CZK", r"dph.{0,8}\b21(?:[.,]00?)? ?%|\b21(?:[.,]00?)? ?% ?dph", "2013-01-01"),
    _regime("PLN", r"(?:vat|ptu).{0,8}\b23(?:[.,]00?)? ?%|\b23(?:[.,]00?)? ?%.{0,6}(?:vat|ptu)", "2011-01-01"),
    _regime("AED", r"vat.{0,8}\b5(?:[.,]00?)? ?%", "2018-01-01"),
    _regime("SAR", r"vat.{0,8}\b15(?:[.,]00?)? ?%", "2020-07-01"),
    _regime("JPY", r"10 ?%", "2019-10-01"),
)  # fmt: skip


def find_regimes(code: str, text: str) -> list[Regime]:
    """Return the taxes of that currency's country that the text mentions."""
    return [regime for regime in _REGIMES if regime.code == code and regime.words.search(text)]


def is_in_force(day: date, regimes: list[Regime]) -> bool:
    """Whether all of them were in force on that day, give or take a month."""
    return all(
        (regime.first - day).days <= _GRACE_DAYS and (day - regime.last).days <= _GRACE_DAYS for regime in regimes
    )
