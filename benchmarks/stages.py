"""The daemon with a clock in it: CPU seconds by stage, of its main process and of its reading processes.

    python benchmarks/stages.py FOLDER run

runs `expensed run`, whose processes keep their accounts in FOLDER. None of it is in the product: the clock is put
around its functions from here. In the main process, each turn of an asyncio task and each function in a worker thread
counts for the room its code belongs to or the step it runs, and the threads of SQLite for the ledger; what is left is
the event loop with its callbacks. In a reading process, each function in `_CLOCKED` counts without those within it;
what is left is taking requests and giving answers.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import asyncio
import importlib
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

Spent = dict[str, float]
"""CPU seconds by stage."""
ENGINE = "engine"
WAITING = "waiting for a document (not CPU)"
"""Seconds in which a reading process had nothing to do."""
LOOK_S = 0.25
_REST = "main: event loop and the rest"
OWN = "the clock's own"
_CHILD = "expensed.readers.child"
_CLOCKED = (
    ("expensed.reading.engines.paddle", "PaddleEngine.read", ENGINE),
    ("expensed.reading.pictures", "_open", "reading: decoding"),
    ("expensed.reading.pictures", "_decode", "reading: decoding"),
    ("expensed.reading.upright", "crop_to_paper", "reading: cropping"),
    ("expensed.reading.upright", "read_upright", "reading: turning"),
    ("expensed.reading.qrcodes", "find_codes", "reading: search for codes"),
    ("expensed.readers.examination", "extract_expense", "reading: extraction"),
    ("expensed.readers.examination", "_look_again", "reading: second look"),
)
_ROOMS = {
    "inbox": "main: admission", "disk": "main: admission", "watchdog": "main: admission", "ledger": "main: ledger",
    "jobs": "main: queue (arq, redis-py)", "arq": "main: queue (arq, redis-py)", "redis": "main: queue (arq, redis-py)",
    "readers": "main: care of reading processes", "web": "main: HTTP, events", "aiohttp": "main: HTTP, events",
    "archive": "main: filing",
}  # fmt: skip
_PIPELINE = {"admit": "main: admission", "filing": "main: filing"}
_STEPS = {"extract_document": "main: having it read", "process_document": "main: filing"}


class Account:
    """What a process has spent, and the file that tells it."""

    def __init__(self, path: Path) -> None:
        self.spent: Spent = defaultdict(float)
        self._path = path
        self._within: list[float] = []

    def clock(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock around it, which stops while another such function runs within it."""

        def clocked(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            self._within.append(0.0)
            try:
                return function(*given, **named)
            finally:
                spent = time.process_time() - began
                self.spent[stage] += spent - self._within.pop()
                if self._within:
                    self._within[-1] += spent

        return clocked

    def write(self, rest: str, more: Mapping[str, float]) -> None:
        """Write everything down; CPU of this process that none of the stages has spent counts as `rest`."""
        spent = dict(self.spent)
        for stage, seconds in more.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
        known = sum(seconds for stage, seconds in spent.items() if stage != WAITING)
        temporary = self._path.with_suffix(".tmp")
        temporary.write_text(json.dumps(spent | {rest: time.process_time() - known}))
        temporary.replace(self._path)


def read_accounts(folder: Path) -> Spent:
    """Return what all processes with an account in this folder have spent."""
    total: Spent = defaultdict(float)
    for path in folder.glob("*.json"):
        for stage, seconds in json.loads(path.read_text()).items():
            total[stage] += seconds
    return total


class _Turns(Coroutine[Any, Any, Any]):
    """A coroutine that notes the CPU time of each of its turns."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], stage: str, spent: Spent) -> None:
        self._coroutine, self._stage, self._spent = coroutine, stage, spent

    def send(self, value: Any) -> Any:
        return self._timed(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        return self._timed(self._coroutine.throw, *error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        raise TypeError("only a task runs it")

    def _timed(self, go_on: Callable[..., Any], *given: Any) -> Any:
        began = time.thread_time()
        try:
            return go_on(*given)
        finally:
            self._spent[self._stage] += time.thread_time() - began


def _stage_of_module(module: str) -> str:
    room, _, part = module.removeprefix("expensed.").partition(".")
    if room == "pipeline":
        return _PIPELINE.get(part.partition(".")[0], "main: having it read")
    return _ROOMS.get(room, _REST)


def _stage_of_coroutine(coroutine: Coroutine[Any, Any, Any]) -> str:
    frame = getattr(coroutine, "cr_frame", None)
    if frame is None:
        return _REST
    return _STEPS.get(str(frame.f_locals.get("step"))) or _stage_of_module(str(frame.f_globals.get("__name__", "")))


def _module_of(function: Any) -> str:
    """Return the module of a function as executors get it: `to_thread` wraps it in `Context.run`."""
    while isinstance(function, partial):
        function = function.args[0] if function.args and callable(function.args[0]) else function.func
    return str(getattr(function, "__module__", ""))


def _clock_threads(spent: Spent) -> None:
    """Put a clock around whatever is handed to a worker thread."""
    submit = ThreadPoolExecutor.submit

    def clocked_submit(self: ThreadPoolExecutor, function: Any, /, *given: Any, **named: Any) -> Any:
        def clocked() -> Any:
            began = time.thread_time()
            try:
                return function(*given, **named)
            finally:
                spent[_stage_of_module(_module_of(function))] += time.thread_time() - began

        return submit(self, clocked)

    setattr(ThreadPoolExecutor, "submit", clocked_submit)  # noqa: B010 - mypy would not have it said plainly


def _clock_tasks(spent: Spent) -> None:
    """Put a clock around each turn of each asyncio task."""
    new_loop = asyncio.new_event_loop

    def make_task(loop: asyncio.AbstractEventLoop, coroutine: Any, **named: Any) -> asyncio.Task[Any]:
        return asyncio.Task(_Turns(coroutine, _stage_of_coroutine(coroutine), spent), loop=loop, **named)

    def clocked_loop() -> asyncio.AbstractEventLoop:
        loop = new_loop()
        loop.set_task_factory(make_task)
        return loop

    setattr(asyncio.events, "new_event_loop", clocked_loop)  # noqa: B010


def _start_clocked_children(folder: Path) -> None:
    """Have the daemon start its reading processes through this file."""
    start, this = asyncio.create_subprocess_exec, str(Path(__file__).absolute())

    async def start_clocked(*command: str, **options: Any) -> Any:
        if command[1:3] == ("-m", _CHILD):
            command = (command[0], this, str(folder), *command[2:])
        return await start(*command, **options)

    setattr(asyncio, "create_subprocess_exec", start_clocked)  # noqa: B010


def _write_often(account: Account, in_threads: Spent) -> None:
    in_sqlite: Spent = {}
    while True:
        time.sleep(LOOK_S)
        for thread in threading.enumerate():
            target = str(getattr(getattr(thread, "_target", None), "__module__", ""))
            if target.startswith("aiosqlite") and thread.ident is not None:
                in_sqlite[thread.name] = time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        more = defaultdict(float, in_threads)
        more["main: ledger"] += sum(in_sqlite.values())
        more[OWN] = time.thread_time()
        account.write(_REST, more)


def run_daemon(folder: Path) -> int:
    """Run the daemon; its accounts are written every quarter of a second."""
    from expensed.__main__ import main

    account, in_threads = Account(folder / "daemon.json"), defaultdict[str, float](float)
    _clock_tasks(account.spent)
    _clock_threads(in_threads)
    _start_clocked_children(folder)
    threading.Thread(target=_write_often, args=(account, in_threads), daemon=True).start()
    sys.argv = ["expensed", *sys.argv[2:]]
    return main() or 0


def run_child(folder: Path) -> int:
    """Serve as a reading process; its account is written with each answer."""
    account, rested = Account(folder / f"{os.getpid()}.json"), time.monotonic()
    for module, name, stage in _CLOCKED:
        owner: Any = importlib.import_module(module)
        *within, last = name.split(".")
        for part in within:
            owner = getattr(owner, part)
        setattr(owner, last, account.clock(stage, getattr(owner, last)))
    child: Any = importlib.import_module(_CHILD)
    serve = child._serve

    def serve_and_note(*given: Any) -> None:
        nonlocal rested
        account.spent[WAITING] += time.monotonic() - rested
        serve(*given)
        rested = time.monotonic()
        account.write("reading: requests and answers", {})

    child._serve = serve_and_note
    sys.argv = sys.argv[2:]
    status: int = child.main()
    return status


if __name__ == "__main__":
    sys.exit((run_child if sys.argv[2] == _CHILD else run_daemon)(Path(sys.argv[1])))
