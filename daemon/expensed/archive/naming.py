"""Names in the archive: turn what a document says, or what its file was called, into something harmless.

All functions are pure. Vendors become one hyphenated word; original names keep their letters in any script. No result
leaves its folder, is hidden, names a Windows device, or is too long for its companions.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Literal

from slugify import slugify

from expensed.formats.known_formats import BY_MEDIA_TYPE
from expensed.model.expense import Facts
from expensed.model.money import NO_CURRENCY, write_amount

LONGEST_NAME = 255
"""Bytes in one name on every common file system."""
COMPANION_ROOM = len(".why.txt")
COUNTER_ROOM = len("_99999")
Letters = Literal["auto", "ascii", "unicode"]
"""The setting archive.names."""
LONGEST_VENDOR = 80
"""Bytes."""

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
_FORBIDDEN = frozenset('<>:"/\\|?*')
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")


def slug_vendor(vendor: str | None, letters: Letters = "auto") -> str:
    """Return a vendor as one hyphenated word, e.g. `Adobe-Systems` or `全家便利商店`; `Unknown` if nothing is left."""
    name = (vendor or "")[:400]
    if letters == "unicode" or (letters == "auto" and not _is_latin(name)):
        return _hyphenate(name) or "Unknown"
    return slugify(name, lowercase=False, max_length=LONGEST_VENDOR, word_boundary=False) or "Unknown"


def _is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(sign, "") for sign in unicodedata.normalize("NFKC", name) if sign.isalpha())


def _hyphenate(name: str) -> str:
    """Return a name's words of letters, marks and digits, joined by hyphens, in at most `LONGEST_VENDOR` bytes."""
    plain = unicodedata.normalize("NFKC", name)
    words = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain).split()
    return cut_bytes("-".join(words), LONGEST_VENDOR).strip("-")


def name_extension(media_kind: str | None, original: str) -> str:
    """Return the extension by content if that is known, else the original's if it is an ordinary one."""
    if media_kind in BY_MEDIA_TYPE:
        return BY_MEDIA_TYPE[media_kind].endings[0]
    _, dot, ending = original.rpartition(".")
    return f".{ending}" if dot and _EXTENSION.fullmatch(f".{ending}") else ""


def fill_template(template: str, facts: Facts, letters: Letters = "auto") -> tuple[str, str]:
    """Return (folder, stem) for a document by the archive's template; unknown values get a placeholder word."""
    day, amount = facts.date, facts.amount
    values = {
        "year": f"{day.year:04d}" if day else "undated",
        "month": f"{day.month:02d}" if day else "00",
        "day": f"{day.day:02d}" if day else "00",
        "date": day.isoformat() if day else "undated",
        "vendor": slug_vendor(facts.vendor, letters),
        "category": make_harmless((facts.category or "Other").lstrip("_ ")),  # such folders are expensed's own
        "amount": write_amount(amount, facts.currency) if amount is not None else "unknown",
        "currency": slugify(facts.currency or "", lowercase=False, max_length=12) or NO_CURRENCY,
    }
    parts = [make_harmless(part) for part in template.format(**values).split("/") if part]
    return "/".join(parts[:-1]), parts[-1]


def make_harmless(name: str) -> str:
    """Return a name that is safe on any system: printable, not hidden, not a device, at most 255 bytes."""
    kept = "".join(_replace(character) for character in unicodedata.normalize("NFC", name))
    kept = kept.strip(" ").lstrip(".-~").rstrip(". ") or "unnamed"
    if _DEVICES.fullmatch(kept):
        kept = f"_{kept}"
    return cut_bytes(kept, LONGEST_NAME)


def _replace(character: str) -> str:
    # categories: Cc control, Cf format (bidi overrides, zero width), Cs surrogate, Co private, Cn unassigned, Zl/Zp
    category = unicodedata.category(character)
    if character in _FORBIDDEN or category[0] == "C" or category in {"Zl", "Zp"}:
        return "_"
    return " " if category == "Zs" else character


def cut_bytes(text: str, limit: int) -> str:
    """Return the longest start of `text` of at most `limit` bytes in UTF-8, without splitting a character."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(". ")


def name_temporary(destination: Path, document_id: str) -> Path:
    """Return the hidden path beside its destination to which a document is copied; nothing else uses it."""
    return destination.with_name(f".{document_id}.tmp")


def cut_stem(stem: str, extension: str) -> str:
    """Cut a stem so that extension, counter and companion endings (`.json`, `.why.txt`) still fit."""
    room = LONGEST_NAME - len(extension.encode()) - COMPANION_ROOM - COUNTER_ROOM
    return cut_bytes(stem, room) or "unnamed"
