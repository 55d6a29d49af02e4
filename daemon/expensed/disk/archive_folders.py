"""Which folders of the archive to list now: those that have changed, and each once an hour, but never all at once."""

from __future__ import annotations

import math
import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from expensed.disk.listed_folders import MISSING, FolderStamp, stamp_folder

ROUND_S = 3600.0
"""Every folder is looked at and listed at least this often: changes within a file, or on a disk that keeps no times."""
FEWEST_LOOKS = 200
"""How many folders are looked at in one portion, if there are so many; a look costs some microseconds."""
LONGEST_LOOKS_S = 1.0
REST = 200.0
"""A folder that takes a second to list, because it holds very many documents, is left alone for this many seconds."""
QUICK_S = 0.02
"""One that takes no longer than this may be listed again at once."""


@dataclass(slots=True)
class Folder:
    """What is known about one folder of the archive."""

    stamp: FolderStamp | None = None
    """As it was when it was listed; None: it must be listed."""
    identity: tuple[int, int] = (0, 0)
    """Its device and inode."""
    listed_at: float = -math.inf
    rests_until: float = -math.inf


@dataclass(slots=True)
class ArchiveFolders:
    """The folders of the archive by their path in it; `""` is the archive itself. Times by the monotonic clock."""

    known: dict[str, Folder] = field(default_factory=lambda: {"": Folder()})
    order: deque[str] = field(default_factory=lambda: deque([""]))
    version: int = 0
    """Rises whenever a folder comes or goes."""

    def find_due(self, archive: Path, interval_s: float, *, everywhere: bool) -> dict[str, FolderStamp | None]:
        """Look at the next portion of folders, or at all, and return those to list now with their present stamps.

        `interval_s` is the time between two portions. Blocking.
        """
        share = math.ceil(1.2 * len(self.order) * interval_s / ROUND_S)
        count = len(self.order) if everywhere else min(len(self.order), max(FEWEST_LOOKS, share))
        began, due = time.monotonic(), dict[str, FolderStamp | None]()
        for _ in range(count):
            now = time.monotonic()
            if now - began > LONGEST_LOOKS_S:
                break
            path = self.order[0]
            self.order.rotate(-1)
            folder = self.known[path]
            if now < folder.rests_until:
                continue
            try:
                stamp = stamp_folder(archive / path)
            except OSError:
                continue  # it lies in a folder that cannot be entered now
            is_old = now - folder.listed_at >= ROUND_S
            if stamp is None or folder.stamp != stamp or is_old:
                due[path] = stamp
        return due

    def keep(self, path: str, listing: Listing, took_s: float) -> list[str]:
        """Remember that a folder was listed and compared, which took so long; return the new folders in it."""
        now = time.monotonic()
        self.known[path] = Folder(listing.stamp, listing.identity, now, now + REST * max(0.0, took_s - QUICK_S))
        inside = [f"{path}/{name}" if path else name for name in listing.folders]
        new = [each for each in inside if each not in self.known]
        for each in new:
            self.known[each] = Folder()
            self.order.appendleft(each)
        self.version += bool(new)
        return new

    def pass_over(self, path: str, stamp: FolderStamp | None) -> None:
        """Remember that a folder with this stamp cannot be listed, until it changes or for an hour."""
        self.known[path] = Folder(stamp, listed_at=time.monotonic())

    def forget_all(self) -> None:
        """Have every folder listed again."""
        for folder in self.known.values():
            folder.stamp = None

    def remove(self, path: str) -> None:
        """Forget a folder that is no longer there, and those in it."""
        gone = [each for each in self.known if each == path or each.startswith(f"{path}/")] if path else []
        for each in gone:
            del self.known[each]
        if gone:
            self.order = deque(each for each in self.order if each in self.known)
            self.version += 1


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in one folder that are not hidden, and how the folder looked before they were listed."""

    files: frozenset[str]
    folders: list[str]
    """In the order of their bytes."""
    stamp: FolderStamp | None
    identity: tuple[int, int]
    """Its device and inode."""
    is_mount: bool = False
    """Whether it lies on another disk than the folder it is in."""


def list_folder(archive: Path, folder: str) -> Listing | None:
    """List a folder of the archive without following links; None if it is not there. OSError. Blocking."""
    path = archive / folder
    stamp = stamp_folder(path)
    if stamp == MISSING:
        return None
    files, folders = set(), []
    try:
        found = path.stat(follow_symlinks=False) if folder else path.stat()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.add(entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    identity = found.st_dev, found.st_ino
    is_mount = bool(folder) and path.parent.stat().st_dev != found.st_dev
    return Listing(frozenset(files), sorted(folders, key=os.fsencode), stamp, identity, is_mount)
