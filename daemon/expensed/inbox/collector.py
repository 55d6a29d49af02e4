"""Looks at each file when it is due and hands the complete ones to the pipeline: one heap, a few workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from expensed.formats.ends.reader import Ending
from expensed.inbox.intake import Intake
from expensed.inbox.look import Look, Question, look_at
from expensed.inbox.refused import show_name
from expensed.inbox.schedule import Entry, Found, Roster
from expensed.inbox.settle import Take, decide
from expensed.model.dropped_files import Admission, Judged, Stamp

log = logging.getLogger("expensed.inbox")

T = TypeVar("T")
Refuse = Callable[[str, int, str], None]
"""Told the path, size and reason of a file that turns out to be none."""

_THREADS = 4
_WORKERS = 8
"""More than threads: some wait for the ledger while others look."""
_SOON_S = 0.1
_GRACE_S = 0.01
"""After a close: programs that copy set times and mode by name then, and complain if the file has gone by that time."""

TAKING = "It is complete and being taken."
UNSETTLED = "It changed while it was being taken; it is taken once it has settled again."
FAILED = "It could not be handled; the log says why. It is tried again."


class Settler:
    """Waits for files until they are complete. Times in seconds."""

    def __init__(self, root: str, intake: Intake, refuse: Refuse, *, settle_s: float, patience_s: float) -> None:
        self._root = root
        self.roster = Roster()
        self.missed = 0
        """Files taken that a scan found and no event announced."""
        self.has_events = False
        """Whether events are to be expected at all."""
        self.ask_writer = True
        """Whether the kernel can be asked for writers."""
        self._intake = intake
        self._refuse = refuse
        self._settle_s, self._patience_s = settle_s, patience_s
        self._ready: asyncio.Queue[Entry] = asyncio.Queue()
        self._replan = asyncio.Event()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="inbox")
        self._tasks: list[asyncio.Task[None]] = []
        self._unbroken: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Begin to look."""
        work = [self._plan(), *(self._work() for _ in range(_WORKERS))]
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Look and take no more; what the pipeline is doing for us is awaited."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._unbroken, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the pipeline's work; a stop lets it end."""
        task = asyncio.create_task(work)
        self._unbroken.add(task)
        task.add_done_callback(self._unbroken.discard)
        return await asyncio.shield(task)

    def announce(self, path: str, *, closed: bool, moved: bool = False) -> None:
        """An event told of this file: a writer closed it, or it was moved in, or else it was just created."""
        now = time.monotonic()
        entry = self.roster.add(path, Found.EVENT)
        if entry.found is not Found.CLAIM:
            entry.found = Found.EVENT
        if closed or moved:
            entry.history = entry.history.close(now)
            self.wake(entry, now if moved else now + _GRACE_S)
        else:  # it is written next: its close usually comes before this look
            self.wake(entry, now + min(_SOON_S, self._settle_s))

    def announce_folder(self, folder: str) -> None:
        """An event told of this folder: what a scan found in it meanwhile was not missed."""
        for entry in self.roster:
            if entry.found is Found.SCAN and entry.path.startswith(folder + os.sep):
                entry.found = Found.EVENT

    def wake(self, entry: Entry, at: float | None = None) -> None:
        """Look at it at `at` (now), or earlier if that was planned."""
        self.roster.wake(entry, time.monotonic() if at is None else at)
        self._replan.set()

    def change(self, path: str) -> None:
        """An event told that the file's owner, mode or times changed, or that it is gone."""
        entry = self.roster.get(path)
        if entry is not None and not entry.busy:  # busy: our own claim takes it away, most likely
            self.wake(entry, max(time.monotonic() + _GRACE_S, entry.history.looked_at + _SOON_S))

    async def _plan(self) -> None:
        """Hand out the entries that are due."""
        while True:
            self._replan.clear()
            now = time.monotonic()
            for entry in self.roster.pop_due(now):
                self._ready.put_nowait(entry)
            due = self.roster.next_due
            # Not wait_for: before Python 3.12 it swallows a cancellation that meets the event, and the stop hangs.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - now)):
                    await self._replan.wait()

    async def _work(self) -> None:
        while True:
            entry = await self._ready.get()
            try:
                await self._look(entry)
            except Exception as error:
                if str(error) != entry.error:  # once, not at each rescan
                    log.exception("%r could not be handled; it is tried again", show_name(entry.path))
                entry.reason, entry.error = FAILED, str(error)
            finally:
                entry.busy = False
            if entry.again:
                self._follow(entry)

    def _follow(self, entry: Entry) -> None:
        """Something happened to the path while it was busy: to this file, or to the next one of that name."""
        entry.again = False
        following = self.roster.add(entry.path, Found.EVENT)
        if following is not entry and entry.history.has_fresh_close:
            following.history = following.history.close(time.monotonic())
        self.wake(following)

    async def _look(self, entry: Entry) -> None:
        """Look at one file, and act on it."""
        began = time.monotonic()
        question = self._ask(entry, began)
        look = await asyncio.get_running_loop().run_in_executor(self._threads, look_at, question)
        if look.stamp is None:
            self.roster.forget(entry)
        elif look.refused is not None:
            self.roster.forget(entry)
            self._refuse(entry.path, look.stamp.size, look.refused)
        elif look.unreadable is not None:
            entry.reason, entry.size = look.unreadable, look.stamp.size
        else:
            await self._settle(entry, look, look.stamp, began)

    def _ask(self, entry: Entry, now: float) -> Question:
        history, structure = entry.history, entry.structure
        is_patient = structure is not None and structure.ending is Ending.CUT_OFF
        stands = is_patient and now < history.quiet_since + self._patience_s
        return Question(
            entry.path,
            self._root,
            history.stamp,
            closed=history.has_fresh_close,
            known=structure if stands else None,
            ask_writer=self.ask_writer,
        )

    async def _settle(self, entry: Entry, look: Look, stamp: Stamp, began: float) -> None:
        entry.history = entry.history.look(stamp, began, held=look.held)
        entry.structure, entry.size = look.structure, stamp.size
        decision = decide(
            entry.history,
            look.structure,
            time.monotonic(),
            held=look.held,
            settle_s=self._settle_s,
            patience_s=self._patience_s,
        )
        if isinstance(decision, Take):
            await self._admit(entry, stamp, decision.cut_off)
            return
        entry.reason = decision.reason
        self.roster.plan(entry, decision.until)
        self._replan.set()

    async def _admit(self, entry: Entry, stamp: Stamp, cut_off: str | None) -> None:
        if entry.found is Found.SCAN and self.has_events:
            self.missed += 1
            entry.found = Found.EVENT
            log.info("%r was found by a scan; no event had announced it", show_name(entry.path))
        entry.reason = TAKING
        judged = Judged(stamp.device, stamp.inode, stamp.size, stamp.mtime_ns, cut_off)
        admission = await self.finish(self._intake.admit(Path(entry.path), judged))
        self._conclude(entry, admission)

    def _conclude(self, entry: Entry, admission: Admission) -> None:
        """Act on what the pipeline made of a file."""
        if admission.outcome == "waits":
            entry.reason = admission.reason or FAILED
            return
        if admission.outcome == "admitted":
            self.roster.forget(entry)
            return
        path = os.fspath(admission.path or entry.path)
        if path == entry.path:
            entry.history, entry.structure = entry.history.forget(), None
        else:
            self.roster.forget(entry)
            entry = self.roster.add(path, Found.CLAIM)
        entry.reason = UNSETTLED
        self.wake(entry, time.monotonic() + min(_SOON_S, self._settle_s))
