"""Where a document goes: a pure computation that touches nothing, so that collisions are found before a move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from expensed.archive.naming import cut_stem, fill_template, make_harmless, name_extension

FOLDERS = {"review": "_review", "duplicate": "_duplicates", "failed": "_failed"}
"""The places for what is not filed, by kind of filing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A folder of the archive and a stem; `paths` are the names to try, in order."""

    folder: str
    stem: str
    extension: str

    def paths(self) -> Iterator[str]:
        """Relative paths: the stem itself, then with `_2`, `_3`, ..."""
        start = f"{self.folder}/" if self.folder else ""
        yield f"{start}{self.stem}{self.extension}"
        for number in count(2):
            yield f"{start}{self.stem}_{number}{self.extension}"

    def holds(self, path: str) -> bool:
        """Is this one of the names to try?"""
        folder, _, name = path.rpartition("/")
        pattern = rf"{re.escape(self.stem)}(_[0-9]+)?{re.escape(self.extension)}"
        return folder == self.folder and re.fullmatch(pattern, name) is not None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a name in the archive is made of."""

    vendor: str | None
    amount: Decimal | None
    date: date | None
    category: str | None
    currency: str | None


def plan_filing(kind: str, original: str, media_kind: str | None, facts: Facts | None, template: str) -> Plan:
    """Where a document of this `kind` (filed, review, duplicate, failed) belongs.

    `original` is the name it was dropped under, `media_kind` what its content says it is (None: unknown).
    """
    if kind == "filed" and facts is not None:
        folder, stem = fill_template(
            template,
            vendor=facts.vendor,
            amount=facts.amount,
            day=facts.date,
            category=facts.category,
            currency=facts.currency,
        )
        extension = name_extension(media_kind, original)
        return Plan(folder, cut_stem(stem, extension), extension)
    name = make_harmless(original)
    stem, dot, ending = name.rpartition(".")
    extension = f".{ending}" if dot and stem and len(ending) <= 10 else ""
    stem = name.removesuffix(extension) if extension else name
    return Plan(FOLDERS.get(kind, "_review"), cut_stem(stem, extension), extension)
