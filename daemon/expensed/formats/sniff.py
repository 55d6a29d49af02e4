"""Tell what a file is by its first bytes, never by its name, for the inbox, uploads and reading alike."""

from __future__ import annotations

from expensed.errors import UnsupportedKind
from expensed.formats.known_formats import ROWS, TABLE, WHAT_IS_TAKEN, Format
from expensed.formats.signatures import HEAD_BYTES

_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "PostScript"),
    (b"{\\rtf", "a rich-text document"),
)


def find_format(data: bytes) -> Format | None:
    """Return the format of a file that begins with `data`; None if it is not supported."""
    head = data[:HEAD_BYTES]
    return next((row.kind for row in TABLE if row.is_kind_of(head)), None)


def sniff_format(data: bytes) -> Format:
    """Return the format of a picture, PDF or XML.

    Raises UnsupportedKind, with a sentence that says what it seems to be, for anything else.
    """
    kind = find_format(data)
    if kind is None:
        sentence = f"This is not a picture, a PDF or an e-invoice: it looks like {_describe(data)}."
        raise UnsupportedKind(sentence, hint=WHAT_IS_TAKEN)
    return kind


def sniff_kind(data: bytes) -> str:
    """Return the media type of a picture, PDF or XML; raises UnsupportedKind as `sniff_format` does."""
    return ROWS[sniff_format(data)].media_type


def _describe(data: bytes) -> str:
    if not data:
        return "an empty file"
    for start, name in _OTHERS:
        if data.startswith(start):
            return name
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"<":
        return "a web page"
    if not head.strip(b"\x00"):
        return "nothing but zero bytes"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" or byte >= 128 for byte in head)
    return "plain text" if printable == len(head) else "data of an unknown kind"
