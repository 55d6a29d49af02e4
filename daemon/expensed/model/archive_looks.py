"""What looks at the archive's folders find, say, and remember between two looks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from expensed.model.text import display_name

Seen = tuple[int, int, int]
"""Size of a file in bytes, and the times of the last change of its content and of itself, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a file in the archive was left alone, and what to do."""

    sentence: str
    hint: str


NOT_MOUNTED = Remark(
    "Its disk is not mounted, so nothing in it counts as removed.",
    "Mount its disk or, if you have removed all documents in it, remove the empty folder, too.",
)


@dataclass(frozen=True, slots=True)
class Remarked:
    """A document with a remark, and where it lies."""

    path: str
    remark: Remark


@dataclass(slots=True)
class Hints:
    """Paths of the archive at which something has happened; `everything`: it is not known where."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """A file that was left alone, as it was when that was found."""

    remark: Remark
    seen: Seen


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file of the archive, or several in one folder, that was left alone."""

    file: str
    count: int
    remark: Remark


@dataclass(slots=True)
class Memory:
    """What is remembered from one look to the next; all of it is found again after a restart."""

    unknown: dict[str, float] = field(default_factory=dict)
    """Files to look at again, because they were too young or their document is in hand; since when."""
    backlog: dict[str, None] = field(default_factory=dict)
    """Unknown files that the last look had no time for, in the order in which they are looked at."""
    missing: dict[int, int] = field(default_factory=dict)
    """How many looks have not found the file of a filed document, by its number."""
    odd: dict[str, Odd] = field(default_factory=dict)
    hashes: dict[str, tuple[Seen, str]] = field(default_factory=dict)
    """The sha256 of files that were hashed and are still there."""
    is_young: bool = False
    """Whether the last look found a file that had only just changed."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def gather(odd: Iterable[tuple[str, Remark]], remarks: Iterable[Remarked]) -> list[LeftAlone]:
    """Return what was left alone, files of one folder with the same remark together, the largest groups last."""
    found = [*odd, *((each.path, each.remark) for each in remarks)]
    groups: dict[tuple[str, Remark], list[str]] = {}
    for path, remark in found:
        groups.setdefault((str(PurePosixPath(path).parent), remark), []).append(path)
    said = Counter({key: len(paths) for key, paths in groups.items()})
    return [_name(key[0], groups[key], key[1]) for key in sorted(said, key=lambda each: said[each])]


def _name(folder: str, paths: Sequence[str], remark: Remark) -> LeftAlone:
    file = paths[0] if len(paths) == 1 else f"{folder}/"
    return LeftAlone(display_name(file), len(paths), remark)
