"""Keep an observer on the root, or decide that the folder is polled; blocking calls for a thread."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from expensed.disk.mounts import find_filesystem, is_network
from expensed.errors import PlaceAway
from expensed.inbox.observer import LIMITS, Observer, Tell

log = logging.getLogger("expensed.inbox")

_AGAIN_S = 30.0
"""Time between attempts to observe a root that could not be observed."""
_LIMIT = (
    "The kernel's limit of watched folders is reached; %s is polled instead. "
    "Raise fs.inotify.max_user_watches (or max_user_instances) with sysctl."
)


class WatchMode:
    """Guards the root; `watch` is `auto`, `native` or `poll`, `trouble` a sentence.

    `check` raises PlaceAway if the folder is not the one that belongs to the ledger.
    """

    def __init__(self, root: str, watch: str, tell: Tell, check: Callable[[], None]) -> None:
        self._root = root
        self._check = check
        self._watch = watch
        self._tell = tell
        self._observer: Observer | None = None
        self._said: str | None = None
        self._again_at = 0.0
        self._is_over = False
        self._lock = threading.Lock()
        self.trouble: str | None = None
        self.ask_writer = True
        """Whether the kernel can tell who writes to a file; not on network file systems."""

    @property
    def polls(self) -> bool:
        """Whether events cannot be relied on."""
        return self._observer is None or self._observer.limit_reached

    def attend(self) -> bool:
        """Make sure that the root is there and, if possible, observed; return whether the observer is new.

        Raises OSError if the root is not a readable folder, PlaceAway if it is not the right one.
        """
        try:
            with os.scandir(self._root):
                pass
            self._check()
        except OSError as error:
            self._replace(None)
            self._complain(f"The watched folder cannot be read: {error.strerror}. expensed keeps looking for it.")
            raise
        except PlaceAway as error:
            self._replace(None)
            self._complain(error.message)
            raise
        if self.trouble is not None:
            log.info("The watched folder %s is back", self._root)
            self.trouble = None
        if self._observer is not None and self._observer.is_healthy():
            self._observer.limit_reached = False  # the scan that follows finds out again
            return False
        self._replace(None)
        filesystem = find_filesystem(self._root)
        self.ask_writer = not is_network(filesystem)
        if self._watch == "poll" or (self._watch == "auto" and is_network(filesystem)):
            self._say(f"Polling {self._root} ({filesystem or 'unknown file system'})")
            return False
        return time.monotonic() >= self._again_at and self._observe()

    def watch(self, folder: str, identity: tuple[int, int]) -> None:
        """Also watch a folder in the root."""
        observer = self._observer  # a stop may remove it meanwhile
        if observer is not None:
            observer.watch(folder, identity)
            if observer.limit_reached:
                self._say(_LIMIT % self._root, logging.WARNING)

    def keep(self, folders: set[str]) -> None:
        """Watch only these folders and the root."""
        observer = self._observer
        if observer is not None:
            observer.keep(folders)

    def stop(self) -> None:
        """End the observer for good."""
        self._is_over = True
        self._replace(None)

    def _replace(self, observer: Observer | None) -> None:
        with self._lock:
            former, self._observer = self._observer, None if self._is_over else observer
        if former is not None:
            former.stop()
        if observer is not None and self._is_over:  # the stop came while it was being built
            observer.stop()

    def _observe(self) -> bool:
        try:
            self._replace(Observer(self._root, self._tell))
        except OSError as error:
            self._again_at = time.monotonic() + _AGAIN_S
            if error.errno in LIMITS:
                self._say(_LIMIT % self._root, logging.WARNING)
            else:
                self._say(f"{self._root} cannot be observed ({error}); it is polled", logging.WARNING)
            return False
        self._say(f"Watching {self._root}")
        return True

    def _complain(self, sentence: str) -> None:
        if self.trouble != sentence:
            log.warning("%s (%s)", sentence, self._root)
        self.trouble = sentence
        self._said = None

    def _say(self, sentence: str, level: int = logging.INFO) -> None:
        """Log a sentence once, not at each scan."""
        if self._said != sentence:
            log.log(level, sentence)
        self._said = sentence
