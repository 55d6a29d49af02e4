"""Find the document whose bytes lie in an unknown file of the archive: by its size, then by its sha256."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from expensed.disk.archive_mounts import is_unmounted
from expensed.disk.files import hash_file
from expensed.ledger.queries.moved import Hashed, Placed, list_of_size, list_sizes
from expensed.model.archive_looks import Seen
from expensed.model.states import DocumentState, Root
from expensed.pipeline.context import Context

YOUNG_S = 1.0
"""A file that changed later than this may be on its way through several names."""
GROWING_S = 120.0
"""A file written to within this time may still grow to the size of a document."""
MOST_ALIKE = 200
MOST_HASHES = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """What an unknown file is: the document that was moved there, one that it is a copy of, or neither.

    `is_settled`: whether that is final as long as nothing changes. `is_young`: whether it may be settled very soon.
    """

    moved: Placed | None = None
    copied: Placed | None = None
    seen: Seen = (0, 0, 0)
    is_settled: bool = True
    is_young: bool = False


async def leave_foreign(context: Context, paths: Sequence[str]) -> list[str]:
    """Return those of these unknown files that may be documents; PlaceAway, OSError.

    The others are as they have been for a while, and no document is as large.
    """
    if not paths:
        return []
    found = await context.look(Root.ARCHIVE, lambda archive: [stat_file(f"{archive}/{path}") for path in paths])
    sizes = await list_sizes(context.ledger, {each.st_size for each in found if each is not None})
    now = time.time()

    def may_be_one(status: os.stat_result | None) -> bool:
        if status is None:
            return False
        is_new = abs(now - status.st_mtime) <= GROWING_S or abs(now - status.st_ctime) <= GROWING_S
        return is_new or status.st_size in sizes

    return [path for path, status in zip(paths, found, strict=True) if may_be_one(status)]


async def find_moved(context: Context, path: str) -> Found:
    """Look at an unknown file; PlaceAway, OSError."""
    status = await context.look(Root.ARCHIVE, lambda archive: stat_file(f"{archive}/{path}"))
    if status is None:
        return Found()
    seen, now = (status.st_size, status.st_mtime_ns, status.st_ctime_ns), time.time()
    if abs(now - max(status.st_mtime, status.st_ctime)) < YOUNG_S:
        return Found(seen=seen, is_settled=False, is_young=True)
    alike = await list_of_size(context.ledger, status.st_size, MOST_ALIKE)
    own = [each for each in alike if each.path == path]
    alike = [each for each in alike if each.path != path]
    if not alike:
        return Found(seen=seen, is_settled=abs(now - status.st_mtime) > GROWING_S)
    sha256 = await hash_seen(context, path, seen)
    same = [each for each in alike if each.sha256 == sha256]
    if not same or any(each.sha256 == sha256 for each in own):
        return Found(seen=seen, is_settled=sha256 is not None)
    there = await context.look(Root.ARCHIVE, lambda archive: [stat_file(f"{archive}/{each.path}") for each in same])
    missing = [each for each, found in zip(same, there, strict=True) if found is None]
    if absent := await context.look(Root.ARCHIVE, lambda archive: _leave_unmounted(archive, missing)):
        return Found(min(absent, key=lambda each: _rank(each, path)), None, seen)
    if any(found is not None and os.path.samestat(found, status) for found in there):
        return Found(seen=seen)  # another way of writing its name, to a disk that does not tell capitals apart
    return Found(None, same[-1], seen)


def _leave_unmounted(archive: Path, documents: Sequence[Hashed]) -> list[Hashed]:
    """Return the documents that are not on a disk that is not mounted now."""
    return [each for each in documents if not is_unmounted(archive, each.path)]


def stat_file(path: str) -> os.stat_result | None:
    """Return what is known about a regular file; None if there is none."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found if S_ISREG(found.st_mode) else None


def _rank(document: Hashed, path: str) -> tuple[bool, bool, bool, int]:
    """Order documents of the same bytes by how likely it is that just this one was moved there."""
    has_name = PurePosixPath(document.path).name == PurePosixPath(path).name
    is_gone, is_twin = document.state is DocumentState.GONE, document.state is DocumentState.DUPLICATE
    return is_gone, not has_name, is_twin, document.number


async def hash_seen(context: Context, path: str, seen: Seen) -> str | None:
    """Return the sha256 of a file that still looks like this, once it is known without reading it again; else None."""
    known = context.memory.hashes.get(path)
    if known is not None and known[0] == seen:
        return known[1]

    def read() -> tuple[Seen, str] | None:
        with context.places.archive.opened() as archive:
            try:
                sha256, stamp = hash_file(archive / path)
            except OSError:
                return None
        return (stamp.size, stamp.mtime_ns, stamp.ctime_ns), sha256

    found = await asyncio.to_thread(read)
    if found is None or found[0] != seen:
        return None
    if len(context.memory.hashes) >= MOST_HASHES:
        context.memory.hashes.clear()
    context.memory.hashes[path] = found
    return found[1]
