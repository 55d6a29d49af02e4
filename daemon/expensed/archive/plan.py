"""Plan where a document goes: a pure computation, so that collisions are found before a move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from expensed.archive.naming import Letters, cut_stem, fill_template, make_harmless, name_extension
from expensed.model.expense import Facts
from expensed.model.states import Outcome

FOLDERS = {
    Outcome.REVIEW: "_review",
    Outcome.DUPLICATE: "_duplicates",
    Outcome.FAILED: "_failed",
    Outcome.DISCARDED: "_discarded",
}
"""The folders for documents that are not filed, by kind of filing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A folder of the archive and a stem; `paths` yields the names to try, in order."""

    folder: str
    stem: str
    extension: str
    start: int = 1
    """The number of the first name to try; 1 is the stem itself."""

    def paths(self) -> Iterator[str]:
        """Yield relative paths: with the stem itself, then with `_2`, `_3`, ..."""
        folder = f"{self.folder}/" if self.folder else ""
        for number in count(self.start):
            yield f"{folder}{self.stem}{f'_{number}' if number > 1 else ''}{self.extension}"

    def holds(self, path: str) -> bool:
        """Whether this path is one of the names to try."""
        folder, _, name = path.rpartition("/")
        pattern = rf"{re.escape(self.stem)}(_[0-9]+)?{re.escape(self.extension)}"
        return folder == self.folder and re.fullmatch(pattern, name) is not None


def plan_filing(
    kind: Outcome,
    original: str,
    media_kind: str | None,
    facts: Facts | None,
    template: str,
    letters: Letters = "auto",
) -> Plan:
    """Return where a document filed as `kind` belongs.

    `original` is the name under which it was dropped, `media_kind` its media type by content (None if unknown).
    """
    if kind is Outcome.FILED and facts is not None:
        folder, stem = fill_template(template, facts, letters)
        extension = name_extension(media_kind, original)
        return Plan(folder, cut_stem(stem, extension), extension)
    return _plan_name(FOLDERS.get(kind, FOLDERS[Outcome.REVIEW]), make_harmless(original))


def plan_return(path: str) -> Plan:
    """Return where a document belongs that goes back to this path of the archive."""
    folder, _, name = path.rpartition("/")
    return _plan_name(folder, name)


def plan_beside(first: Plan, original: str, media_kind: str | None, number: int) -> Plan:
    """Return where the `number`th paper of a purchase belongs: beside the first one, under its name with `_2`, ..."""
    extension = name_extension(media_kind, original)
    return Plan(first.folder, cut_stem(first.stem, extension), extension, number)


def _plan_name(folder: str, name: str) -> Plan:
    stem, dot, ending = name.rpartition(".")
    extension = f".{ending}" if dot and stem and len(ending) <= 10 else ""
    stem = name.removesuffix(extension) if extension else name
    return Plan(folder, cut_stem(stem, extension), extension)
