"""`expensed demo`: from nothing to three filed receipts, leaving nothing behind."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.e2e.house import House

UNLOCK_PTY = 0x40045431
"""TIOCSPTLCK of Linux; Python's termios does not name it."""
DEMO = [sys.executable, "-m", "expensed", "demo"]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder in which the demo creates its own."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def environment(house: House, temporary: Path) -> dict[str, str]:
    return house.environment | {"TMPDIR": str(temporary)}


def test_it_reads_three_receipts_right_and_leaves_nothing_twice_and_beside_a_daemon(
    house: House, temporary: Path
) -> None:
    house.start()
    others = set(house.processes())
    for _ in range(2):
        done = subprocess.run(
            DEMO,
            cwd=house.root,
            env=environment(house, temporary),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        for where in (
            "2024/Groceries/2024-03-17_BIRKENHOF-BAKERY-LTD_13.00-GBP.jpg",
            "2023/Equipment & Hardware/2023-08-21_Kesselring-Werkzeuge-GmbH_32.39-EUR.jpg",
            "2024/Professional Services/2024-05-14_Northwind-Cartography-LLC_1617.53-USD.pdf",
        ):
            assert f"  {where}\n" in done.stdout
        assert "All 3 were read correctly" in done.stdout
        assert not list(temporary.iterdir())
        house.wait(lambda: set(house.processes()) == others, 10, "nothing of it is left")
    assert house.states() == {}


@contextmanager
def terminal(folder: Path) -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo-terminal; if there is no /dev/pts (a plain chroot), from a separately mounted one."""
    try:
        yield pty.openpty()
        return
    except OSError:
        folder.mkdir()
    subprocess.run(["mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", str(folder)], check=True)
    try:
        ours = os.open(folder / "ptmx", os.O_RDWR | os.O_NOCTTY)
        fcntl.ioctl(ours, UNLOCK_PTY, struct.pack("i", 0))
        yield ours, os.open(folder / "0", os.O_RDWR | os.O_NOCTTY)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_terminal_it_shows_bars(house: House, temporary: Path, tmp_path: Path) -> None:
    with terminal(tmp_path / "pts") as (ours, theirs):
        shown, code = watch_demo(house, temporary, ours, theirs)
    assert code == 0
    assert "━━━".encode() in shown
    assert b"All 3 were read correctly" in shown


def watch_demo(house: House, temporary: Path, ours: int, theirs: int) -> tuple[bytes, int]:
    with subprocess.Popen(
        DEMO, cwd=house.root, env=environment(house, temporary) | {"TERM": "xterm"}, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    return shown, process.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_cleans_up(house: House, temporary: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        DEMO, cwd=house.root, env=environment(house, temporary), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert b"A daemon is running in" in process.stdout.readline()
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (130, b"")
    assert not list(temporary.iterdir())
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")


def test_a_daemon_that_cannot_start_says_why(house: House, temporary: Path) -> None:
    done = subprocess.run(
        DEMO, cwd=house.root, env=environment(house, temporary) | {"PATH": "/nowhere"}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 69
    assert "redis-server is not installed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(temporary.iterdir())
