"""Read a document: bytes in, words out; no paths, and no clock but the monotonic one.

Whatever a hostile file provokes in a decoder becomes a DocumentError here; the parent process handles crashes and
endless loops. Decoders and engines are imported when a document needs them.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from expensed.errors import Corrupt, DocumentError, ExpensedError, SetupError, TooLarge
from expensed.formats.known_formats import ROWS, Decoder, Format
from expensed.formats.sniff import sniff_format
from expensed.model.reading import Code, EInvoice, Page, Reading, Word
from expensed.reading.closer_look import Sheets
from expensed.reading.engines.deadline import Deadline, start_deadline
from expensed.reading.options import ReadingOptions
from expensed.reading.scripts.known_scripts import scripts_of_languages
from expensed.reading.sheet import Sheet

if TYPE_CHECKING:
    from expensed.reading.engines.engine import Pixels
    from expensed.reading.upright import UprightText

_log = logging.getLogger(__name__)

_MOST_CODES = 20
_CODED = re.compile(
    r"(?<![^\W_])[A-Z]{2} ?\d{2}(?: ?[A-Z0-9]{2,4}){3,8}"
    r"|(?i:\bqr\b|qr-|giro-?code|zahlteil|section paiement|sezione pagamento|payment part)"
    r"|\bTSE\b|RKSV|_R1-AT|ATCUD|VERI\*FACTU|TBAI|KSeF|\b(?:JIR|ZKI|ZOI|EOR|IKOF|PFR)\b|ПФР|\bФН\b"
    r"|(?i:chave de acesso|ticket-?bai|zatca)|发票|電子發票"
)
"""An IBAN, or words for a payment code or a fiscal one; a page with neither, and no square picture, is not rendered."""

_ABOVE_SHEET = 0.12
"""The share of a page's height above its paper that a second look sees, too.

Where a shadow was taken for the paper's edge, the seller's name was cut off: on 5 of 194 photos, by at most 0.1.
"""


def read_document(data: bytes, options: ReadingOptions, sheets: Sheets | None = None) -> Reading:
    """Return all words on a picture or PDF, page by page, and the e-invoices that it is or carries.

    In `sheets`, if given, the pictures of some pages are kept for a second look.

    Raises UnsupportedKind, Encrypted, Corrupt or TooLarge for a fault of the document, SetupError if no engine can be
    used. After `options.deadline_s` the rest of the document is left out, with a warning; a document on which nothing
    can be read also gets one.
    """
    kind = sniff_format(data)
    media_type = ROWS[kind].media_type
    warnings: list[str] = []
    reader = _Reader(options, start_deadline(options.deadline_s), warnings, sheets)
    try:
        pages = tuple(reader.read_pages(data, kind))
    except ExpensedError:
        raise
    except MemoryError as error:
        raise TooLarge("The file needs more memory to open than there is.") from error
    except Exception as error:  # decoders fail on broken files in every possible way
        _log.info("a decoder failed: %s", error, exc_info=True)
        raise Corrupt(f"The file is broken: it cannot be decoded as {media_type}.") from error
    if not reader.invoices and not any(page.words for page in pages):
        warnings.append("Nothing could be read on it: it may be blank, too dark or too small.")
    codes = tuple(reader.codes)
    return Reading(media_type, reader.engine_name, pages, tuple(dict.fromkeys(warnings)), reader.invoices, codes)


@dataclass(frozen=True, slots=True)
class _Found:
    """A page that was read from its pixels; the sheet only if the first engine knows its letters."""

    page: Page
    pixels: Pixels
    sheet: Sheet | None
    warning: str | None = None
    by_tesseract: bool = False


class _Reader:
    """One document being read: the options, the time left, the warnings so far."""

    def __init__(self, options: ReadingOptions, deadline: Deadline, warnings: list[str], sheets: Sheets | None) -> None:
        self.engine_name = "none"
        self.invoices: tuple[EInvoice, ...] = ()
        self.codes: list[Code] = []
        self._options = options
        self._deadline = deadline
        self._warnings = warnings
        self._sheets = sheets
        self._scripts = scripts_of_languages(options.languages)
        self._believes_text = False
        self._by_tesseract = False

    def read_pages(self, data: bytes, kind: Format) -> Iterator[Page]:
        """Yield the pages of a document of this kind; an XML has none, and is taken out of what encloses it."""
        decoder = ROWS[kind].decoder
        if decoder is Decoder.XML:
            self.invoices = _read_xml(data, kind)
            return iter(())
        return self.read_pdf(data) if decoder is Decoder.PDF else self.read_pictures(data, kind)

    def read_pictures(self, data: bytes, kind: Format) -> Iterator[Page]:
        """Yield the pages of a picture file while there is time."""
        from expensed.reading.pictures import decode_pictures

        frames = decode_pictures(data, kind, self._options, self._warnings)
        for number, (pixels, width, height) in enumerate(frames, 1):
            if number > 1 and self._is_late(f"page {number - 1}"):
                return
            yield self._read_pixels(pixels, Page(number, width, height, (), "image"))

    def read_pdf(self, data: bytes) -> Iterator[Page]:
        """Yield the pages of a PDF while there is time; a broken page is left out with a warning.

        If an attached e-invoice says what matters, the pages' own text is enough.
        """
        from expensed.reading.pdf.attachments import find_invoices
        from expensed.reading.pdf.pages import open_pdf

        with open_pdf(data, self._options) as document:
            self.invoices = find_invoices(document)
            needs_pixels = not any(_is_telling(invoice) for invoice in self.invoices)
            count = len(document)
            for number in range(1, count + 1):
                try:
                    yield self._read_pdf_page(document, number, needs_pixels)
                except DocumentError as error:
                    if count == 1 and needs_pixels:
                        raise
                    self._warnings.append(f"Page {number} was left out: {error.message}")
                    continue
                if number < count and self._is_late(f"page {number} of {count}"):
                    return

    def _read_pdf_page(self, document: Any, number: int, needs_pixels: bool) -> Page:
        from expensed.reading.pdf.pages import read_page

        page = read_page(document, number, self._options, needs_pixels=needs_pixels)
        whole = Page(number, page.width, page.height, page.words, page.source)
        if page.pixels is not None:
            return self._read_pixels(page.pixels, whole)
        if not needs_pixels:
            return whole
        if (clearer := self._read_instead_of_text(document, whole)) is not None:
            return clearer
        if page.has_square or _speaks_of_a_code(page.words):
            self._look_for_codes_in(document, number)
        return whole

    def _read_instead_of_text(self, document: Any, page: Page) -> Page | None:
        """Return the page as it is read from its picture if its own text is garbled; None if that is to be believed.

        If the picture of one page says no more than its text, no further page of the document is doubted.
        """
        from expensed.reading.language import is_clearer, is_doubtful
        from expensed.reading.pdf.pages import render_page

        own = [word.text for word in page.words]
        if self._believes_text or not is_doubtful(own) or self._deadline.has_passed():
            return None
        try:
            found = self._understand(self._read_text(render_page(document, page.number)), page)
        except (SetupError, TimeoutError) as error:
            _log.info("the text of page %d was not compared with its picture: %s", page.number, error)
            return None
        self._believes_text = not is_clearer([word.text for word in found.page.words], own)
        return None if self._believes_text else self._take(replace(found, page=replace(found.page, source="rendered")))

    def _read_pixels(self, pixels: Pixels, page: Page) -> Page:
        """Return the page with the words on its pixels, in the size that it has upright."""
        try:
            return self._take(self._understand(self._read_text(pixels), page))
        except TimeoutError:
            self._warnings.append(f"Time ran out before page {page.number} was read.")
            return page

    def _read_text(self, pixels: Pixels) -> UprightText:
        from expensed.reading.engines.select import select_engine
        from expensed.reading.upright import read_upright

        return read_upright(select_engine(self._options.engine, self._options.languages), pixels, self._deadline)

    def _understand(self, text: UprightText, page: Page) -> _Found:
        """Return the page with this text on it, and with the letters that the engine does not know read by another."""
        from expensed.reading.slope.bend import measure_bend
        from expensed.reading.slope.lean import measure_lean

        sheet = _sheet(text)
        words = tuple(sheet.place(sighting, page.number) for sighting in text.sightings)
        lean = measure_bend(sheet, words) or measure_lean(sheet, words)
        page = replace(_turned(page, text.turns), words=words, lean=lean)
        if self._first_engine() != "paddle" or not self._scripts:
            return _Found(page, text.pixels, sheet)
        from expensed.reading.scripts.reread import reread_other_script

        try:
            found = reread_other_script(page, sheet, self._scripts, self._deadline, larger=self._options.second_look)
        except Exception as error:  # noqa: BLE001 - whatever the larger model fails on, the page has been read
            _log.warning("the letters of page %d were not looked at again: %s", page.number, error, exc_info=True)
            return _Found(page, text.pixels, sheet)
        if found.script is None and not found.warning:
            return _Found(replace(found.page, lean=page.lean), text.pixels, sheet)
        return _Found(found.page, text.pixels, None, found.warning, found.script is not None)

    def _take(self, found: _Found) -> Page:
        """Return the page; look for codes on it, and keep its sheet for a second look."""
        self._by_tesseract |= found.by_tesseract
        self.engine_name = f"{self._first_engine()}, tesseract" if self._by_tesseract else self._first_engine()
        self._look_for_codes(found.pixels, found.page.number)
        if found.warning:
            self._warnings.append(found.warning)
        if self._sheets is not None and found.sheet is not None and self._first_engine() == "paddle":
            is_photo = found.page.source == "image"
            sheet = found.sheet.raised(found.pixels, _ABOVE_SHEET) if is_photo else found.sheet
            self._sheets.keep(found.page.number, sheet)
        return found.page

    def _first_engine(self) -> str:
        from expensed.reading.engines.select import name_engine

        return name_engine(self._options.engine)

    def _look_for_codes_in(self, document: Any, number: int) -> None:
        """Render a PDF page whose own text sufficed and look for codes; failing to render it does not matter."""
        from expensed.reading.pdf.pages import render_page
        from expensed.reading.qrcodes import RENDER_DPI

        try:
            self._look_for_codes(render_page(document, number, RENDER_DPI), number)
        except Exception as error:  # noqa: BLE001 - the page has been read; a code only confirms it
            _log.info("page %d was not searched for codes: %s", number, error)

    def _look_for_codes(self, pixels: Pixels, page: int) -> None:
        from expensed.reading.qrcodes import find_codes

        if len(self.codes) < _MOST_CODES and not self._deadline.has_passed():
            self.codes += [Code(each.text, page, each.box, each.data) for each in find_codes(pixels)]

    def _is_late(self, place: str) -> bool:
        if not self._deadline.has_passed():
            return False
        self._warnings.append(f"Time ran out after {place}: the rest was not read.")
        return True


def _read_xml(data: bytes, kind: Format) -> tuple[EInvoice, ...]:
    from expensed.reading.einvoice.damaged import read_damaged
    from expensed.reading.einvoice.read import read_invoices
    from expensed.reading.einvoice.unwrap import unwrap_xml

    xml = unwrap_xml(data, kind)
    try:
        return read_invoices(xml)
    except Corrupt as error:
        return read_damaged(xml, error)


def _is_telling(invoice: EInvoice) -> bool:
    """Whether the XML states what an expense needs."""
    return bool(invoice.seller and invoice.issue_date and (invoice.total or invoice.dues or invoice.taxes))


def _speaks_of_a_code(words: tuple[Word, ...]) -> bool:
    """Whether the page names a bank account, a payment code or what stands beside a fiscal one."""
    return _CODED.search(" ".join(word.text for word in words)) is not None


def _turned(page: Page, turns: float) -> Page:
    """Return the page, in its own unit, in the size that it has once it is turned."""
    quarters = round(turns)
    width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    lean = math.radians(abs(turns - quarters) * 90)
    sine, cosine = math.sin(lean), math.cos(lean)
    return replace(page, width=width * cosine + height * sine, height=height * cosine + width * sine, turns=turns)


def _sheet(text: UprightText) -> Sheet:
    height, width = text.pixels.shape
    left, top, right, bottom = text.box
    crop = text.pixels[top:bottom, left:right]
    return Sheet(crop, (left / width, top / height, right / width, bottom / height))
