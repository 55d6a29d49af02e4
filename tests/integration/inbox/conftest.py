"""A watcher on a real folder with real inotify, and a pipeline that only claims."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from expensed.inbox import watch_mode
from expensed.inbox.observer import Observer, Tell
from expensed.inbox.watcher import Watcher
from expensed.model.admission import Admission, Judged, WaitingFile
from expensed.model.states import AdmissionOutcome

SETTLE_S, PATIENCE_S, RESCAN_S = 0.1, 0.5, 15.0


class FakeIntake:
    """Claims by rename as the pipeline does, and remembers what it took."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.taken: list[tuple[str, bytes, Judged, float]] = []
        self.asked: list[Path] = []
        self.recoveries = 0
        self.leftovers: list[Path] = []
        self.answers: list[Admission | Exception] = []
        """Given instead, one by one, while there are any."""
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.taken]

    @property
    def contents(self) -> list[bytes]:
        return [content for _, content, *_ in self.taken]

    async def admit(self, path: Path, judged: Judged) -> Admission:
        self.asked.append(path)
        await self.gate.wait()
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        return self._claim(path, judged)

    async def recover(self) -> Sequence[Path]:
        self.recoveries += 1
        return self.leftovers

    def _claim(self, path: Path, judged: Judged) -> Admission:
        target = path
        if path.parent.parent.name != ".expensed":
            folder = self.root / ".expensed" / f"{len(self.asked)}"
            folder.mkdir(parents=True)
            target = folder / path.name
            try:
                path.rename(target)
            except FileNotFoundError:
                return Admission(AdmissionOutcome.UNSETTLED, path=path)
        status = target.stat()
        if (status.st_ino, status.st_size, status.st_mtime_ns) != (judged.inode, judged.size, judged.mtime_ns):
            return Admission(AdmissionOutcome.UNSETTLED, path=target)
        self.taken.append((path.name, target.read_bytes(), judged, time.monotonic()))
        return Admission(AdmissionOutcome.ADMITTED, document_id=target.parent.name)


async def until(condition: Callable[[], Any], timeout_s: float = 8.0) -> None:
    """Poll until the condition holds; fails at the deadline."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.005)


class Inbox:
    """A folder, what watches it, and what took from it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.intake = FakeIntake(root)
        self.watcher = self.make_watcher()

    def make_watcher(self, **settings: Any) -> Watcher:
        """The watcher, with other settings; only before it is started."""
        known = {"settle_s": SETTLE_S, "patience_s": PATIENCE_S, "rescan_s": RESCAN_S}
        self.watcher = Watcher(self.root, self.intake, **(known | settings))
        return self.watcher

    def waits(self, name: str) -> WaitingFile | None:
        """Return what is shown about a file that is not taken."""
        return next((file for file in self.watcher.waiting() if file.file == name), None)

    async def until_waiting(self, name: str, words: str) -> WaitingFile:
        """Wait until a file is shown with these words in its reason."""
        await until(lambda: (file := self.waits(name)) and words in file.reason)
        found = self.waits(name)
        assert found is not None
        return found

    async def until_count(self, count: int) -> None:
        """Wait until `count` files have been taken."""
        await until(lambda: len(self.intake.taken) == count)

    async def until_taken(self, *names: str, timeout_s: float = 8.0) -> None:
        """Wait until exactly these files have been taken."""
        await until(lambda: len(self.intake.taken) >= len(names), timeout_s)
        assert sorted(self.intake.names, key=os.fsencode) == sorted(names, key=os.fsencode)


@pytest.fixture
def observers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Observer, Tell]]:
    """Collect every observer made from now on, with what it notifies, in order of creation."""
    made: list[tuple[Observer, Tell]] = []

    def observe(root: str, tell: Tell) -> Observer:
        made.append((Observer(root, tell), tell))
        return made[-1][0]

    monkeypatch.setattr(watch_mode, "Observer", observe)
    return made


def count_watches() -> int:
    """Return how many folders the kernel is watching for this process."""
    count = 0
    for path in Path("/proc/self/fdinfo").iterdir():
        with contextlib.suppress(OSError):
            count += path.read_text().count("inotify wd:")
    return count


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    """An inbox whose watcher is not started yet; it is stopped at the end."""
    root = tmp_path / "inbox"
    root.mkdir()
    built = Inbox(root)
    yield built
    built.intake.gate.set()
    await built.watcher.stop()
