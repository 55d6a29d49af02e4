"""Watch the archive's folders for what people do there: hints only, gathered for a moment and then passed on.

What expensed itself writes there mostly has hidden names, or those of sidecars and notes, and is no hint.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from expensed.disk.archive_folders import ArchiveFolders
from expensed.disk.mounts import find_filesystem, is_network
from expensed.inbox.observer import Hint, Kind, Observer
from expensed.model.archive_looks import Hints

log = logging.getLogger("expensed.folder")

GATHER_S = 1.2
"""How long hints are gathered: sync tools and editors move a file through several names."""
ATTEND_S = 15.0
"""Time between two looks at whether the watched folder is still the archive, and at which folders there are."""
MOST_FILES = 2000
"""With more hints at once, folders are listed instead."""
MOST_WATCHED = 4000
"""The kernel keeps about a kilobyte for each watched folder; of more folders, those found last are only scanned."""
_COMPANIONS = (".json", ".why.txt")


class ArchiveWatch:
    """Watches the archive `root` as far as the kernel can, and calls `notice` with what has happened there.

    `notice` returns whether it wants to be called again soon.
    """

    def __init__(
        self, root: Path, folders: ArchiveFolders, notice: Callable[[Hints], Awaitable[bool]], *, watch: str
    ) -> None:
        self._root = os.path.abspath(root)
        self._folders = folders
        self._notice = notice
        self._watch = watch
        self._observer: Observer | None = None
        self._version = -1
        self._hints = Hints()
        self._is_told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch from now on."""
        self._loop = asyncio.get_running_loop()
        self._watching = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """End the watch; no hints follow."""
        self._loop = None
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        observer, self._observer = self._observer, None
        if observer is not None:
            await asyncio.to_thread(observer.stop)

    async def _work(self) -> None:
        while True:
            await asyncio.to_thread(self._attend)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ATTEND_S):
                    await self._is_told.wait()
            if not self._is_told.is_set():
                continue
            await asyncio.sleep(GATHER_S)
            self._is_told.clear()
            hints, self._hints = self._hints, Hints()
            try:
                if await self._notice(hints):
                    self._is_told.set()
            except Exception:
                log.exception("What happened in the archive could not be looked at")

    def _attend(self) -> None:
        """Make sure that the archive and its folders are watched, as far as that is possible."""
        if self._observer is not None and not self._observer.is_healthy():
            self._observer.stop()
            self._observer = None
        if self._observer is None:
            is_polled = self._watch == "poll" or (self._watch == "auto" and is_network(find_filesystem(self._root)))
            if is_polled or not os.path.isdir(self._root):
                return
            try:
                self._observer, self._version = Observer(self._root, self._tell), -1
            except OSError as error:
                log.debug("The archive cannot be watched (%s); it is scanned", error)
                return
        if self._version != self._folders.version:
            self._version = self._folders.version
            known = dict(list(self._folders.known.items())[:MOST_WATCHED])
            self._observer.keep({os.path.join(self._root, path) for path in known if path})
            for path, folder in known.items():
                if path and folder.identity != (0, 0):
                    self._observer.watch(os.path.join(self._root, path), folder.identity)

    def _tell(self, hint: Hint) -> None:
        """Pass a hint to the event loop, unless it says nothing; called in the observer's thread."""
        loop = self._loop
        name = os.path.basename(hint.path)
        is_silent = hint.kind is Kind.CHANGED or name.startswith(".") or name.endswith(_COMPANIONS)
        if loop is not None and not is_silent:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(self._take, hint)

    def _take(self, hint: Hint) -> None:
        path = os.path.relpath(hint.path, self._root)
        match hint.kind:
            case Kind.ROOT | Kind.OVERFLOW:
                self._hints.everything = True
            case Kind.FOLDER:
                self._hints.folders |= {os.path.dirname(path), path}
            case Kind.FOLDER_GONE:
                self._hints.folders.add(os.path.dirname(path))
            case _ if len(self._hints.files) < MOST_FILES:
                self._hints.files.add(path)
            case _:
                self._hints.folders.add(os.path.dirname(path))
        self._is_told.set()
