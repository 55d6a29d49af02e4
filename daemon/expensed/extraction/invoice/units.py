"""Show the units of e-invoices: short, as people write them, and none for pieces."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from expensed.extraction.page.lines import clean_text

_LONGEST = 20
_FACTURAE = "Facturae"


@dataclass(frozen=True, slots=True)
class _Units:
    """The lists in `units.toml`; a unit that is empty is a piece."""

    codes: dict[str, str]
    facturae: dict[str, str]
    words: dict[str, str]


@cache
def _load() -> _Units:
    data = tomllib.loads(files(__package__).joinpath("units.toml").read_text(encoding="utf-8"))
    words = {word: unit for unit, listed in data["words"].items() for word in listed.split()}
    signs = {unit.lower(): unit for unit in (*data["codes"].values(), *data["words"]) if unit}
    pieces = data["pieces"]
    return _Units(
        data["codes"] | dict.fromkeys(pieces["codes"].split(), ""),
        data["facturae"],
        signs | words | dict.fromkeys(pieces["words"].split(), ""),
    )


def show_unit(written: str | None, syntax: str) -> str | None:
    """Return the unit for a code or a word; None for pieces. What is not known is shown as it is written."""
    text, units = clean_text(written or "", _LONGEST), _load()
    if syntax == _FACTURAE and text in units.facturae:
        return units.facturae[text] or None
    if text in units.codes:
        return units.codes[text] or None
    return units.words.get(text.lower(), text) or None
