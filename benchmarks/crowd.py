"""The intake amid a crowd of clients that hold connections: idle ones, slow ones, and permitted event streams.

    .venv/bin/python benchmarks/crowd.py FOLDER

Two runs, each on a new daemon with 8,192 descriptors. In both, pictures are dropped one after another and `/readyz` is
asked twice a second. In the second run, 1,000 event streams are open, and then come 10,000 connections that send
nothing and 200 that send a head byte by byte, half of each from 127.0.0.1 and half from 127.0.0.2; whenever the daemon
closes one, it is opened again, up to 500 a second. Streams and crowd are processes of their own.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import asyncio
import contextlib
import http.client
import itertools
import json
import multiprocessing
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.http import make_distinct
from benchmarks.subject import Daemon, OtherLoad, machine, percentile

DESCRIPTORS = 8192
AGAIN_PER_S = 500
STREAMS_AT_ONCE = 50
ADDRESSES = ("127.0.0.1", "127.0.0.2")
BYTE_S = 1.0
ASK_S = 0.5
LONGEST_S = 120.0
HEAD = b"GET /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 4000


@dataclass
class Run:
    """The results of one run; times in seconds."""

    filed: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    failed: int = 0
    """How many drops were not filed in time, and how many answers of /readyz did not come or were not 200."""
    log_lines: int = 0
    others: float = 0.0

    def __str__(self) -> str:
        """Format it for printing."""
        parts = [
            f"{what} median {percentile(values, 0.5):.2f}, max {max(values):.2f} s" if values else f"{what} never"
            for what, values in (("drop to its place", self.filed), ("/readyz", self.ready))
        ]
        return f"{'; '.join(parts)}; {self.failed} failed; {self.log_lines} lines in the log"


class Crowd:
    """Connections that are never used well, opened again whenever they are closed."""

    def __init__(self, host: str, idle: int, slow: int) -> None:
        self._address, port = host.rsplit(":", 1)
        self._port = int(port)
        self._idle, self._slow = idle, slow
        self._again: asyncio.Queue[None] = asyncio.Queue()
        self._all_came = asyncio.Event()
        self.opened = self.closed = self.refused = 0

    async def hold(self, pipe: Connection) -> None:
        """Open all, tell it, and hold them until something comes through the pipe; then send the counts."""
        kinds = [False] * self._idle + [True] * self._slow
        guests = [
            asyncio.create_task(self._be_there(is_slow, address))
            for is_slow, address in zip(kinds, itertools.cycle(ADDRESSES), strict=False)
        ]
        refill = asyncio.create_task(self._allow_again())
        await self._all_came.wait()
        pipe.send("all have come")
        await asyncio.to_thread(pipe.recv)
        pipe.send((self.opened, self.closed, self.refused))
        for task in (*guests, refill):
            task.cancel()
        await asyncio.gather(*guests, refill, return_exceptions=True)

    async def _be_there(self, is_slow: bool, address: str) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection(
                    self._address, self._port, local_addr=(address, 0), limit=1024
                )
                self._count(opened=1)
                await (self._send_slowly(writer) if is_slow else reader.read())
                writer.close()
                self.closed += 1
            except OSError:
                self._count(refused=1)
            await self._again.get()

    def _count(self, opened: int = 0, refused: int = 0) -> None:
        self.opened += opened
        self.refused += refused
        if self.opened + self.refused >= self._idle + self._slow:
            self._all_came.set()

    async def _send_slowly(self, writer: asyncio.StreamWriter) -> None:
        for number in range(len(HEAD)):
            writer.write(HEAD[number : number + 1])
            await writer.drain()
            await asyncio.sleep(BYTE_S)

    async def _allow_again(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            for _ in range(AGAIN_PER_S // 10):
                self._again.put_nowait(None)
            while self._again.qsize() > AGAIN_PER_S:
                self._again.get_nowait()


async def listen(host: str, count: int, pipe: Connection) -> None:
    """Open streams, tell it, and listen until something comes through the pipe; then send what each has heard."""
    address, port = host.rsplit(":", 1)
    heard: list[list[int]] = [[] for _ in range(count)]
    broken = 0

    async def follow(ids: list[int], opened: asyncio.Event) -> None:
        nonlocal broken
        reader, writer = await asyncio.open_connection(address, int(port))
        writer.write(f"GET /api/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                if line.startswith(b"event: snapshot"):
                    opened.set()
                elif line.startswith(b"id: "):
                    ids.append(int(line[4:]))
        broken += 1
        opened.set()

    signs = [asyncio.Event() for _ in range(count)]
    streams = []
    for ids, sign in zip(heard, signs, strict=True):
        streams.append(asyncio.create_task(follow(ids, sign)))
        if len(streams) % STREAMS_AT_ONCE == 0:
            await sign.wait()
    for sign in signs:
        await sign.wait()
    pipe.send(f"all have been opened, {broken} were closed again")
    await asyncio.to_thread(pipe.recv)
    pipe.send((heard, broken))
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


def hold_crowd(host: str, idle: int, slow: int, pipe: Connection) -> None:
    """Be the process of the crowd."""
    asyncio.run(Crowd(host, idle, slow).hold(pipe))


def hold_streams(host: str, count: int, pipe: Connection) -> None:
    """Be the process of the streams."""
    asyncio.run(listen(host, count, pipe))


def ask_ready(host: str, found: Run, ended: threading.Event) -> None:
    """Ask /readyz on a new connection, again and again."""
    while not ended.wait(ASK_S):
        began = time.monotonic()
        connection = http.client.HTTPConnection(host, timeout=10)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            found.failed += answer.status != 200
            answer.read()
            found.ready.append(time.monotonic() - began)
        except OSError:
            found.failed += 1
        finally:
            connection.close()


def drop_all(subject: Daemon, documents: list[tuple[str, bytes]], pause_s: float) -> Run:
    """Drop the documents one after another while asking /readyz."""
    found, ended, load, cpu = Run(), threading.Event(), OtherLoad(), subject.cpu_s()
    before = len((subject.root / "log").read_bytes().splitlines())
    asking = threading.Thread(target=ask_ready, args=(subject.host, found, ended))
    asking.start()
    for name, content in documents:
        dropped_at = subject.drop(name, content)
        try:
            (passage,) = subject.listener.wait([name], LONGEST_S)
            found.filed.append((passage.ended_at or 0.0) - dropped_at)
        except TimeoutError:
            found.failed += 1
        time.sleep(pause_s)
    ended.set()
    asking.join()
    found.log_lines = len((subject.root / "log").read_bytes().splitlines()) - before
    found.others = load.cores(subject.cpu_s() - cpu)
    return found


class Helper:
    """One of the two processes, for the duration of a `with` block."""

    def __init__(self, target: Callable[..., None], *args: object) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=target, args=(*args, theirs))

    def __enter__(self) -> Helper:
        """Start it."""
        self._process.start()
        return self

    def wait(self, timeout_s: float = 90.0) -> None:
        """Wait until it says that it is ready."""
        print("   ", self.pipe.recv() if self.pipe.poll(timeout_s) else "not all have come in time", flush=True)

    def finish(self) -> Any:
        """Ask for its result."""
        self.pipe.send("done")
        return self.pipe.recv()

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.kill()
        self._process.join()


def run_amid_crowd(subject: Daemon, documents: list[tuple[str, bytes]], args: argparse.Namespace) -> Run:
    """Do the second run."""
    with (
        Helper(hold_streams, subject.host, args.streams) as streams,
        Helper(hold_crowd, subject.host, args.idle, args.slow) as crowd,
    ):
        streams.wait()
        first = subject.listener.newest
        crowd.wait()
        found = drop_all(subject, documents, args.pause)
        time.sleep(2.0)
        events = [event["id"] for event in subject.listener.events if event["id"] > first]
        heard, broken = streams.finish()
        opened, closed, refused = crowd.finish()
    missed = sum(len(set(events) - set(ids)) for ids in heard)
    print(f"  {args.streams} streams: {broken} were closed, {missed} of {len(events)} events each were missed in all")
    print(f"  the crowd: {opened} connections opened, {closed} closed by the daemon, {refused} failed")
    return found


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the JPEG files are")
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between a document's end and the next drop")
    args = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    warm_up, *documents = make_distinct(args.folder, args.files + 1)
    through = ("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}")
    print(f"{args.files} files of {args.folder}; {machine()}", flush=True)
    runs = []
    for is_crowded in (False, True):
        with Daemon({"EXPENSED_READING__IDLE_EXIT_S": "600"}, through) as subject:
            drop_all(subject, [warm_up], 0.0)
            found = run_amid_crowd(subject, documents, args) if is_crowded else drop_all(subject, documents, args.pause)
        runs.append(found)
        name = "amid the crowd" if is_crowded else "undisturbed"
        print(f"{name}: {found} (others, the crowd among them, used {found.others:.2f} cores)", flush=True)
    alone, amid = runs
    slower = [there - here for here, there in zip(alone.filed, amid.filed, strict=False)]
    verdict = {
        "most that a drop took longer, s": round(max(slower, default=-1), 2),
        "longest /readyz, s": round(max(amid.ready, default=-1), 2),
        "failed": amid.failed,
        "lines of log more": amid.log_lines - alone.log_lines,
    }
    print(json.dumps(verdict))
    return 0


if __name__ == "__main__":
    sys.exit(main())
