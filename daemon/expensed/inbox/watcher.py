"""Watch the folder: a scan is the truth, events are hints; both tell which files to look at."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from expensed.disk.claims import CLAIMS
from expensed.errors import PlaceAway
from expensed.inbox.collector import Collector
from expensed.inbox.ignored_names import is_silent, refuse_folder, refuse_name
from expensed.inbox.intake import Intake
from expensed.inbox.observer import Hint, Kind
from expensed.inbox.scan import Listing, list_tree
from expensed.inbox.schedule import Found
from expensed.inbox.watch_mode import WatchMode
from expensed.model.admission import WaitingFile
from expensed.model.text import display_name

log = logging.getLogger("expensed.inbox")

_POLL_S = 1.0
_MISSING_S = 0.5
_EARLY_S = 0.01
"""How much earlier than planned a rescan may come and still recover: timers are not exact."""
_GAP_S = 0.2
"""Time between scans that events ask for, so that a flood of events cannot keep the disk busy."""


class Watcher:
    """Watches `root` and hands each complete file to `intake`; times in seconds, `watch` is auto, native or poll.

    `check` raises PlaceAway if the folder is not the one that belongs to the ledger; then nothing in it is looked at.
    """

    def __init__(
        self,
        root: Path,
        intake: Intake,
        *,
        settle_s: float,
        patience_s: float,
        rescan_s: float,
        watch: str = "auto",
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._root = os.path.abspath(root)
        self._intake = intake
        self._rescan_s = rescan_s
        self._watch_mode = WatchMode(self._root, watch, self._tell, check)
        self._collector = Collector(self._root, intake, self._refuse, settle_s=settle_s, patience_s=patience_s)
        self._refused: dict[str, WaitingFile] = {}
        self._folders: set[str] = set()
        self._is_asked = asyncio.Event()
        self._is_whole = False
        self._scanned_at = 0.0
        self._scan_took_s = 0.0
        self._recovered_at = float("-inf")
        self._patrolling: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Recover, scan the folder once, and watch it from then on."""
        self._loop = asyncio.get_running_loop()
        await self._scan(Found.START)
        self._collector.start()
        self._patrolling = asyncio.create_task(self._patrol())

    async def stop(self) -> None:
        """Take nothing more, and wait for admissions in progress."""
        self._loop = None
        if self._patrolling is not None:
            self._patrolling.cancel()
            await asyncio.gather(self._patrolling, return_exceptions=True)
        await self._collector.stop()
        await asyncio.to_thread(self._watch_mode.stop)

    def rescan(self) -> None:
        """Scan the whole folder soon and retry what waits."""
        self._recovered_at = float("-inf")
        self._ask_for_scan()

    def waiting(self) -> list[WaitingFile]:
        """Return the files in the folder that have not been taken, each with the reason; refused ones come last."""
        waits = [
            WaitingFile(self._show(entry.path), entry.reason, entry.size, entry.since)
            for entry in self._collector.schedule
        ]
        return sorted([*waits, *self._refused.values()], key=lambda file: (file.refused, file.since, file.file))

    @property
    def missed(self) -> int:
        """How many files a scan found that no event announced; those there at the start do not count."""
        return self._collector.missed

    @property
    def trouble(self) -> str | None:
        """The trouble with the folder itself, as a sentence; None if there is none."""
        return self._watch_mode.trouble

    @property
    def mode(self) -> str:
        """The present mode: `native` or `poll`."""
        return "poll" if self._watch_mode.polls else "native"

    # Hints.

    def _tell(self, hint: Hint) -> None:
        """Pass a hint to the event loop; called in the observer's thread."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(self._take_hint, hint)

    def _take_hint(self, hint: Hint) -> None:
        if self._loop is None:
            return
        match hint.kind:
            case Kind.ROOT | Kind.OVERFLOW | Kind.FOLDER_GONE:
                self._ask_for_scan()
            case Kind.FOLDER:
                self._take_folder(hint.path)
            case Kind.CLOSED | Kind.MOVED_IN | Kind.CREATED:
                self._take_file(hint)
            case Kind.CHANGED:
                self._collector.change(hint.path)
            case Kind.GONE:
                self._refused.pop(hint.path, None)
                self._collector.change(hint.path)

    def _take_folder(self, path: str) -> None:
        name = os.path.basename(path)
        if name == CLAIMS:
            return
        if (reason := refuse_folder(name)) is not None:
            self._refuse(path, 0, reason)
            return
        self._folders.add(path)
        self._collector.announce_folder(path)
        self._is_asked.set()

    def _take_file(self, hint: Hint) -> None:
        name = os.path.basename(hint.path)
        if is_silent(name):
            return
        if (reason := refuse_name(name)) is None:
            closed, moved = hint.kind is Kind.CLOSED, hint.kind is Kind.MOVED_IN
            self._collector.announce(hint.path, closed=closed, moved=moved)
            return
        with contextlib.suppress(OSError):
            self._refuse(hint.path, os.lstat(hint.path).st_size, reason)

    # Scans.

    async def _patrol(self) -> None:
        """Scan when asked to, and at intervals."""
        while True:
            due = self._scanned_at + self._interval
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    await self._is_asked.wait()
            self._is_asked.clear()
            try:
                await self._scan_folders()
                if self._is_whole or time.monotonic() >= due:
                    await self._scan(Found.SCAN)
                    await asyncio.sleep(_GAP_S)
            except Exception:
                log.exception("A scan of %r failed", display_name(self._root))
                await asyncio.sleep(_MISSING_S)

    @property
    def _interval(self) -> float:
        if self._watch_mode.trouble is not None:
            return min(_MISSING_S, self._rescan_s)
        if self._watch_mode.polls:  # a large tree on a slow share must not be walked without pause
            return min(max(_POLL_S, 4 * self._scan_took_s), self._rescan_s)
        return self._rescan_s

    def _ask_for_scan(self) -> None:
        self._is_whole = True
        self._is_asked.set()

    async def _scan(self, found: Found) -> None:
        """Scan the folder; once every `rescan_s` also recover and retry what waits."""
        self._is_whole = False
        self._scanned_at = time.monotonic()
        try:
            is_new = await asyncio.to_thread(self._watch_mode.attend)
        except (OSError, PlaceAway):
            self._merge(Listing(), found, retry=False)
            if time.monotonic() >= self._recovered_at + self._rescan_s:
                await self._recover()  # of what lies in the archive
            return
        self._collector.ask_writer = self._watch_mode.ask_writer
        is_due = is_new or self._scanned_at >= self._recovered_at + self._rescan_s - _EARLY_S
        if is_due:
            await self._recover()
        with contextlib.suppress(OSError):  # the root went away again; the next scan says so
            listing = await asyncio.to_thread(list_tree, self._root, self._watch_mode.watch)
            self._collector.has_events = not self._watch_mode.polls
            self._merge(listing, found, retry=is_due)
            await asyncio.to_thread(self._watch_mode.keep, listing.folders)
        self._scan_took_s = time.monotonic() - self._scanned_at

    async def _scan_folders(self) -> None:
        """Scan folders that were just created or moved in."""
        folders, self._folders = self._folders, set()
        for folder in folders:
            with contextlib.suppress(OSError):
                listing = await asyncio.to_thread(list_tree, folder, self._watch_mode.watch, is_inbox=False)
                self._add(listing, Found.EVENT)

    async def _recover(self) -> None:
        self._recovered_at = self._scanned_at  # as of one clock reading, or every second rescan would be too early
        try:
            paths = await self._collector.finish(self._recovery())
        except Exception:
            log.exception("Recovery failed; it will be tried again at the next scan")
            return
        for path in paths:
            entry = self._collector.schedule.add(os.fspath(path), Found.CLAIM)
            self._collector.wake(entry)

    async def _recovery(self) -> list[Path]:
        return [*await self._intake.recover()]

    def _merge(self, listing: Listing, found: Found, *, retry: bool) -> None:
        """Update the schedule from a scan of the whole folder."""
        self._add(listing, found)
        shown = {path for path, _, _ in listing.refused} | {path for path, _ in listing.closed}
        self._refused = {path: file for path, file in self._refused.items() if path in shown}
        present = set(listing.files)
        for entry in self._collector.schedule:
            is_gone = entry.path not in present and entry.found is not Found.CLAIM
            if not entry.busy and (is_gone or (entry.due is None and (retry or entry.size == 0))):
                self._collector.wake(entry)

    def _add(self, listing: Listing, found: Found) -> None:
        for path in sorted(listing.files):
            if self._collector.schedule.get(path) is None:
                is_told = any(path.startswith(folder + os.sep) for folder in self._folders)  # by its folder's event
                how = Found.EVENT if is_told and found is Found.SCAN else found
                self._collector.wake(self._collector.schedule.add(path, how))
        for path, size, reason in listing.refused:
            self._refuse(path, size, reason)
        for path, reason in listing.closed:
            self._refuse(path, 0, reason, refused=False)

    def _refuse(self, path: str, size: int, reason: str, refused: bool = True) -> None:
        known = self._refused.get(path)
        since = known.since if known is not None else datetime.now(UTC)
        self._refused[path] = WaitingFile(self._show(path), reason, size, since, refused)

    def _show(self, path: str) -> str:
        """Return the path to show: relative to the inbox, and for a claim only its name."""
        relative = os.path.relpath(path, self._root)
        is_claim = f"/{CLAIMS}/" in f"/{relative}"
        return display_name(os.path.basename(path) if is_claim else relative)
