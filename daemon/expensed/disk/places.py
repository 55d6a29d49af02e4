"""The places of one ledger: inbox, archive and state folder, and the mounts below the inbox."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from expensed.disk.archive_mounts import is_unmounted
from expensed.disk.claims import CLAIMS, split_claim
from expensed.disk.marked_folder import Mark, MarkedFolder, PlaceName, read_mark, write_mark
from expensed.disk.mounts import find_mount, list_mounts_below
from expensed.errors import PlaceAway
from expensed.model.place import Place
from expensed.model.states import Root
from expensed.model.text import display_name


class Places:
    """The marked folders of the ledger with this id."""

    def __init__(self, ledger: str, *, inbox: Path, archive: Path, state: Path) -> None:
        self._ledger = ledger
        self.inbox = MarkedFolder(inbox, PlaceName.INBOX, ledger)
        self.archive = MarkedFolder(archive, PlaceName.ARCHIVE, ledger)
        self.state = MarkedFolder(state, PlaceName.STATE, ledger)

    @property
    def all(self) -> tuple[MarkedFolder, MarkedFolder, MarkedFolder]:
        """Inbox, archive and state folder."""
        return self.inbox, self.archive, self.state

    def locate(self, place: Place) -> tuple[MarkedFolder, str]:
        """Return the marked folder that a place of the ledger lies in, and the path from there."""
        if place.root is Root.ARCHIVE:
            return self.archive, place.path
        mount, path = split_claim(place.path)
        return self._inbox_at(mount), path

    @contextlib.contextmanager
    def opened(self, place: Place) -> Iterator[Path]:
        """Yield the path of a place through the descriptor of its marked folder; PlaceAway."""
        folder, path = self.locate(place)
        with folder.opened() as root:
            yield root / path

    def _inbox_at(self, mount: str) -> MarkedFolder:
        return MarkedFolder(self.inbox.path / mount, PlaceName.INBOX, self._ledger) if mount else self.inbox

    def home_of(self, file: Path) -> MarkedFolder:
        """Return the folder whose `.expensed` a file of the inbox is claimed into: the inbox, or the mount it lies on.

        A mount below the inbox is marked when the first file in it is claimed. OSError if that fails, PlaceAway.
        """
        folder = self.inbox.path
        inside = os.path.realpath(folder)
        mount = find_mount(os.fspath(file.parent))
        if not mount.startswith(inside.rstrip("/") + "/"):
            return self.inbox
        home = self._inbox_at(os.path.relpath(mount, inside))
        descriptor = os.open(home.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:  # through the descriptor: the mount may go away at any moment, and its mount point must stay bare
            there = Path(f"/proc/self/fd/{descriptor}")
            if os.fstat(descriptor).st_dev != file.lstat().st_dev:
                raise PlaceAway(f"The disk of {display_name(file.name)} is no longer mounted in the inbox.")
            if read_mark(there, PlaceName.INBOX) is None:
                write_mark(there, Mark(place=PlaceName.INBOX, ledger=self._ledger))
        finally:
            os.close(descriptor)
        return home

    def is_missing(self, place: Place) -> bool:
        """Whether a document whose file is not at its place can be said to be missing there.

        Mounts below the inbox may take turns at one mount point, all with the same mark: what was claimed in another
        has no claim folder in this one. A disk below the archive leaves its folder empty while it is not mounted.
        """
        folder, path = self.locate(place)
        if folder is self.inbox:
            return True
        if folder is self.archive:
            with folder.opened() as root:
                return not is_unmounted(root, path)
        with folder.opened() as root:
            return (root / path).parent.is_dir()

    def homes(self) -> list[MarkedFolder]:
        """Return the inbox and each mount below it that has claims."""
        inside = os.path.realpath(self.inbox.path)
        mounts = [os.path.relpath(mount, inside) for mount in list_mounts_below(inside)]
        return [self.inbox, *(self._inbox_at(mount) for mount in mounts if (self.inbox.path / mount / CLAIMS).is_dir())]
