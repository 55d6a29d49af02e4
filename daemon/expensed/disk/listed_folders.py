"""Folders that are listed again only when they have changed, or once in a while: a disk may keep times coarsely."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROUND_S = 900.0
"""Every folder is listed at least this often."""
FRESH_S = 3.0
"""How coarsely a disk may keep times; on FAT it is two seconds."""

FolderStamp = tuple[int, int, int, int]
"""Device, inode, and the times of the last change of a folder's entries and of the folder itself, in nanoseconds."""
MISSING: FolderStamp = (0, 0, 0, 0)


def stamp_folder(folder: Path) -> FolderStamp | None:
    """Return a folder's stamp; None if it has just changed, because it may change again within the same time."""
    try:
        found = folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    if abs(time.time() - max(found.st_mtime, found.st_ctime)) < FRESH_S:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


@dataclass(slots=True)
class ListedFolders:
    """The stamps of the folders that were listed, by their path in the archive."""

    stamps: dict[str, FolderStamp | None] = field(default_factory=dict)
    """None for one that must be listed again."""
    known_until: str = ""
    """The last change of a document in one of them that was taken into account; the ledger's UTC text."""
    began_at: float = field(default_factory=time.monotonic)
    """When the present round through all folders began."""

    def begin_round(self) -> None:
        """Begin a new round if the present one began long ago: every folder is listed again."""
        if time.monotonic() - self.began_at >= ROUND_S:
            self.stamps.clear()
            self.known_until, self.began_at = "", time.monotonic()

    def keep(self, folder: str, stamp: FolderStamp | None) -> None:
        """Remember that a folder was listed with this stamp and agrees with the ledger; without one, list it again."""
        self.stamps[folder] = stamp

    def forget(self, folders: Iterable[str]) -> None:
        """Have these folders listed again, whatever their stamps."""
        self.stamps |= dict.fromkeys(folders)

    def has_changed(self, folder: str, stamp: FolderStamp | None) -> bool:
        """Whether a folder must be listed, now that it has this stamp."""
        return stamp is None or self.stamps.get(folder) != stamp
