"""Looking at a root that hangs costs one thread, and soon nobody waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from expensed.disk.hanging_folders import FolderLooks


class Mount:
    """A root that does not answer until it is back."""

    def __init__(self) -> None:
        self.back = threading.Event()
        self.asked = 0

    def see(self) -> str:
        self.asked += 1
        self.back.wait(30)
        return "seen"


@pytest.fixture
def mount() -> Iterator[Mount]:
    mount = Mount()
    yield mount
    mount.back.set()


async def test_what_is_seen_comes_back_and_what_is_raised_too() -> None:
    looks = FolderLooks(2, 1.0)
    assert await asyncio.gather(*(looks.look("inbox", partial(abs, -n)) for n in range(20))) == list(range(20))
    with pytest.raises(FileNotFoundError):
        await looks.look("inbox", lambda: open("/no/such/file"))  # noqa: SIM115


async def test_a_root_that_hangs_is_asked_once_and_known_to_hang(mount: Mount) -> None:
    looks = FolderLooks(2, 0.2)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await looks.look("archive", mount.see)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await looks.look("archive", mount.see)
    assert time.monotonic() - began < 0.1
    assert mount.asked == 1
    assert await looks.look("inbox", lambda: "there") == "there", "another root is not kept waiting"
    mount.back.set()
    seen = None
    async with asyncio.timeout(5):
        while seen is None:
            with contextlib.suppress(TimeoutError):
                seen = await looks.look("archive", mount.see)
            await asyncio.sleep(0.01)
    assert seen == "seen"


async def test_who_leaves_does_not_let_another_thread_hang(mount: Mount) -> None:
    looks = FolderLooks(1, 5.0)
    leaving = asyncio.create_task(looks.look("archive", mount.see))
    while not mount.asked:
        await asyncio.sleep(0.01)
    leaving.cancel()
    waiting = asyncio.create_task(looks.look("archive", mount.see))
    await asyncio.sleep(0.05)
    assert mount.asked == 1
    mount.back.set()
    assert await waiting == "seen"
