"""The child processes: started on first need, killed at a limit, gone after a while of idling.

Written here because no pool library at hand limits measured memory, kills a child with its descendants, tells its
stages apart and retires idle processes: pebble kills at a time-out only, anyio's worker processes hide their pid,
loky and concurrent.futures break as a whole when one worker dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64decode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

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
from expensed.model.reading import Mark
from expensed.readers.protocol import EXAMINATION, LENGTH, encode_drawing, encode_request
from expensed.reading.options import ReadingOptions

log = logging.getLogger("expensed.children")

DONE = b'{"done":'
LARGEST_ANSWER = 16 << 20
START_S = 60.0
MEMORY_LOOK_S = 0.2
WORN_SHARE = 0.6
"""A child that keeps more than this share of its memory limit between two documents is replaced."""
OnStage = Callable[[str], Awaitable[None]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    time_s: float
    memory_mb: int
    idle_s: float


class Child:
    """One process and what it is doing."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self.process = process
        self.scratch = scratch
        self.is_spent = False
        """It was killed, or still owes the answer to a request: it must not be given another."""
        self.over_memory_mb: float | None = None
        self.idle_timer: asyncio.TimerHandle | None = None

    @classmethod
    async def spawn(cls, scratch: Path) -> Child:
        """Start a process in a session of its own, with a folder of its own for temporary files below `scratch`."""
        folder = Path(tempfile.mkdtemp(dir=scratch))
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "expensed.readers.child", str(os.getpid()),
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
                env=os.environ | {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "TMPDIR": str(folder)},
            )  # fmt: skip
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(process, folder)

    async def get_ready(self) -> None:
        """Wait until it can take a request; MachineTrouble if it does not come to that."""
        try:
            async with asyncio.timeout(START_S):
                await self._receive()
        except (TimeoutError, ChildDied) as error:
            raise MachineTrouble("A reading process did not start.") from error

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None

    def kill(self) -> None:
        """End it and all that it started, now."""
        self.is_spent = True
        if self.is_alive:  # else its number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def bury(self) -> None:
        """Wait for its end and remove what it left."""
        await self.process.wait()
        await asyncio.to_thread(shutil.rmtree, self.scratch, ignore_errors=True)

    async def ask(self, request: bytes, understand: Callable[[bytes], Answer], on_stage: OnStage) -> Answer:
        """Send one request and follow it to its answer; ChildDied if the process ends first."""
        if self.process.stdin is None:
            raise ChildDied("The reading process has no pipes.")
        self.is_spent = True  # until its answer has been taken whole
        try:
            self.process.stdin.write(request)
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise await self._died() from error
        while True:
            answer = await self._receive()
            try:
                if answer.startswith(DONE):
                    understood = understand(answer[len(DONE) : -1])
                    self.is_spent = False
                    return understood
                content = json.loads(answer)
                if "stage" in content:
                    stage = str(content["stage"])
                else:
                    failure = _error_from(content["error"])
                    self.is_spent = False
                    raise failure
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                raise ChildDied("The reading process gave an answer that makes no sense.") from error
            await on_stage(stage)

    async def _receive(self) -> bytes:
        if self.process.stdout is None:
            raise ChildDied("The reading process has no pipes.")
        try:
            (length,) = LENGTH.unpack(await self.process.stdout.readexactly(LENGTH.size))
            if length > LARGEST_ANSWER:
                raise ChildDied("The reading process gave an answer that is far too long.")
            return await self.process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._died() from error

    async def _died(self) -> ChildDied:
        code = await self.process.wait()
        return ChildDied(f"The reading process ended before it had an answer ({_describe_exit(code)}).")

    def memory_mb(self) -> float:
        """Resident memory of the process and its children, in MB."""
        total, pending = 0, [self.process.pid]
        while pending:
            folder = Path("/proc") / str(pending.pop())
            try:
                total += int((folder / "statm").read_text().split()[1])
                for thread in (folder / "task").iterdir():
                    pending += [int(pid) for pid in (thread / "children").read_text().split()]
            except (OSError, ValueError, IndexError):
                continue
        return total * os.sysconf("SC_PAGE_SIZE") / 1e6


class Children:
    """The children of one daemon; the gate in front of them sees to it that not too many are asked at once."""

    def __init__(self, limits: Limits, scratch: Path, slots: int) -> None:
        """`scratch`: a folder for temporary files; whatever lies in it may be removed. `slots`: of the gate."""
        self._limits = limits
        self._slots = slots
        self._scratch = scratch
        self._idle: list[Child] = []
        self._burials: dict[Child, asyncio.Task[None]] = {}
        self._starting: set[asyncio.Task[Child]] = set()
        self._unowned: list[asyncio.Task[Child]] = []
        """Of those that start: whoever asked for them has left."""
        self._stopping = False

    @property
    def alive(self) -> int:
        """How many processes there are."""
        return len(self._burials)

    async def examine(
        self, path: Path, reading: ReadingOptions, extraction: ExtractionOptions, on_stage: OnStage
    ) -> Examination:
        """Have a child read a file and extract its expense.

        Raises the DocumentError the child met, or ChildDied, OcrTimeout, OutOfMemory, Interrupted (stopping).
        """
        return await self._ask(encode_request(path, reading, extraction), EXAMINATION.validate_json, on_stage)

    async def draw(self, path: Path, page: int, turns: int, marks: Sequence[Mark], reading: ReadingOptions) -> bytes:
        """Have a child draw one page (from 1) as PNG; raises as `examine` does, and NoSuchPage."""
        return await self._ask(encode_drawing(path, page, turns, marks, reading), _picture_of, _no_stage)

    async def _ask(self, request: bytes, understand: Callable[[bytes], Answer], on_stage: OnStage) -> Answer:
        if self._stopping:
            raise Interrupted("The daemon is stopping.")
        child = await self._take()
        try:
            async with asyncio.timeout(self._limits.time_s):
                return await self._watched(child, request, understand, on_stage)
        except TimeoutError as error:
            child.kill()
            raise OcrTimeout(f"Reading took longer than {self._limits.time_s:g} seconds and was stopped.") from error
        except ChildDied as error:
            child.kill()
            if self._stopping:
                raise Interrupted("The daemon is stopping.") from error
            if child.over_memory_mb is not None:
                raise OutOfMemory(
                    f"Reading it took {child.over_memory_mb:.0f} MB of memory; {self._limits.memory_mb} are allowed."
                ) from error
            raise
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            self._put_back(child)

    async def _watched(
        self, child: Child, request: bytes, understand: Callable[[bytes], Answer], on_stage: OnStage
    ) -> Answer:
        watcher = asyncio.create_task(self._watch_memory(child))
        try:
            return await child.ask(request, understand, on_stage)
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
            return await asyncio.shield(starting)  # half a start would leave a process that nobody knows of
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
        """If whoever asked for this child has left, and nobody has taken it over, it waits for the next one."""
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
        """Kill them all and wait until they are gone."""
        self._stopping = True
        for child in self._idle:
            if child.idle_timer:
                child.idle_timer.cancel()
        self._idle.clear()
        while self._burials or self._starting:
            for child in self._burials:
                child.kill()
            await asyncio.wait([*self._burials.values(), *self._starting], return_when=asyncio.FIRST_COMPLETED)


def _picture_of(answer: bytes) -> bytes:
    return b64decode(json.loads(answer), validate=True)


async def _no_stage(stage: str) -> None:
    """Drawing has none."""


def _error_from(content: dict[str, Any]) -> DocumentError:
    error = document_error(content["code"], content["message"], content.get("hint"))
    if isinstance(error, InternalError):
        error.trace = content.get("trace")
    return error


def _describe_exit(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
