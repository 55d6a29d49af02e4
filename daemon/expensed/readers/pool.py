"""The pool of child processes: started on first need, killed at a limit, retired after a while of idling.

Written here because no pool library at hand limits measured memory, kills a child with its descendants, tells its
stages apart and retires idle processes: pebble kills at a time-out only, anyio's worker processes hide their pid,
loky and concurrent.futures break as a whole when one worker dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from expensed.child_environment import clean_environment
from expensed.errors import (
    ChildDied,
    DocumentError,
    InternalError,
    Interrupted,
    MachineTrouble,
    OcrTimeout,
    OutOfMemory,
    document_error,
)
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Examination
from expensed.model.reading import Box, Mark
from expensed.model.states import Likeness, Stage
from expensed.readers.protocol import (
    LENGTH,
    Compare,
    Compared,
    Draw,
    Drawn,
    Examine,
    Examined,
    Failed,
    Progress,
    Ready,
    Request,
    Result,
    frame,
    parse_answer,
)
from expensed.reading.options import ReadingOptions

log = logging.getLogger("expensed.children")

LARGEST_ANSWER = 16 << 20
START_S = 60.0
MEMORY_LOOK_S = 0.2
WORN_SHARE = 0.6
"""A child that keeps more than this share of its memory limit between two documents is replaced."""
OnStage = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one child."""

    time_s: float
    memory_mb: int
    idle_s: float


class Child:
    """One process and its state."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self.process = process
        self.scratch = scratch
        self.is_spent = False
        """Whether it was killed or still owes an answer, and so must not get another request."""
        self.over_memory_mb: float | None = None
        self.idle_timer: asyncio.TimerHandle | None = None

    @classmethod
    async def spawn(cls, scratch: Path) -> Child:
        """Start a process in its own session, with its own folder for temporary files below `scratch`."""
        folder = Path(tempfile.mkdtemp(dir=scratch))
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "expensed.readers.child", str(os.getpid()),
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
                env=clean_environment(OMP_THREAD_LIMIT="1", OMP_NUM_THREADS="1", TMPDIR=str(folder)),
            )  # fmt: skip
        except (OSError, RuntimeError):
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(process, folder)

    async def get_ready(self) -> None:
        """Wait until it can take a request; MachineTrouble if it never can."""
        try:
            async with asyncio.timeout(START_S):
                await self._receive()
        except (TimeoutError, ChildDied) as error:
            raise MachineTrouble("A reading process did not start.") from error

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None

    def kill(self) -> None:
        """Kill it and everything it started, now."""
        self.is_spent = True
        if self.is_alive:  # otherwise its pid may be another process's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def bury(self) -> None:
        """Wait for its end and remove its folder."""
        await self.process.wait()
        await asyncio.to_thread(shutil.rmtree, self.scratch, ignore_errors=True)

    async def ask(self, request: Request, on_stage: OnStage) -> Result:
        """Send one request and wait for its answer; ChildDied if the process ends first."""
        if self.process.stdin is None:
            raise ChildDied("The reading process has no pipes.")
        self.is_spent = True  # until its whole answer has been received
        try:
            self.process.stdin.write(frame(request))
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise await self._died() from error
        while True:
            content = await self._receive()
            try:
                answer = parse_answer(content)
            except ValueError as error:
                raise _make_no_sense() from error
            match answer:
                case Examined() | Drawn() | Compared():
                    self.is_spent = False
                    return answer
                case Failed():
                    self.is_spent = False
                    raise _error_from(answer)
                case Progress():
                    await on_stage(answer.stage)
                case Ready():
                    raise _make_no_sense()
                case _:
                    assert_never(answer)

    async def _receive(self) -> bytes:
        if self.process.stdout is None:
            raise ChildDied("The reading process has no pipes.")
        try:
            (length,) = LENGTH.unpack(await self.process.stdout.readexactly(LENGTH.size))
            if length > LARGEST_ANSWER:
                raise ChildDied("The reading process sent an answer that is far too long.")
            return await self.process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._died() from error

    async def _died(self) -> ChildDied:
        code = await self.process.wait()
        return ChildDied(f"The reading process ended without an answer ({_describe_exit(code)}).")

    def memory_mb(self) -> float:
        """Return the resident memory of the process and its children, in MB."""
        total, pending = 0, [str(self.process.pid)]
        while pending:
            folder = f"/proc/{pending.pop()}"
            try:
                total += int(_words_of(f"{folder}/statm")[1])
                for thread in os.listdir(f"{folder}/task"):
                    pending += map(os.fsdecode, _words_of(f"{folder}/task/{thread}/children"))
            except (OSError, ValueError, IndexError):
                continue
        return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def _words_of(path: str) -> list[bytes]:
    """Return what a small file of the kernel says, word by word; pathlib would cost three times as much. OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 1 << 16).split()
    finally:
        os.close(descriptor)


class Children:
    """The children of one daemon; the gate in front of them limits how many work at once."""

    def __init__(self, limits: Limits, scratch: Path, slots: int) -> None:
        """`scratch`: a folder for temporary files; anything in it may be removed. `slots`: of the gate."""
        self._limits = limits
        self._slots = slots
        self._scratch = scratch
        self._idle: list[Child] = []
        self._burials: dict[Child, asyncio.Task[None]] = {}
        self._starting: set[asyncio.Task[Child]] = set()
        self._unowned: list[asyncio.Task[Child]] = []
        """Starting children whose caller has left."""
        self._stopping = False

    @property
    def alive(self) -> int:
        """How many processes are alive."""
        return len(self._burials)

    async def examine(
        self, path: Path, reading: ReadingOptions, extraction: ExtractionOptions, on_stage: OnStage
    ) -> Examination:
        """Have a child read a file and extract its expense.

        Raises the DocumentError the child met, or ChildDied, OcrTimeout, OutOfMemory, Interrupted (stopping).
        """
        answer = await self._ask(Examine(os.fsencode(path), reading, extraction), on_stage)
        if not isinstance(answer, Examined):
            raise _make_no_sense()
        return answer.examination

    async def draw(
        self,
        path: Path,
        page: int,
        turns: float,
        marks: Sequence[Mark],
        reading: ReadingOptions,
        crop: Box | None = None,
    ) -> bytes:
        """Have a child draw one page (from 1), or a part of it, as PNG; raises as `examine` does, and NoSuchPage."""
        answer = await self._ask(Draw(os.fsencode(path), page, turns, tuple(marks), reading, crop), _no_stage)
        if not isinstance(answer, Drawn):
            raise _make_no_sense()
        return answer.picture

    async def compare(self, path: Path, other: Path, reading: ReadingOptions) -> Likeness:
        """Have a child tell whether two files hold the same picture; raises as `examine` does."""
        answer = await self._ask(Compare(os.fsencode(path), os.fsencode(other), reading), _no_stage)
        if not isinstance(answer, Compared):
            raise _make_no_sense()
        return answer.likeness

    async def _ask(self, request: Request, on_stage: OnStage) -> Result:
        if self._stopping:
            raise Interrupted("The daemon is stopping.")
        child = await self._take()
        try:
            async with asyncio.timeout(self._limits.time_s):
                return await self._watched(child, request, on_stage)
        except TimeoutError as error:
            child.kill()
            raise OcrTimeout(f"Reading took longer than {self._limits.time_s:g} seconds and was stopped.") from error
        except ChildDied as error:
            child.kill()
            if self._stopping:
                raise Interrupted("The daemon is stopping.") from error
            if child.over_memory_mb is not None:
                raise OutOfMemory(
                    f"Reading it took {child.over_memory_mb:.0f} MB of memory; {self._limits.memory_mb} MB are allowed."
                ) from error
            raise
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            self._put_back(child)

    async def _watched(self, child: Child, request: Request, on_stage: OnStage) -> Result:
        watcher = asyncio.create_task(self._watch_memory(child))
        try:
            return await child.ask(request, on_stage)
        finally:
            watcher.cancel()

    async def _watch_memory(self, child: Child) -> None:
        while True:
            await asyncio.sleep(MEMORY_LOOK_S)
            used = child.memory_mb()
            if used > self._limits.memory_mb:
                child.over_memory_mb = used
                child.kill()
                return

    async def _take(self) -> Child:
        child = self._pop_idle()
        if child is not None:
            return child
        starting = self._unowned.pop() if self._unowned else self._begin_start()
        try:
            return await asyncio.shield(starting)  # half a start would leave a process that nobody knows about
        except asyncio.CancelledError:
            self._unowned.append(starting)
            starting.add_done_callback(self._keep)
            raise

    def _begin_start(self) -> asyncio.Task[Child]:
        starting = asyncio.create_task(self._start())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        return starting

    async def _start(self) -> Child:
        try:
            child = await Child.spawn(self._scratch)
        except OSError as error:
            raise MachineTrouble(f"A reading process cannot be started: {error.strerror}.") from error
        except RuntimeError as error:  # asyncio needs a thread that waits for its end: "can't start new thread"
            raise MachineTrouble(f"A reading process cannot be started: {error}.") from error
        self._burials[child] = burial = asyncio.create_task(child.bury())
        burial.add_done_callback(lambda _: self._burials.pop(child))
        try:
            await child.get_ready()
        except BaseException:
            child.kill()
            if self._stopping:
                raise Interrupted("The daemon is stopping.") from None
            raise
        return child

    def _keep(self, starting: asyncio.Task[Child]) -> None:
        """Keep a started child for the next caller if its own has left and nobody has taken it over."""
        if starting not in self._unowned:
            return
        self._unowned.remove(starting)
        if not starting.cancelled() and starting.exception() is None:
            self._put_back(starting.result())

    def _pop_idle(self) -> Child | None:
        while self._idle:
            child = self._idle.pop()
            if child.idle_timer:
                child.idle_timer.cancel()
            if child.is_alive:
                return child
        return None

    def _put_back(self, child: Child) -> None:
        is_usable = child.is_alive and child.over_memory_mb is None and not child.is_spent
        is_wanted = not self._stopping and len(self._idle) < self._slots
        if not is_usable or not is_wanted or child.memory_mb() > self._limits.memory_mb * WORN_SHARE:
            child.kill()
            return
        self._idle.append(child)
        child.idle_timer = asyncio.get_running_loop().call_later(self._limits.idle_s, self._retire, child)

    def _retire(self, child: Child) -> None:
        if child in self._idle:
            self._idle.remove(child)
            child.kill()

    async def stop(self) -> None:
        """Kill all children and wait until they are gone."""
        self._stopping = True
        for child in self._idle:
            if child.idle_timer:
                child.idle_timer.cancel()
        self._idle.clear()
        while self._burials or self._starting:
            for child in self._burials:
                child.kill()
            await asyncio.wait([*self._burials.values(), *self._starting], return_when=asyncio.FIRST_COMPLETED)


def _make_no_sense() -> ChildDied:
    return ChildDied("The reading process sent an answer that makes no sense.")


async def _no_stage(stage: Stage) -> None:
    """Ignore a stage; drawing and comparing have none."""


def _error_from(failed: Failed) -> DocumentError:
    error = document_error(failed.code, failed.message, failed.hint)
    if isinstance(error, InternalError):
        error.trace = failed.trace
    return error


def _describe_exit(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
