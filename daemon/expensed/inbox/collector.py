"""Look at each file when it is due and hand the complete ones to the pipeline: one heap, a few workers."""

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
from expensed.inbox.inspect_file import Look, Question, look_at
from expensed.inbox.intake import Intake
from expensed.inbox.schedule import Entry, Found, Schedule
from expensed.inbox.settle import Take, decide
from expensed.model.admission import Admission, Judged, Stamp
from expensed.model.states import AdmissionOutcome
from expensed.model.text import display_name

log = logging.getLogger("expensed.inbox")

T = TypeVar("T")
Refuse = Callable[[str, int, str], None]
"""Called with the path, size and reason of a path that turns out not to be a file to take."""

_THREADS = 4
_WORKERS = 8
"""More than threads, because some wait for the ledger while others look."""
_SOON_S = 0.1
_GRACE_S = 0.01

TAKING = "It is complete and being taken."
UNSETTLED = "It changed while it was being taken; it is taken once it has settled again."
FAILED = "It could not be handled; the log says why. It will be tried again."


class Collector:
    """Waits for files until they are complete; times are in seconds."""

    def __init__(self, root: str, intake: Intake, refuse: Refuse, *, settle_s: float, patience_s: float) -> None:
        self._root = root
        self.schedule = Schedule()
        self.missed = 0
        """How many files were taken that a scan found and no event announced."""
        self.has_events = False
        """Whether events can be expected at all."""
        self.ask_writer = True
        """Whether the kernel can tell who writes to a file."""
        self._intake = intake
        self._refuse = refuse
        self._settle_s, self._patience_s = settle_s, patience_s
        self._ready: asyncio.Queue[Entry] = asyncio.Queue()
        self._replan = asyncio.Event()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="inbox")
        self._tasks: list[asyncio.Task[None]] = []
        self._unbroken: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Start looking."""
        work = [self._plan(), *(self._work() for _ in range(_WORKERS))]
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Stop looking and taking; wait for what the pipeline is doing for us."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._unbroken, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the pipeline's work; a stop lets it finish."""
        task = asyncio.create_task(work)
        self._unbroken.add(task)
        task.add_done_callback(self._unbroken.discard)
        return await asyncio.shield(task)

    def announce(self, path: str, *, closed: bool, moved: bool = False) -> None:
        """Take note of an event: a writer closed this file, or it was moved in, or else just created."""
        now = time.monotonic()
        entry = self.schedule.add(path, Found.EVENT)
        if entry.found is not Found.CLAIM:
            entry.found = Found.EVENT
        if closed or moved:
            entry.history = entry.history.close(now, moved=moved)
            self.wake(entry, now if moved else entry.history.alone_until)
        else:  # it is being written; its close usually comes before this look
            self.wake(entry, now + min(_SOON_S, self._settle_s))

    def announce_folder(self, folder: str) -> None:
        """Take note of an event for this folder: files that a scan found in it meanwhile were not missed."""
        for entry in self.schedule:
            if entry.found is Found.SCAN and entry.path.startswith(folder + os.sep):
                entry.found = Found.EVENT

    def wake(self, entry: Entry, at: float | None = None) -> None:
        """Look at an entry at `at` (default: now), or earlier if that was planned."""
        self.schedule.wake(entry, time.monotonic() if at is None else at)
        self._replan.set()

    def change(self, path: str) -> None:
        """Take note of an event: a file's owner, mode or times changed, or it is gone."""
        entry = self.schedule.get(path)
        if entry is not None and not entry.busy:  # busy: most likely our own claim moved it
            self.wake(entry, max(time.monotonic() + _GRACE_S, entry.history.looked_at + _SOON_S))

    async def _plan(self) -> None:
        """Hand out the entries that are due."""
        while True:
            self._replan.clear()
            now = time.monotonic()
            for entry in self.schedule.pop_due(now):
                self._ready.put_nowait(entry)
            due = self.schedule.next_due
            # Not wait_for: before Python 3.12 it swallows a cancellation that comes with the event, and the stop hangs.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - now)):
                    await self._replan.wait()

    async def _work(self) -> None:
        while True:
            entry = await self._ready.get()
            try:
                await self._look(entry)
            except Exception as error:
                if str(error) != entry.error:  # log it once, not at each rescan
                    log.exception("%r could not be handled; it will be tried again", display_name(entry.path))
                entry.reason, entry.error = FAILED, str(error)
            finally:
                entry.busy = False
            if entry.again:
                self._follow(entry)

    def _follow(self, entry: Entry) -> None:
        """Look again at a path to which something happened while it was busy, to its file or a new one of that name."""
        entry.again = False
        following = self.schedule.add(entry.path, Found.EVENT)
        if following is not entry and entry.history.has_fresh_close:
            following.history = following.history.close(time.monotonic())
        self.wake(following)

    async def _look(self, entry: Entry) -> None:
        """Look at one file and act on what is found."""
        began = time.monotonic()
        question = self._ask(entry, began)
        look = await asyncio.get_running_loop().run_in_executor(self._threads, look_at, question)
        if look.stamp is None:
            self.schedule.forget(entry)
        elif look.refused is not None:
            self.schedule.forget(entry)
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
        entry.reason = entry.trouble or decision.reason
        self.schedule.plan(entry, decision.until)
        self._replan.set()

    async def _admit(self, entry: Entry, stamp: Stamp, cut_off: str | None) -> None:
        if entry.found is Found.SCAN and self.has_events:
            self.missed += 1
            entry.found = Found.EVENT
            log.info("%r was found by a scan; no event had announced it", display_name(entry.path))
        entry.reason = entry.trouble or TAKING
        judged = Judged(stamp.device, stamp.inode, stamp.size, stamp.mtime_ns, cut_off)
        admission = await self.finish(self._intake.admit(Path(entry.path), judged))
        self._conclude(entry, admission)

    def _conclude(self, entry: Entry, admission: Admission) -> None:
        """Act on the outcome of an admission."""
        if admission.outcome is AdmissionOutcome.WAITS:
            entry.reason = admission.reason or FAILED
            return
        if admission.outcome is AdmissionOutcome.ADMITTED:
            self.schedule.forget(entry)
            return
        path = os.fspath(admission.path or entry.path)
        if path == entry.path:
            entry.history, entry.structure = entry.history.forget(), None
        else:
            self.schedule.forget(entry)
            entry = self.schedule.add(path, Found.CLAIM)
        entry.trouble = admission.reason
        entry.reason = entry.trouble or UNSETTLED
        self.wake(entry, time.monotonic() + min(_SOON_S, self._settle_s))
