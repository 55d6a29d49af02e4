"""The daemon among hostile files: each ends as it should, and the daemon survives."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import pytest
from tests.e2e import hostiles, papers
from tests.e2e.house import STOP_S, House, sha256

WAITING = ("zero.pdf", "zero.jpg")
REFUSED = ("a-fifo.pdf", "a-link.pdf", "a-loop.pdf", "a-socket.pdf", "scan.jpg.part", "~$invoice.docx", "Thumbs.db")


def make_special(house: House) -> None:
    """Create things that are not files, or not files to be taken."""
    os.mkfifo(house.inbox / "a-fifo.pdf")
    (house.inbox / "a-link.pdf").symlink_to("/etc/passwd")
    (house.inbox / "a-loop.pdf").symlink_to("a-loop.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        folder = os.getcwd()
        os.chdir(house.inbox)  # the path of a socket is short
        server.bind("a-socket.pdf")
        os.chdir(folder)
    for name in ("scan.jpg.part", "~$invoice.docx", "Thumbs.db"):
        house.drop(name, b"litter")
    for name in WAITING:
        house.drop(name, b"")


@pytest.fixture
def surrounded(make_house: Callable[..., House]) -> House:
    """A house amid hostile files, with limits short enough for a test."""
    return make_house(
        inbox__patience_s=2,
        reading__time_limit_s=10,
        reading__soft_time_limit_s=8,
        reading__memory_mb=1200,
        reading__idle_exit_s=2,
    )


@pytest.mark.timeout(400)
def test_each_hostile_file_ends_as_it_should_and_the_daemon_lives(surrounded: House) -> None:
    house = surrounded
    unreadable, cut_off, outlandish = hostiles.unreadable(), hostiles.cut_off(), hostiles.outlandish()
    files = unreadable | cut_off | outlandish
    assert len(files) + len(WAITING) + len(REFUSED) >= 40
    house.start()
    pid = house.process.pid if house.process else 0
    make_special(house)
    for name, content in files.items():
        house.drop(name, content)
    sane = papers.pdf(papers.receipt_lines(9))
    house.drop("sane.pdf", sane)
    house.wait_quiet(len(files) + 1, 300)

    ends = {row["sha256"]: row["state"] for row in house.rows("SELECT sha256, state FROM documents")}
    assert ends[sha256(sane)] == "filed"
    for name, content in unreadable.items():
        assert ends[sha256(content)] in {"failed", "review"}, name
    for name, content in cut_off.items():
        assert ends[sha256(content)] in {"failed", "review"}, name
    assert ends[sha256(cut_off["cut.xml"])] == "review", "what a damaged e-invoice says is shown to a person"
    for name, content in outlandish.items():
        assert ends[sha256(content)] in {"filed", "review", "failed", "duplicate"}, name
    assert {sha256(content) for content in files.values()} <= set(house.archived()), "every byte is in the archive"
    for note in house.archive.glob("_failed/*.why.txt"):
        assert "Traceback" not in note.read_text()

    waiting = {entry["file"]: entry for entry in house.get("/api/inbox")["inbox"]}
    assert set(WAITING + REFUSED) <= set(waiting)
    assert all(waiting[name]["reason"] for name in WAITING + REFUSED)
    assert {path.name for path in house.root.iterdir()} == {"inbox", "archive", "state", "daemon.log"}
    assert not os.path.exists("/tmp/evil")

    assert house.process is not None
    assert house.process.poll() is None
    assert house.process.pid == pid
    house.wait(lambda: len(house.processes()) == 2, 20, "no child is left, only the daemon and its Redis")
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    assert house.stop() < STOP_S
