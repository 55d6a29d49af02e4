"""What is remembered of folders: how each was when it was last listed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

ROUND_S = 900.0
"""Every folder is listed at least this often."""

FolderStamp = tuple[int, int, int, int]
"""Device, inode, and the times of the last change of a folder's entries and of the folder itself, in nanoseconds."""
MISSING: FolderStamp = (0, 0, 0, 0)


@dataclass(slots=True)
class ListedFolders:
    """The stamps of the folders that were listed, by their path in the archive."""

    listed: dict[str, FolderStamp | None] = field(default_factory=dict)
    """None for one that must be listed again."""
    known_until: str = ""
    """The last change of a document that was taken into account; the ledger's UTC text."""
    began_at: float = field(default_factory=time.monotonic)
    """When the present round through all folders began."""

    def begin_round(self) -> None:
        """Begin a new round if the present one began long ago: every folder is listed again."""
        if time.monotonic() - self.began_at >= ROUND_S:
            self.listed.clear()
            self.known_until, self.began_at = "", time.monotonic()

    def keep(self, folder: str, stamp: FolderStamp | None) -> None:
        """Remember that a folder was listed with this stamp and agrees with the ledger; without one, list it again."""
        self.listed[folder] = stamp

    def forget(self, folders: Iterable[str]) -> None:
        """Have these folders listed again, whatever their stamps."""
        self.listed |= dict.fromkeys(folders)
