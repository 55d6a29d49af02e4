"""Read what is left of an e-invoice whose XML is not well-formed, so that a person sees what it says and what it lacks.

What can be mended without guessing is: letters that are not in the encoding that is named, and an `&` that stands for
itself. Of anything else, what ends before the damage is read. Documents with a DOCTYPE or entities stay refused.
"""

from __future__ import annotations

import re
from dataclasses import replace

from expensed.errors import Corrupt, DocumentError
from expensed.model.reading import EInvoice
from expensed.reading.einvoice.read import understand
from expensed.reading.einvoice.tree import behind_declaration, behind_envelope, parse_beginning

_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,40};)")
_WESTERN = "cp1252"
"""What programs that disregard encodings mostly write."""
_LETTERS = " It is not written in the encoding that it names, so letters with accents may be wrong."
_NAMES = {"seller": "seller", "number": "number", "issue_date": "date", "currency": "currency", "total": "total"}


def read_damaged(data: bytes, error: Corrupt) -> tuple[EInvoice, ...]:
    """Return the invoices in a damaged XML, with a remark that says what is missing.

    Raises `error`, why it could not be read as it is, if not even a seller, a number or a date can be made out.
    """
    mended, note = _mended(data)
    root, is_whole = parse_beginning(mended)
    try:
        found = understand(root) if root is not None else ()
    except DocumentError:
        found = ()
    told = tuple(_with_remark(each, error, note, is_whole=is_whole) for each in found)
    if not any(each.seller or each.number or each.issue_date for each in told):
        raise error
    return told


def _mended(data: bytes) -> tuple[bytes, str]:
    """Return the document in UTF-8, and what to say of that; anything in UTF-16 as it is."""
    if b"\0" in data[:4]:
        return data, ""
    body = behind_declaration(behind_envelope(data) or data)
    try:
        text, note = body.decode("utf-8"), ""
    except UnicodeDecodeError:
        text, note = body.decode(_WESTERN, "replace"), _LETTERS
    return _BARE_AMPERSAND.sub("&amp;", text).encode(), note


def _with_remark(invoice: EInvoice, error: Corrupt, note: str, *, is_whole: bool) -> EInvoice:
    """Return the invoice with what is wrong; sums of which some may be missing are not added up to a total."""
    why = error.message.removeprefix("The XML is broken: ").rstrip(".")
    if not is_whole and invoice.total is None:
        invoice = replace(invoice, net=None, tax=None, taxes=(), dues=(), line_total=None)
    lacking = [name for field, name in _NAMES.items() if getattr(invoice, field) is None]
    rest = "" if is_whole else " What stands behind that place was not read."
    lacks = f" It lacks: {', '.join(lacking)}." if lacking else ""
    return replace(invoice, remarks=(f"The e-invoice is damaged ({why}).{note}{rest}{lacks}", *invoice.remarks))
