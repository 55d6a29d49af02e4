"""The kernel's hints about the watched folders; the only module that imports watchdog.

It uses watchdog's InotifyFD, one level below its observers, because those (7.1, measured) hold back every event for
up to 0.5 s behind each file that leaves the folder (as each claim does), watch claim folders too, swallow overflows,
and need a thread for each folder that is not watched recursively. A hint is only a reason to look.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)


class Kind(Enum):
    """Kinds of hints; a file that its writer opened before we watched is never CLOSED."""

    CLOSED = auto()
    MOVED_IN = auto()
    CREATED = auto()
    CHANGED = auto()
    GONE = auto()
    FOLDER = auto()
    FOLDER_GONE = auto()
    ROOT = auto()
    OVERFLOW = auto()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened at `path`."""

    kind: Kind
    path: str


Tell = Callable[[Hint], None]

LIMITS = (errno.ENOSPC, errno.EMFILE)
"""The kernel's errors when a user has no watches, or no inotify instances, left."""

_IN = InotifyConstants
_FOLDER_MASK = (
    _IN.IN_CLOSE_WRITE | _IN.IN_MOVED_TO | _IN.IN_CREATE | _IN.IN_ATTRIB | _IN.IN_MOVED_FROM | _IN.IN_DELETE
    | _IN.IN_ONLYDIR | 0x04000000  # IN_EXCL_UNLINK: no events for files already claimed and removed
)  # fmt: skip
_ROOT_MASK = _FOLDER_MASK | _IN.IN_DELETE_SELF | _IN.IN_MOVE_SELF


class Observer:
    """Watches a root and the folders below it that are added; `tell` is called in the observer's thread."""

    def __init__(self, root: str, tell: Tell) -> None:
        self._root = root
        self._tell = tell
        self._lock = threading.Lock()
        self._watches: dict[WatchDescriptor, str] = {}
        self._folders: dict[str, tuple[WatchDescriptor, tuple[int, int]]] = {}
        self._names: dict[tuple[int, int], str] = {}
        self._is_alive = True
        self.limit_reached = False
        """Whether the kernel's limit of watches was reached, so that some folder is not watched."""
        self._root_identity = self._identify_root()
        self._inotify = InotifyFD()
        self._inotify.start()  # first, because only its thread closes its descriptors
        try:
            self._add(root, Mask(_ROOT_MASK), self._root_identity)
        except BaseException:
            self.stop()
            raise

    def watch(self, folder: str, identity: tuple[int, int]) -> None:
        """Also watch a folder (harmless if it already is); `identity` is its (device, inode)."""
        if self._is_known(folder, identity):
            return
        try:
            self._add(folder, Mask(_FOLDER_MASK | _IN.IN_DONT_FOLLOW), identity)
        except OSError as error:  # otherwise it vanished or may not be read, as the listing will find
            self.limit_reached = self.limit_reached or error.errno in LIMITS

    def keep(self, folders: set[str]) -> None:
        """Stop watching all folders except these and the root."""
        with self._lock:
            gone = [folder for folder in self._folders if folder not in folders and folder != self._root]
            watches = [self._forget(folder) for folder in gone]
        self._inotify.remove_callbacks([(watch, self._id) for watch in watches])

    def is_healthy(self) -> bool:
        """Whether the folder at the root's path is still the watched one, and the thread is alive."""
        try:
            same = self._identify_root() == self._root_identity
        except OSError:
            return False
        return same and self._is_alive and self._inotify.is_alive() and self._root in self._folders

    def stop(self) -> None:
        """End the thread; no hints follow."""
        self._is_alive = False
        self._inotify.stop()
        self._inotify.join()

    # InotifyFD calls these in its thread. An exception here would end that thread.

    def on_event(self, event: InotifyEvent) -> None:
        """Translate one kernel event."""
        with self._lock:  # a new watch may deliver events before it is recorded
            folder = self._watches.get(event.wd)
        if folder is None or not self._is_alive:
            return
        if not event.name:
            if folder == self._root and (event.is_delete_self or event.is_move_self):
                self._tell(Hint(Kind.ROOT, folder))
            return
        kind = _classify(event)
        if kind is not None:
            self._tell(Hint(kind, os.path.join(folder, os.fsdecode(event.name))))

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Handle a watch that the kernel dropped: its folder is gone or was unmounted."""
        with self._lock:
            folder = self._watches.get(wd)
            if folder is not None:
                self._forget(folder)
        if folder == self._root and self._is_alive:
            self._tell(Hint(Kind.ROOT, self._root))

    def on_queue_overflow(self) -> None:
        """Handle events that the kernel dropped."""
        if self._is_alive:
            self._tell(Hint(Kind.OVERFLOW, self._root))

    @property
    def _id(self) -> CallbackId:
        return CallbackId(id(self))

    def _identify_root(self) -> tuple[int, int]:
        status = os.stat(self._root)
        return status.st_dev, status.st_ino

    def _forget(self, folder: str) -> WatchDescriptor:
        watch, identity = self._folders.pop(folder)
        self._watches.pop(watch, None)
        self._names.pop(identity, None)
        return watch

    def _is_known(self, folder: str, identity: tuple[int, int]) -> bool:
        """Whether this folder is already watched, perhaps under the name it had before it was moved."""
        with self._lock:
            if folder == self._root:
                return True
            name = self._names.get(identity)
            if name is None or name not in self._folders:
                return False
            self._folders[folder] = self._folders.pop(name)
            self._watches[self._folders[folder][0]] = self._names[identity] = folder
            return True

    def _add(self, folder: str, mask: Mask, identity: tuple[int, int]) -> None:
        if not os.access(folder, os.R_OK, effective_ids=True):  # InotifyFD would keep a dead watch instead of raising
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
        with self._lock:
            watch = self._inotify.add_callback(os.fsencode(folder), mask, self, self._id)
            self._watches[watch] = folder
            self._folders[folder] = (watch, identity)
            self._names[identity] = folder


def _classify(event: InotifyEvent) -> Kind | None:
    """Return the kind of an event in a watched folder."""
    is_folder = bool(event.mask & _IN.IN_ISDIR)
    if event.is_create or event.is_moved_to:
        if is_folder:
            return Kind.FOLDER
        return Kind.MOVED_IN if event.is_moved_to else Kind.CREATED
    if event.is_delete or event.is_moved_from:
        return Kind.FOLDER_GONE if is_folder else Kind.GONE
    if event.is_close_write:
        return Kind.CLOSED
    return Kind.CHANGED if event.is_attrib else None
