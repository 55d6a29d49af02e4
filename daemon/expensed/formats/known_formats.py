"""The table of file formats: how each is recognised, when it is taken, where it ends, how it is read and named.

Everything else about formats derives from it. A new format is a member of `Format`, a row of `TABLE`, and a module in
`ends/` that tells whether such a file is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from expensed.formats import signatures
from expensed.formats.ends.archive import judge_archive
from expensed.formats.ends.bmp import judge_bmp
from expensed.formats.ends.gif import judge_gif
from expensed.formats.ends.heif import judge_avif, judge_heic
from expensed.formats.ends.jpeg import judge_jpeg
from expensed.formats.ends.pdf import judge_pdf
from expensed.formats.ends.png import judge_png
from expensed.formats.ends.reader import Reader, Verdict
from expensed.formats.ends.riff import judge_webp
from expensed.formats.ends.signed import judge_signed
from expensed.formats.ends.tiff import judge_tiff
from expensed.formats.ends.xml import judge_xml


class Format(StrEnum):
    """The supported formats."""

    JPEG = "jpeg"
    """Also the first picture of a multi-picture file (MPO), as phones and cameras write them."""
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    """The first picture of an animation."""
    BMP = "bmp"
    TIFF = "tiff"
    """Also BigTIFF; the only picture format with pages."""
    HEIC = "heic"
    """HEIF pictures coded with HEVC, or with brands that name no codec."""
    AVIF = "avif"
    """HEIF pictures coded with AV1."""
    SIGNED = "signed"
    """A CMS file (`.p7m`) around an e-invoice; the signature itself is not verified."""
    ISDOCX = "isdocx"
    """A ZIP archive with an ISDOC invoice in it."""
    PDF = "pdf"
    XML = "xml"
    """Any XML but a web page; only reading it tells whether it is an e-invoice."""


class Moment(Enum):
    """When a whole file may be taken."""

    AT_CLOSE = "as soon as its writer closes it"
    SETTLED = "when it has been left alone for a while: scanners append pages by opening it again"


class Decoder(Enum):
    """The part of reading that turns it into words."""

    PICTURE = "Pillow and an OCR engine"
    PDF = "pdfium, and an OCR engine for its pictures"
    XML = "the dialects of e-invoices, perhaps signed or packed"


@dataclass(frozen=True, slots=True)
class Row:
    """One format.

    `name` is for people. The first of `endings` is used in the archive. A file has this format if it begins with one
    of `starts`, or if `recognise` accepts its first `signatures.HEAD_BYTES` bytes. `judge` tells by its structure
    whether it is whole. For pictures, `pillow` names the plug-ins that may open it, and `is_paged` says whether each
    frame is a page.
    """

    kind: Format
    media_type: str
    name: str
    endings: tuple[str, ...]
    taken: Moment
    judge: Callable[[Reader], Verdict]
    starts: tuple[bytes, ...] = ()
    recognise: Callable[[bytes], bool] | None = None
    decoder: Decoder = Decoder.PICTURE
    pillow: tuple[str, ...] = ()
    is_paged: bool = False

    def is_kind_of(self, head: bytes) -> bool:
        """Whether a file that begins with `head` has this format."""
        return head.startswith(self.starts) or (self.recognise is not None and self.recognise(head))


TABLE: Final = (
    Row(
        kind=Format.JPEG,
        media_type="image/jpeg",
        name="JPEG",
        endings=(".jpg", ".jpeg"),
        starts=(b"\xff\xd8\xff",),
        taken=Moment.AT_CLOSE,
        judge=judge_jpeg,
        pillow=("JPEG", "MPO"),
    ),
    Row(
        kind=Format.PNG,
        media_type="image/png",
        name="PNG",
        endings=(".png",),
        starts=(b"\x89PNG\r\n\x1a\n",),
        taken=Moment.AT_CLOSE,
        judge=judge_png,
        pillow=("PNG",),
    ),
    Row(
        kind=Format.WEBP,
        media_type="image/webp",
        name="WebP",
        endings=(".webp",),
        recognise=signatures.is_webp,
        taken=Moment.AT_CLOSE,
        judge=judge_webp,
        pillow=("WEBP",),
    ),
    Row(
        kind=Format.GIF,
        media_type="image/gif",
        name="GIF",
        endings=(".gif",),
        starts=(b"GIF87a", b"GIF89a"),
        taken=Moment.AT_CLOSE,
        judge=judge_gif,
        pillow=("GIF",),
    ),
    Row(
        kind=Format.BMP,
        media_type="image/bmp",
        name="BMP",
        endings=(".bmp",),
        recognise=signatures.is_bmp,
        taken=Moment.AT_CLOSE,
        judge=judge_bmp,
        pillow=("BMP",),
    ),
    Row(
        kind=Format.TIFF,
        media_type="image/tiff",
        name="TIFF",
        endings=(".tif", ".tiff"),
        starts=(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
        taken=Moment.SETTLED,
        judge=judge_tiff,
        pillow=("TIFF",),
        is_paged=True,
    ),
    Row(
        kind=Format.HEIC,
        media_type="image/heic",
        name="HEIC",
        endings=(".heic", ".heif"),
        recognise=signatures.is_heic,
        taken=Moment.AT_CLOSE,
        judge=judge_heic,
        pillow=("HEIF",),
    ),
    Row(
        kind=Format.AVIF,
        media_type="image/avif",
        name="AVIF",
        endings=(".avif",),
        recognise=signatures.is_avif,
        taken=Moment.AT_CLOSE,
        judge=judge_avif,
        pillow=("AVIF",),
    ),
    Row(
        kind=Format.SIGNED,
        media_type="application/pkcs7-mime",
        name="signed e-invoice",
        endings=(".p7m",),
        recognise=signatures.is_signed,
        taken=Moment.AT_CLOSE,
        judge=judge_signed,
        decoder=Decoder.XML,
    ),
    Row(
        kind=Format.ISDOCX,
        media_type="application/x-isdocx",
        name="packed ISDOC invoice",
        endings=(".isdocx",),
        recognise=signatures.is_isdocx,
        taken=Moment.AT_CLOSE,
        judge=judge_archive,
        decoder=Decoder.XML,
    ),
    Row(
        kind=Format.PDF,
        media_type="application/pdf",
        name="PDF",
        endings=(".pdf",),
        starts=(signatures.PDF_HEADER,),
        recognise=signatures.has_pdf_header,
        taken=Moment.SETTLED,
        judge=judge_pdf,
        decoder=Decoder.PDF,
    ),
    Row(
        kind=Format.XML,
        media_type="application/xml",
        name="e-invoice (CII, UBL, FatturaPA, KSeF, Facturae, ebInterface, ISDOC or Finvoice XML)",
        endings=(".xml", ".isdoc"),
        recognise=signatures.is_xml,
        taken=Moment.AT_CLOSE,
        judge=judge_xml,
        decoder=Decoder.XML,
    ),
)
"""In the order in which they are tried; XML and a PDF after junk come last, as anything else may contain either."""

ROWS: Final = {row.kind: row for row in TABLE}
BY_MEDIA_TYPE: Final = {row.media_type: row for row in TABLE}


def _list_kinds() -> str:
    *names, last = (row.name for row in TABLE if row.decoder is not Decoder.XML)
    return f"Drop a {', '.join(names)} or {last} file, or an {ROWS[Format.XML].name}, also signed (.p7m)."


WHAT_IS_TAKEN: Final = _list_kinds()
"""The hint given for a file of any other kind."""
