"""Whether all of a file is there, by its own structure. The kind is found by content, never by name.

Bounded in bytes and steps whatever the file holds; runs in a thread.
"""

from __future__ import annotations

from collections.abc import Callable

from expensed.formats.ends.bmp import judge_bmp
from expensed.formats.ends.gif import judge_gif
from expensed.formats.ends.heic import BRANDS, judge_heic
from expensed.formats.ends.jpeg import judge_jpeg
from expensed.formats.ends.pdf import judge_pdf
from expensed.formats.ends.png import judge_png
from expensed.formats.ends.reader import Ending, OverBudget, Reader, Structure, cut_off
from expensed.formats.ends.riff import judge_webp
from expensed.formats.ends.tiff import judge_tiff
from expensed.formats.ends.xml import is_xml, judge_xml

Judge = Callable[[Reader], Structure]

_MAGICS: tuple[tuple[bytes, str, Judge], ...] = (
    (b"\xff\xd8\xff", "jpeg", judge_jpeg),
    (b"\x89PNG\r\n\x1a\n", "png", judge_png),
    (b"GIF87a", "gif", judge_gif),
    (b"GIF89a", "gif", judge_gif),
    (b"II*\0", "tiff", judge_tiff),
    (b"MM\0*", "tiff", judge_tiff),
    (b"II+\0", "tiff", judge_tiff),
    (b"MM\0+", "tiff", judge_tiff),
    (b"%PDF-", "pdf", judge_pdf),
)
_OTHER = Structure("other", Ending.UNKNOWN)


def judge_completeness(fd: int, size: int) -> Structure:
    """The verdict on the open file `fd` of `size` bytes; raises OSError where it cannot be read."""
    reader = Reader(fd, size)
    head = reader.at(0, 4096)
    kind, judge = _find_judge(head[:1024])
    if judge is None:
        return _judge_head(head, size)
    try:
        return judge(reader)
    except OverBudget:
        return Structure(kind, Ending.UNKNOWN)


def _find_judge(head: bytes) -> tuple[str, Judge | None]:
    for magic, kind, judge in _MAGICS:
        if head.startswith(magic):
            return kind, judge
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp", judge_webp
    if head[4:8] == b"ftyp" and (head[8:12] in BRANDS or any(brand in head[16:64] for brand in BRANDS)):
        return "heic", judge_heic
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp", judge_bmp
    if b"%PDF-" in head:  # readers accept up to 1,024 bytes before the header
        return "pdf", judge_pdf
    if is_xml(head):
        return "xml", judge_xml
    return "other", None


def _judge_head(head: bytes, size: int) -> Structure:
    """A file of no kind known here: it may be one whose first bytes have not all been written."""
    if size < 12 and any(magic.startswith(head) for magic, _, _ in _MAGICS):
        return cut_off("other", "it ends inside its first bytes")
    if not head.strip(b"\0"):
        return cut_off("other", "it starts with nothing but zero bytes, as a file does whose content is still to come")
    return _OTHER
