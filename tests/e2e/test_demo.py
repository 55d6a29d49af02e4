"""`expensed demo`: from nothing to three filed receipts, leaving nothing behind."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.house import House

DEMO = [sys.executable, "-m", "expensed", "demo"]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the demonstration makes its folder."""
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
        assert "All 3 were read right" in done.stdout
        assert not list(temporary.iterdir())
        assert set(house.processes()) == others
    assert house.states() == {}


def test_on_a_terminal_it_shows_bars(house: House, temporary: Path) -> None:
    ours, theirs = pty.openpty()
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
    assert process.returncode == 0
    assert "━━━".encode() in shown
    assert b"All 3 were read right" in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_cleans_up(house: House, temporary: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        DEMO, cwd=house.root, env=environment(house, temporary), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert b"A daemon runs in" in process.stdout.readline()
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (130, b"")
    assert not list(temporary.iterdir())
    assert not house.processes()


def test_a_daemon_that_cannot_start_says_why(house: House, temporary: Path) -> None:
    done = subprocess.run(
        DEMO, cwd=house.root, env=environment(house, temporary) | {"PATH": "/nowhere"}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 69
    assert "redis-server is not installed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(temporary.iterdir())
