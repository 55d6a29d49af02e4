"""Parse the text of a payment code: EPC (GiroCode; EPC069-12) and Swiss QR-bill (SIX, version 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum import iban

from expensed.codes.machine_values import parse_currency, parse_decimal

_LONGEST = 2_000
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
_EPC_AMOUNT = re.compile(r"([A-Z]{3})([0-9]{1,9}(?:\.[0-9]{1,2})?)")
_SWISS_AMOUNT = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_EPC_NAME, _EPC_IBAN, _EPC_SUM, _EPC_REFERENCE, _EPC_MESSAGE = 5, 6, 7, 9, 10
_SWISS_IBAN, _SWISS_NAME, _SWISS_SUM, _SWISS_CURRENCY = 3, 5, 18, 19
_SWISS_REFERENCE, _SWISS_MESSAGE, _SWISS_BILL = 28, 29, 31
_BILL_PART = re.compile(r"/(\d{2})/((?:[^/\\]|\\.)*)")
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A requested payment; `amount` is None if the payer fills it in."""

    kind: str
    """`EPC payment code` or `Swiss QR-bill`."""
    creditor: str
    account: str
    currency: str
    amount: Decimal | None
    reference: str | None
    """The creditor's reference, or the message if there is none."""
    invoice_number: str | None = None
    """From a Swiss QR-bill's billing information (Swico S1)."""
    invoice_date: date | None = None


def parse_payment_code(text: str) -> PaymentCode | None:
    """Parse the payment that a code asks for; None for any other text, and for one that breaks its own rules."""
    lines = [line.strip() for line in text[:_LONGEST].removeprefix("\ufeff").splitlines()]
    if lines[:1] == ["BCD"]:
        return _parse_epc(lines)
    if lines[:1] == ["SPC"]:
        return _parse_swiss(lines)
    return None


def is_account(text: str) -> bool:
    """Whether this is an IBAN (ISO 13616) in its country's form with correct check digits."""
    return _IBAN.fullmatch(text) is not None and iban.is_valid(text, check_country=False)


def _parse_epc(lines: list[str]) -> PaymentCode | None:
    account = _at(lines, _EPC_IBAN).replace(" ", "")
    written = _at(lines, _EPC_SUM)
    match = _EPC_AMOUNT.fullmatch(written)
    creditor = _at(lines, _EPC_NAME)
    if not creditor or not is_account(account) or (written and match is None):
        return None
    amount = parse_decimal(match[2]) if match else None
    currency = parse_currency(match[1]) if match else "EUR"
    if currency is None or (match is not None and not amount):
        return None
    reference = _at(lines, _EPC_REFERENCE) or _at(lines, _EPC_MESSAGE)
    return PaymentCode("EPC payment code", creditor, account, currency, amount, reference or None)


def _parse_swiss(lines: list[str]) -> PaymentCode | None:
    account = _at(lines, _SWISS_IBAN).replace(" ", "")
    written, currency = _at(lines, _SWISS_SUM), _at(lines, _SWISS_CURRENCY)
    creditor = _at(lines, _SWISS_NAME)
    if not creditor or not is_account(account) or currency not in {"CHF", "EUR"}:
        return None
    if written and not _SWISS_AMOUNT.fullmatch(written):
        return None
    reference = _at(lines, _SWISS_REFERENCE) or _at(lines, _SWISS_MESSAGE)
    number, day = _parse_bill(_at(lines, _SWISS_BILL))
    amount = parse_decimal(written) or None  # 0.00 means that there is nothing to pay
    return PaymentCode("Swiss QR-bill", creditor, account, currency, amount, reference or None, number, day)


def _parse_bill(text: str) -> tuple[str | None, date | None]:
    """Parse number and date of the invoice from Swico's `//S1/10/4711/11/240315/...`; a backslash escapes a slash."""
    if not text.startswith("//S1/"):
        return None, None
    parts = {key: re.sub(r"\\(.)", r"\1", value) for key, value in _BILL_PART.findall(text[4:])}
    return parts.get("10") or None, _parse_short_date(parts.get("11", ""))


def _parse_short_date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    try:
        return date(_CENTURY + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


def _at(lines: list[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""
