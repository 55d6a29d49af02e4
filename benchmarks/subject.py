"""The daemon under test: started as a process on fresh folders, fed, listened to, measured. Linux only.

CPU seconds come from /proc/PID/stat of the daemon and all its descendants (reading processes, Redis, tesseract),
and of their children that have ended (cutime, cstime). Memory is the proportional set size of smaps_rollup: a page
that two processes share counts half in each.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from expensed.formats.known_formats import TABLE, Decoder

START_S = 30.0
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
LOOK_S = 0.5
ENDED = ("SUCCESS", "FAILURE")
PICTURES = frozenset(ending for row in TABLE if row.decoder is not Decoder.XML for ending in row.endings)


@dataclass
class Passage:
    """What was heard about one file, by the monotonic clock."""

    known_at: float
    """Its row was in the ledger: the first event came, which is sent after the commit."""
    ended_at: float | None = None
    state: str = ""


class Listener(threading.Thread):
    """Follows /api/events and notes when each file became known and when it ended."""

    def __init__(self, host: str) -> None:
        super().__init__(daemon=True)
        self.passages: dict[str, Passage] = {}
        self.events: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self._connection = http.client.HTTPConnection(host)
        self._connection.request("GET", "/api/events")
        self._answer = self._connection.getresponse()
        while not self._answer.readline().startswith(b"event: snapshot"):
            pass

    def run(self) -> None:
        """Listen until the stream ends."""
        try:
            while line := self._answer.readline():
                if line.startswith(b"data: "):
                    self._note(json.loads(line[6:]), time.monotonic())
        except (OSError, ValueError, http.client.HTTPException):
            return  # the daemon has ended

    def _note(self, event: dict[str, Any], now: float) -> None:
        if "file" not in event:
            return  # the snapshot
        with self.changed:
            self.events.append(event)
            passage = self.passages.setdefault(event["file"], Passage(now))
            if event["state"] in ENDED and passage.ended_at is None:
                passage.ended_at, passage.state = now, event["state"]
            self.changed.notify_all()

    @property
    def newest(self) -> int:
        """The id of the last event heard; 0 before the first."""
        return int(self.events[-1]["id"]) if self.events else 0

    def wait(self, names: Sequence[str], timeout_s: float, *, but: int = 0) -> list[Passage]:
        """Return the passages of these files once all have ended, `but` so many."""
        with self.changed:
            if not self.changed.wait_for(lambda: sum(map(self._has_ended, names)) >= len(names) - but, timeout_s):
                raise TimeoutError(f"not enough of {len(names)} files had ended after {timeout_s:g} s")
            return [self.passages[name] for name in names if name in self.passages]

    def _has_ended(self, name: str) -> bool:
        return name in self.passages and self.passages[name].ended_at is not None


@dataclass
class Memory:
    """MB of proportional set size: the daemon itself, its reading processes, Redis, and anything else it started."""

    daemon: float = 0.0
    children: float = 0.0
    redis: float = 0.0
    others: float = 0.0
    child_count: int = 0

    @property
    def total(self) -> float:
        """The sum of all of them."""
        return self.daemon + self.children + self.redis + self.others

    def __str__(self) -> str:
        """Format it for printing."""
        parts = f"daemon {self.daemon:.0f}, {self.child_count} children {self.children:.0f}, Redis {self.redis:.0f}"
        return f"{self.total:.0f} MB ({parts}{f', others {self.others:.0f}' if self.others else ''})"


@dataclass
class Daemon:
    """`python -m expensed run` for the duration of a `with` block, on its own temporary folders or those in `kept`."""

    settings: dict[str, str] = field(default_factory=dict)
    through: tuple[str, ...] = ()
    """A program that starts it, such as `prlimit`."""
    program: tuple[str, ...] = (sys.executable, "-m", "expensed")
    """What it is."""
    kept: Path | None = None
    start_s: float = START_S
    """How long it may take to become ready."""

    def __enter__(self) -> Self:
        """Start it, wait until it is ready, and listen."""
        self.root = self.kept or Path(tempfile.mkdtemp(prefix="bench-"))
        self.inbox, self.archive = self.root / "inbox", self.root / "archive"
        folders = {"INBOX": self.inbox, "ARCHIVE": self.archive, "STATE": self.root / "state"}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("EXPENSED_")}
        own = {f"EXPENSED_{name}__PATH": str(folder) for name, folder in folders.items()}
        own |= {"EXPENSED_CONFIG": str(self.root / "none.toml"), "EXPENSED_WEB__PORT": "0"}
        (self.root / "none.toml").touch()
        with (self.root / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*self.through, *self.program, "run"],
                cwd=self.root, env=clean | own | self.settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            self.host = self._wait_ready()
            self.listener = Listener(self.host)
        except BaseException:
            self._end()
            raise
        self.listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, and remove its folders unless they are kept."""
        self._end()

    def _end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.kept is None:
            shutil.rmtree(self.root, ignore_errors=True)

    def _wait_ready(self) -> str:
        deadline = time.monotonic() + self.start_s
        while time.monotonic() < deadline:
            text = (self.root / "log").read_text(errors="replace")
            if found := re.search(r"is ready: .*http://([^\s/]+)", text):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the daemon did not become ready:\n{(self.root / 'log').read_text()[-2000:]}")

    def processes(self) -> list[int]:
        """Return the daemon and all its living descendants."""
        parents = {pid: parent for pid, (parent, _) in _stats().items()}
        found = [self.process.pid]
        for pid in found:  # grows while it is walked
            found += [other for other, parent in parents.items() if parent == pid]
        return found

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far by the daemon, its descendants, and those of them that have ended."""
        stats = _stats()
        return sum(stats[pid][1] for pid in self.processes() if pid in stats)

    def redis_cpu_s(self) -> float:
        """Return the CPU seconds used so far by its own Redis."""
        stats = _stats()
        commands = {pid: _command(pid) for pid in self.processes()}
        return sum(stats[pid][1] for pid, command in commands.items() if _is_redis(command) and pid in stats)

    def memory(self) -> Memory:
        """Return the current proportional set size of all its processes."""
        memory = Memory()
        for pid in self.processes():
            try:
                rollup, command = Path(f"/proc/{pid}/smaps_rollup").read_text(), _command(pid)
            except OSError:
                continue  # it has just ended
            found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
            size = int(found[1]) * 1024 / 1e6 if found else 0.0
            if pid == self.process.pid:
                memory.daemon += size
            elif b"expensed.readers.child" in command:
                memory.children += size
                memory.child_count += 1
            elif _is_redis(command):
                memory.redis += size
            else:
                memory.others += size
        return memory

    def drop(self, name: str, content: bytes) -> float:
        """Write a file into the inbox as a program would; return the moment just before its close."""
        descriptor = os.open(self.inbox / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        closed_at = time.monotonic()
        os.close(descriptor)
        return closed_at


class Peak(threading.Thread):
    """Samples a daemon's memory twice a second and keeps the peak, for the duration of a `with` block."""

    def __init__(self, subject: Daemon) -> None:
        super().__init__(daemon=True)
        self.memory = Memory()
        self._subject = subject
        self._done = threading.Event()

    def __enter__(self) -> Self:
        """Start sampling."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop sampling."""
        self._done.set()
        self.join()

    def run(self) -> None:
        """Sample until told to stop."""
        while not self._done.wait(LOOK_S):
            memory = self._subject.memory()
            if memory.total > self.memory.total:
                self.memory = memory


class OtherLoad:
    """How many cores others used meanwhile: what `/proc/stat` counts minus what is ours."""

    def __init__(self) -> None:
        self._began, self._busy, self._own = time.monotonic(), _busy_s(), time.process_time()

    def cores(self, measured_cpu_s: float) -> float:
        """Return the cores others used since this was created; `measured_cpu_s`: what the measured processes used."""
        own = time.process_time() - self._own
        used = _busy_s() - self._busy - own - measured_cpu_s
        return max(0.0, used / (time.monotonic() - self._began))


def choose_files(folder: Path, count: int, endings: frozenset[str] = PICTURES) -> list[tuple[str, bytes]]:
    """Return that many distinct files, spread evenly over the folder's names; all are read into memory."""
    seen: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in endings and path.is_file():
            seen.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    paths = list(seen.values())
    if len(paths) < count:
        sys.exit(f"{folder} holds only {len(paths)} documents of distinct bytes; {count} are needed.")
    chosen = [paths[number * len(paths) // count] for number in range(count)]
    return [(path.name, path.read_bytes()) for path in chosen]


def machine() -> str:
    """Return one line about the machine this ran on."""
    cores = len(os.sched_getaffinity(0))
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M')}, {cores} cores ({model[1] if model else 'unknown'}), load before: {load}"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # it has just ended


def _is_redis(command: bytes) -> bool:
    return b"redis" in command or b"valkey" in command


def _stats() -> dict[int, tuple[int, float]]:
    """Return parent and CPU seconds (including ended children) of every process."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            parts = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(entry.name)] = (int(parts[1]), sum(int(ticks) for ticks in parts[11:15]) * TICK_S)
    return found


def _busy_s() -> float:
    """Return the CPU seconds that the whole machine has used: user, nice, system, irq, softirq."""
    parts = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (parts[0] + parts[1] + parts[2] + parts[5] + parts[6]) * TICK_S
