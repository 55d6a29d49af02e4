"""The watched folder: scans and hints become looks, looks become admissions. One heap, a few workers, no task a file."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from expensed.inbox.formats.reader import Ending
from expensed.inbox.intake import Intake
from expensed.inbox.look import Look, Question, look_at
from expensed.inbox.names import OURS, refuse_folder, refuse_name, show_name
from expensed.inbox.observer import Hint, Kind
from expensed.inbox.roster import Entry, Found, Roster
from expensed.inbox.sentry import Sentry
from expensed.inbox.settle import History, Stamp, Take, decide
from expensed.inbox.tree import Listing, list_tree
from expensed.model import Admission, Judged, WaitingFile

log = logging.getLogger("expensed.inbox")

T = TypeVar("T")

_THREADS = 4
_WORKERS = 8
"""More than threads: some wait for the ledger while others look."""
_POLL_S = 1.0
_MISSING_S = 0.5
_GAP_S = 0.2
"""Between scans that events ask for, so that a flood of them cannot keep the disk busy."""
_NEW_S = 0.1
"""A file just created is first looked at after this: its close usually comes before."""


class Watcher:
    """Watches `root` and hands each complete file to `intake`. Times in seconds; `watch`: auto, native or poll."""

    def __init__(
        self, root: Path, intake: Intake, *, settle_s: float, patience_s: float, rescan_s: float, watch: str = "auto"
    ) -> None:
        self.missed = 0
        """Files that a scan found and no event announced, those there at start left out."""
        self._root = os.path.abspath(root)
        self._intake = intake
        self._settle_s, self._patience_s, self._rescan_s = settle_s, patience_s, rescan_s
        self._sentry = Sentry(self._root, watch, self._tell)
        self._roster = Roster()
        self._refused: dict[str, WaitingFile] = {}
        self._ready: asyncio.Queue[Entry] = asyncio.Queue()
        self._replan = asyncio.Event()
        self._rescan = asyncio.Event()
        self._whole = False
        self._folders: set[str] = set()
        self._recovered_at = float("-inf")
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="inbox")
        self._tasks: list[asyncio.Task[None]] = []
        self._unbroken: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Recover, look through the folder once, and watch from then on."""
        self._loop = asyncio.get_running_loop()
        await self._scan(Found.START)
        work = [self._patrol(), self._plan(), *(self._work() for _ in range(_WORKERS))]
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Take nothing more; an admission in progress is awaited."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._unbroken, return_exceptions=True)
        await asyncio.to_thread(self._sentry.stop)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def rescan(self) -> None:
        """Scan the whole folder soon."""
        self._whole = True
        self._rescan.set()

    def waiting(self) -> list[WaitingFile]:
        """What lies in the folder and is not (yet) taken, and why."""
        waits = [
            WaitingFile(self._show(entry.path), entry.reason, entry.size, entry.since) for entry in self._roster
        ]
        return sorted([*waits, *self._refused.values()], key=lambda file: (file.refused, file.since, file.file))

    @property
    def trouble(self) -> str | None:
        """What is wrong with the folder itself, as a sentence."""
        return self._sentry.trouble

    @property
    def mode(self) -> str:
        """`native` or `poll`, as it is now."""
        return "poll" if self._sentry.polls else "native"

    # Hints.

    def _tell(self, hint: Hint) -> None:
        """Called in the observer's thread."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(self._take_hint, hint)

    def _take_hint(self, hint: Hint) -> None:
        if self._loop is None:
            return
        if hint.kind in (Kind.ROOT, Kind.OVERFLOW, Kind.FOLDER_GONE):
            self.rescan()
        elif hint.kind is Kind.FOLDER:
            self._take_folder_hint(hint.path)
        elif hint.kind in (Kind.CLOSED, Kind.MOVED_IN, Kind.CREATED):
            self._take_file_hint(hint)
        else:
            self._take_change_hint(hint)

    def _take_folder_hint(self, path: str) -> None:
        name = os.path.basename(path)
        if name == OURS:
            return
        if (reason := refuse_folder(name)) is not None:
            self._refuse(path, 0, reason)
            return
        self._folders.add(path)
        self._rescan.set()

    def _take_file_hint(self, hint: Hint) -> None:
        if (reason := refuse_name(os.path.basename(hint.path))) is not None:
            self._refuse(hint.path, _size(hint.path), reason)
            return
        now = time.monotonic()
        entry = self._roster.add(hint.path, Found.EVENT)
        entry.found = Found.EVENT
        if hint.kind is Kind.CREATED:
            self._wake(entry, now + min(_NEW_S, self._settle_s))
        else:
            entry.history = entry.history.close(now)
            self._wake(entry, now)

    def _take_change_hint(self, hint: Hint) -> None:
        if hint.kind is Kind.GONE:
            self._refused.pop(hint.path, None)
        entry = self._roster.get(hint.path)
        if entry is not None and not (hint.kind is Kind.GONE and entry.busy):  # busy: our own claim, most likely
            self._wake(entry, time.monotonic())

    # Scans.

    async def _patrol(self) -> None:
        """Scan when asked to, and every so often."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rescan.wait(), self._interval)
            self._rescan.clear()
            try:
                if self._folders and not self._whole:
                    await self._scan_folders()
                else:
                    await self._scan(Found.SCAN)
                    await asyncio.sleep(_GAP_S)
            except Exception:
                log.exception("A scan of %s failed", self._root)
                await asyncio.sleep(_MISSING_S)

    @property
    def _interval(self) -> float:
        if self._sentry.trouble is not None:
            return min(_MISSING_S, self._rescan_s)
        return min(_POLL_S, self._rescan_s) if self._sentry.polls else self._rescan_s

    async def _scan(self, found: Found) -> None:
        """Find what lies in the folder; once every `rescan_s` also recover, and try again what waits."""
        self._whole = False
        self._folders.clear()
        try:
            is_new = await asyncio.to_thread(self._sentry.attend)
        except OSError:
            self._merge(Listing(), found, retry=False)
            return
        due = is_new or time.monotonic() >= self._recovered_at + self._rescan_s
        if due:
            await self._recover()
        with contextlib.suppress(OSError):
            listing = await asyncio.to_thread(list_tree, self._root, self._sentry.watch)
            self._merge(listing, found, retry=due)
            await asyncio.to_thread(self._sentry.keep, listing.folders)

    async def _scan_folders(self) -> None:
        """Look through folders that were just made or moved in."""
        folders, self._folders = self._folders, set()
        for folder in folders:
            with contextlib.suppress(OSError):
                listing = await asyncio.to_thread(list_tree, folder, self._sentry.watch)
                self._add_found(listing, Found.EVENT)

    async def _recover(self) -> None:
        self._recovered_at = time.monotonic()
        try:
            paths = await self._finish(self._intake.recover())
        except Exception:
            log.exception("Recovery failed; it is tried again at the next scan")
            return
        for path in paths:
            self._wake(self._roster.add(os.fspath(path), Found.CLAIM), time.monotonic())

    def _merge(self, listing: Listing, found: Found, *, retry: bool) -> None:
        """Bring the roster in line with a whole scan."""
        self._add_found(listing, found)
        present = {*listing.files}
        refused = {path for path, _, _ in listing.refused} | {path for path, _ in listing.closed}
        self._refused = {path: file for path, file in self._refused.items() if path in refused}
        now = time.monotonic()
        for entry in self._roster:
            is_gone = entry.path not in present and entry.found is not Found.CLAIM
            if entry.due is None and not entry.busy and (retry or is_gone or entry.size == 0):
                self._wake(entry, now)

    def _add_found(self, listing: Listing, found: Found) -> None:
        now = time.monotonic()
        for path in listing.files:
            if self._roster.get(path) is None:
                self._wake(self._roster.add(path, found), now)
        for path, size, reason in listing.refused:
            self._refuse(path, size, reason)
        for path, reason in listing.closed:
            self._refuse(path, 0, reason, refused=False)

    def _refuse(self, path: str, size: int, reason: str, *, refused: bool = True) -> None:
        known = self._refused.get(path)
        since = known.since if known is not None else datetime.now(UTC)
        self._refused[path] = WaitingFile(self._show(path), reason, size, since, refused)

    # Looks.

    def _wake(self, entry: Entry, at: float) -> None:
        self._roster.wake(entry, at)
        self._replan.set()

    async def _plan(self) -> None:
        """Hand out the entries that are due."""
        while True:
            now = time.monotonic()
            for entry in self._roster.pop_due(now):
                self._ready.put_nowait(entry)
            due = self._roster.next_due
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._replan.wait(), None if due is None else max(0.0, due - now))
            self._replan.clear()

    async def _work(self) -> None:
        while True:
            entry = await self._ready.get()
            try:
                await self._handle(entry)
            except Exception:
                log.exception("%s could not be handled; it is tried again", self._show(entry.path))
                entry.reason = "It could not be handled; the log says why. It is tried again."
            finally:
                entry.busy = False
            if entry.again:
                entry.again = False
                self._wake(entry, time.monotonic())
            self._replan.set()

    async def _handle(self, entry: Entry) -> None:
        """Look at one file, and act on it."""
        began = time.monotonic()
        look = await asyncio.get_running_loop().run_in_executor(self._threads, look_at, self._ask(entry, began))
        if look.stamp is None:
            self._roster.forget(entry)
        elif look.refused is not None:
            self._roster.forget(entry)
            self._refuse(entry.path, look.stamp.size, look.refused)
        elif look.unreadable is not None:
            entry.reason, entry.size = look.unreadable, look.stamp.size
        else:
            await self._settle(entry, look, look.stamp, began)

    def _ask(self, entry: Entry, now: float) -> Question:
        history, structure = entry.history, entry.structure
        patient = structure is not None and structure.ending is Ending.CUT_OFF
        keeps = patient and now < history.quiet_since + self._patience_s
        return Question(
            entry.path,
            history.stamp,
            closed=history.has_fresh_close,
            known=structure if keeps else None,
            ask_writer=self._sentry.ask_writer,
        )

    async def _settle(self, entry: Entry, look: Look, stamp: Stamp, began: float) -> None:
        entry.history = entry.history.look(stamp, began, held=look.held)
        entry.structure, entry.size = look.structure, stamp.size
        now = time.monotonic()
        decision = decide(
            entry.history, look.structure, now, held=look.held, settle_s=self._settle_s, patience_s=self._patience_s
        )
        if isinstance(decision, Take):
            await self._admit(entry, stamp, decision.cut_off)
        else:
            entry.reason = decision.reason
            self._roster.plan(entry, decision.until)

    async def _admit(self, entry: Entry, stamp: Stamp, cut_off: str | None) -> None:
        if entry.found is Found.SCAN and not self._sentry.polls:
            self.missed += 1
            entry.found = Found.EVENT
            log.info("%s was found by a scan; no event announced it", self._show(entry.path))
        judged = Judged(stamp.device, stamp.inode, stamp.size, stamp.mtime_ns, cut_off)
        entry.reason = "It is complete and being taken."
        admission = await self._finish(self._intake.admit(Path(entry.path), judged))
        self._conclude(entry, admission)

    def _conclude(self, entry: Entry, admission: Admission) -> None:
        """Act on what the pipeline made of a file."""
        if admission.outcome == "waits":
            entry.reason = admission.reason or "It cannot be taken yet; it is tried again."
            return
        fresh = History().close(entry.history.closed_at or 0.0) if entry.history.has_fresh_close else History()
        entry.history, entry.structure = fresh, None
        if admission.outcome == "admitted":
            path, again = entry.path, entry.again
            self._roster.forget(entry)
            if again:  # the next file of that name is already there
                following = self._roster.add(path, Found.EVENT)
                following.history = fresh
                self._wake(following, time.monotonic())
            return
        path = os.fspath(admission.path or entry.path)
        if path != entry.path:
            self._roster.move(entry, path)
            entry.found = Found.CLAIM
        entry.reason = "It changed while it was being taken; it is taken once it has settled again."
        self._roster.plan(entry, time.monotonic() + min(_NEW_S, self._settle_s))

    async def _finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the pipeline's work; a stop lets it end."""
        task = asyncio.create_task(work)
        self._unbroken.add(task)
        task.add_done_callback(self._unbroken.discard)
        return await asyncio.shield(task)

    def _show(self, path: str) -> str:
        """The path as shown: relative to the inbox, a claim by its name alone."""
        relative = os.path.relpath(path, self._root)
        return show_name(os.path.basename(path) if relative.startswith(OURS + os.sep) else relative)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
