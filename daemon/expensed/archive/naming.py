"""Names in the archive: from what stood on paper, or from what a file was called, to something harmless.

Everything here is pure. Vendors are slugged to ASCII; original names keep their letters in any script. No result
can leave its folder, hide itself, be a device on Windows, or be too long for its companions.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Context, Decimal

from slugify import slugify

from expensed.formats.table import BY_MEDIA_TYPE

LONGEST_NAME = 255
"""Bytes in one name, on every common file system."""
COMPANION_ROOM = len(".why.txt")
COUNTER_ROOM = len("_99999")
LONGEST_VENDOR = 80
LONGEST_AMOUNT = 20

NO_CURRENCY = "XXX"
"""ISO 4217's own code for `no currency`."""

# ISO 4217, minor units other than two
_MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
_FORBIDDEN = frozenset('<>:"/\\|?*')
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")


def minor_units(currency: str | None) -> int:
    """How many decimals an amount of this currency is written with (ISO 4217; two where unknown)."""
    return _MINOR_UNITS.get((currency or "").upper(), 2)


def write_amount(amount: Decimal, currency: str | None) -> str:
    """`52.99`, `1200`, `-3.500`: digits and the currency's own decimals; more decimals stay if they are not zero.

    `unknown` for what no document says: not a number, or of more than `LONGEST_AMOUNT` digits.
    """
    if (
        not amount.is_finite()
        or abs(amount.adjusted()) > LONGEST_AMOUNT
        or len(amount.as_tuple().digits) > LONGEST_AMOUNT
    ):
        return "unknown"
    places = Decimal(1).scaleb(-minor_units(currency))
    rounded = amount.quantize(places, context=Context(prec=3 * LONGEST_AMOUNT))
    return f"{rounded if rounded == amount else amount:f}"


def slug_vendor(vendor: str | None) -> str:
    """A vendor as one hyphenated ASCII word, e.g. `Adobe-Systems`; `Unknown` if nothing is left."""
    return slugify((vendor or "")[:400], lowercase=False, max_length=LONGEST_VENDOR, word_boundary=False) or "Unknown"


def name_extension(media_kind: str | None, original: str) -> str:
    """The ending by content where that is known, else the original's if it is an ordinary one."""
    if media_kind in BY_MEDIA_TYPE:
        return BY_MEDIA_TYPE[media_kind].endings[0]
    _, dot, ending = original.rpartition(".")
    return f".{ending}" if dot and _EXTENSION.fullmatch(f".{ending}") else ""


def fill_template(
    template: str,
    *,
    vendor: str | None,
    amount: Decimal | None,
    day: date | None,
    category: str | None,
    currency: str | None,
) -> tuple[str, str]:
    """(folder, stem) for a document by the archive's template; unknown values get a word of their own."""
    values = {
        "year": f"{day.year:04d}" if day else "undated",
        "month": f"{day.month:02d}" if day else "00",
        "day": f"{day.day:02d}" if day else "00",
        "date": day.isoformat() if day else "undated",
        "vendor": slug_vendor(vendor),
        "category": make_harmless(category or "Other"),
        "amount": write_amount(amount, currency) if amount is not None else "unknown",
        "currency": slugify(currency or "", lowercase=False, max_length=12) or NO_CURRENCY,
    }
    parts = [make_harmless(part) for part in template.format(**values).split("/") if part]
    return "/".join(parts[:-1]), parts[-1]


def make_harmless(name: str) -> str:
    """A name that is safe in any folder and on any system: printable, not hidden, no device, at most 255 bytes."""
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
    """The longest start of `text` that takes at most `limit` bytes as UTF-8, not split within a character."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(". ")


def cut_stem(stem: str, extension: str) -> str:
    """A stem so short that extension, counter and companions (`.json`, `.why.txt`) still fit beside it."""
    room = LONGEST_NAME - len(extension.encode()) - COMPANION_ROOM - COUNTER_ROOM
    return cut_bytes(stem, room) or "unnamed"


def display_name(name: str) -> str:
    """A file name for people: valid Unicode, one line, nothing that moves the cursor or turns the text around."""
    clean = name.encode(errors="surrogateescape").decode(errors="replace")
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c)[0] == "C" else c for c in clean)
