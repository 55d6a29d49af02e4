"""The values of an e-invoice XML as it writes them: decimals, dates, currency codes. What is not clear is None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{1,12})?|[.,][0-9]{1,12})")
_LARGEST = Decimal(10) ** 12
_CENTS = Decimal("0.01")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T[0-9:.]{5,20})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_FIRST_YEAR = 1970
_CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK "
    "HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL".split()
)
"""ISO 4217: what is in use, and what was when e-invoices began."""


def parse_decimal(text: str | None) -> Decimal | None:
    """`1234.5`, `-12`, and with a decimal comma `1234,50`; None for exponents, groups of thousands, NaN and 10^12.

    `1,234` is None too: whether the comma counts thousands cannot be told. Whole cents come with two decimals.
    """
    stripped = (text or "").strip()
    if not _DECIMAL.fullmatch(stripped) or re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]{3}", stripped):
        return None
    value = Decimal(stripped.replace(",", "."))
    if abs(value) >= _LARGEST:
        return None
    in_cents = value.quantize(_CENTS)
    return (in_cents if in_cents == value else value) + 0  # and no negative zero


def parse_day(text: str | None, latest: date) -> date | None:
    """An ISO date, with or without time and zone, from 1970 up to `latest`."""
    match = _ISO_DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return found if found.year >= _FIRST_YEAR and found <= latest else None


def parse_currency(text: str | None) -> str | None:
    """An ISO 4217 code, whatever its case."""
    code = (text or "").strip().upper()
    return code if code in _CURRENCIES else None
