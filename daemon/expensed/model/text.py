"""Make foreign text fit to show and to compare: file names, log lines, and names reduced to letters."""

from __future__ import annotations

import os
import re
import unicodedata

# Controls (C0, DEL, C1), line and paragraph separators, marks that change the direction of text, and lone surrogates,
# which stand for the bytes of a name that is not UTF-8.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def one_line(text: str) -> str:
    """Escape everything that could break a line, move the cursor or change the direction of text."""
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(match[0]) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    )


def make_plain(text: str) -> str:
    """Return a text as one line with single spaces and without what is not to be seen, such as controls."""
    return " ".join("".join(" " if _is_unprintable(sign) else sign for sign in text).split())


def display_name(name: str | os.PathLike[str]) -> str:
    """Return a file name or path for people: valid Unicode on one line, with U+FFFD for what cannot be shown."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_unprintable(character) else character for character in text)


def _is_unprintable(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


def fold_letters(text: str, keep: str = "") -> str:
    """Reduce text to letters and digits in lower case without accents; the characters in `keep` stay too."""
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(sign for sign in folded if sign.isalnum() or sign in keep)
