"""E-invoice XML attached to a PDF: found by content, bounded in size, and ignored if unusable."""

from __future__ import annotations

import ctypes
import logging
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from expensed.errors import DocumentError
from expensed.formats.known_formats import Format
from expensed.formats.sniff import find_format
from expensed.model.reading import EInvoice

if TYPE_CHECKING:
    from pypdfium2 import PdfAttachment, PdfDocument

LARGEST = 16 << 20
"""Bytes; the limit for all XML attachments of a document together."""
MOST_ATTACHMENTS = 40
_KNOWN = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
"""The names that the standards prescribe, newest first."""
_log = logging.getLogger(__name__)


def find_invoices(document: PdfDocument) -> tuple[EInvoice, ...]:
    """Return the invoices attached to an open PDF, those under a prescribed name first.

    An attachment that is broken, hostile or not an invoice is ignored, since the pages still say everything.
    """
    found: list[EInvoice] = []
    left = LARGEST
    for name, attachment in sorted(_attachments(document), key=lambda each: _rank(each[0])):
        content = _content(attachment, left)
        if content is None:
            continue
        left -= len(content)
        from expensed.reading.einvoice.read import read_invoices

        try:
            found += read_invoices(content)
        except DocumentError as error:
            _log.info("the attachment %r is ignored: %s", name[:100], error.message)
    return tuple(found)


def _attachments(document: PdfDocument) -> list[tuple[str, PdfAttachment]]:
    found = []
    for index in range(min(document.count_attachments(), MOST_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            found.append((attachment.get_name(), attachment))
        except (pdfium.PdfiumError, UnicodeDecodeError, ValueError) as error:
            _log.info("attachment %d cannot be read: %s", index, error)
    return [each for each in found if _may_be_xml(each[0])]


def _may_be_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".isdoc")) or "." not in name


def _rank(name: str) -> int:
    return _KNOWN.index(name.lower()) if name.lower() in _KNOWN else len(_KNOWN)


def _content(attachment: PdfAttachment, most: int) -> bytes | None:
    """Return the attachment's bytes if they look like XML and are not too many; pdfium must unpack them to count."""
    size = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(attachment, None, 0, size) or not 0 < size.value <= most:
        return None
    try:
        content = bytes(attachment.get_data())
        return content if find_format(content) is Format.XML else None
    except pdfium.PdfiumError:
        return None
