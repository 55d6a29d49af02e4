"""Which folders belong to a ledger: first use, the first start after an upgrade, and `expensed adopt`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from expensed.archive.sidecar import read_owner
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS
from expensed.disk.files import is_file
from expensed.disk.marked_folder import HIDDEN, Mark, MarkedFolder, PlaceName, read_mark, write_mark
from expensed.disk.places import Places
from expensed.ledger.documents import count_archived, sample_filed
from expensed.ledger.marked import has_been_marked, remember_marked
from expensed.ledger.store import Ledger
from expensed.pipeline.context import ledger_path, name_places

SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Survey:
    """What the three folders hold before anything is opened."""

    has_ledger: bool
    marks: dict[PlaceName, Mark]
    in_use: tuple[PlaceName, ...]
    """Inbox and archive if they bear a mark or hold something else of expensed's."""

    @property
    def is_first_use(self) -> bool:
        """Whether nothing of expensed's is anywhere, so that the folders may be made and marked."""
        return not (self.has_ledger or self.marks or self.in_use)

    @property
    def is_state_away(self) -> bool:
        """Whether the ledger must be elsewhere: the state folder has none and no mark, but the others are in use."""
        return not self.has_ledger and PlaceName.STATE not in self.marks and bool(self.in_use)

    @property
    def is_state_anothers(self) -> bool:
        """Whether the state folder is marked as one ledger's, and both inbox and archive as one other ledger's."""
        if len(self.marks) < len(PlaceName):
            return False
        state = self.marks[PlaceName.STATE].ledger
        return state != self.marks[PlaceName.INBOX].ledger == self.marks[PlaceName.ARCHIVE].ledger


def survey(settings: Settings) -> Survey:
    """Look at inbox, archive and state folder."""
    folders = {
        PlaceName.INBOX: settings.inbox.path,
        PlaceName.ARCHIVE: settings.archive.path,
        PlaceName.STATE: settings.state.path,
    }
    marks, unreadable = {}, []
    for name, folder in folders.items():
        try:
            mark = read_mark(folder, name)
        except OSError:  # a broken disk: it is away
            unreadable.append(name)
            continue
        if mark is not None:
            marks[name] = mark
    has_ledger = PlaceName.STATE not in unreadable and has_content(ledger_path(settings))
    in_use = [name for name in (PlaceName.INBOX, PlaceName.ARCHIVE) if name in marks or name in unreadable]
    if not has_ledger:
        in_use += [PlaceName.INBOX] if (settings.inbox.path / CLAIMS).is_dir() else []
        in_use += [PlaceName.ARCHIVE] if _holds_documents(settings.archive.path) else []
    return Survey(has_ledger, marks, tuple(dict.fromkeys(in_use)))


def has_content(file: Path) -> bool:
    """Whether a file is there and not empty: an empty ledger is none."""
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def _holds_documents(archive: Path) -> bool:
    return (archive / HIDDEN).is_dir() or next(find_sidecars(archive), None) is not None


def find_sidecars(archive: Path) -> Iterator[Path]:
    """Yield the documents below a folder that have a sidecar that expensed wrote; no link is followed."""
    for folder, _, names in os.walk(archive):
        present = set(names)
        for name in names:
            document = Path(folder, name.removesuffix(".json"))
            if name.endswith(".json") and document.name in present and read_owner(document) is not None:
                yield document


async def mark_places(settings: Settings, ledger: Ledger) -> Places:
    """Mark the folders that are known to be the ledger's, if they bear no mark yet, and return all three; at a start.

    The state folder is, since it holds the ledger; for the others, see `mark_known`.
    """
    places = name_places(settings, ledger)
    if await asyncio.to_thread(read_mark, places.state.path, PlaceName.STATE) is None:
        await asyncio.to_thread(mark, places.state)
    await mark_known(places, ledger)
    return places


async def mark_known(places: Places, ledger: Ledger) -> bool:
    """Mark inbox and archive if they are known to be the ledger's; whether each has been marked, now or ever; OSError.

    Each is marked only once: later, a folder without a mark in its place is not it. They are the ledger's if that knows
    no document at all; else the inbox if it holds claims, and the archive if the documents are where the ledger says.
    """
    is_new = await ledger.one("SELECT 1 FROM documents LIMIT 1") is None
    found = [await _mark_once(folder, ledger, is_new=is_new) for folder in (places.inbox, places.archive)]
    return all(found)


async def _mark_once(folder: MarkedFolder, ledger: Ledger, *, is_new: bool) -> bool:
    if await has_been_marked(ledger, folder.name):
        return True
    try:
        descriptor = await asyncio.to_thread(os.open, folder.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        there = MarkedFolder(Path(f"/proc/self/fd/{descriptor}"), folder.name, ledger.id)  # whatever is mounted now
        trouble = await asyncio.to_thread(there.find_trouble)
        if trouble is not None:
            if await asyncio.to_thread(_bears_mark, there) or not await _is_ours(there, ledger, is_new=is_new):
                return False
            await asyncio.to_thread(mark, there)
    finally:
        os.close(descriptor)
    await remember_marked(ledger, folder.name)
    return True


def _bears_mark(folder: MarkedFolder) -> bool:
    """Whether the folder bears another mark, or one that cannot be read."""
    try:
        return read_mark(folder.path, folder.name) is not None
    except OSError:
        return True


async def _is_ours(folder: MarkedFolder, ledger: Ledger, *, is_new: bool) -> bool:
    if folder.name is PlaceName.ARCHIVE:
        return await _is_archive(folder.path, ledger)
    return is_new or await asyncio.to_thread((folder.path / CLAIMS).is_dir)


def mark(folder: MarkedFolder) -> None:
    """Mark a folder as the ledger's; OSError."""
    write_mark(folder.path, Mark(place=folder.name, ledger=folder.ledger))


async def _is_archive(archive: Path, ledger: Ledger) -> bool:
    if await count_archived(ledger) == 0:
        return not await asyncio.to_thread(_holds_documents, archive)
    found, sampled = await compare_with_ledger(archive, ledger)
    return 0 < sampled == found


async def compare_with_ledger(archive: Path, ledger: Ledger) -> tuple[int, int]:
    """Return how many of some filed documents lie here where the ledger says, and how many were looked for."""
    paths = await sample_filed(ledger, SAMPLE)
    found = await asyncio.to_thread(lambda: sum(is_file(archive / path) for path in paths))
    return found, len(paths)
