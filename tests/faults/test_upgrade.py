"""The first start after an upgrade from 0.1.0, which knew no marks, with a disk away or the ledger deleted.

What was before is made by the daemon of that time.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import ROOT, House
from tests.faults.disks import Disk
from tests.faults.test_disks import FIRST, SECOND, THIRD, count_copies, is_ready, is_told_away
from tests.faults.test_places import snapshot
from tests.faults.work import make_letter

BEFORE = "1ffe9be"
"""A commit of 0.1.0."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of that time."""
    folder = tmp_path_factory.mktemp("before")
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", BEFORE, "daemon"], capture_output=True, check=False)
    assert packed.returncode == 0, f"the history of this repository is needed: {packed.stderr.decode()}"
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "daemon"


@pytest.fixture
def disks(house: House) -> dict[str, Disk]:
    """Inbox and archive, each on a disk."""
    return {name: Disk(getattr(house, name)) for name in ("inbox", "archive")}


def live_before(house: House, sources: Path) -> None:
    """Two receipts are filed and a letter is in review; an upload waits, and a scan is being read when it is killed."""
    house.start(fresh=True, extra={"PYTHONPATH": str(sources)})
    for name, content in {"1.pdf": FIRST, "2.pdf": SECOND, "letter.pdf": make_letter(1)}.items():
        house.drop(name, content)
    house.wait_archived(3)
    assert house.upload("photo.pdf", make_letter(2))["http"] == 200
    house.drop("slow.tif", papers.long_tiff(papers.receipt_lines(4), 12))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "it is being read")
    house.kill(everything=True)
    house.wait(lambda: not house.processes(), 15, "no process is left")
    assert not [path for path in house.root.rglob("mark") if path.is_file()]


def finish(house: House, expected: dict[str, str]) -> None:
    """Wait until all is done; see that everything is where it should be, once."""
    house.wait(lambda: house.is_quiet(len(expected)), 90, "all is done")
    house.wait(lambda: is_ready(house), 20, "it is ready")
    states = house.states()
    assert states.pop("slow.tif") in ("filed", "review")
    assert states == {name: state for name, state in expected.items() if name != "slow.tif"}
    assert [count_copies(house, content) for content in (SECOND, make_letter(1))] == [1, 1]
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    assert all(
        (house.root / path).is_file() for path in ("inbox/.expensed/mark", "archive/.expensed/mark", "state/mark")
    )


DONE = {"1.pdf": "filed", "2.pdf": "filed", "letter.pdf": "review", "photo.pdf": "uploaded", "slow.tif": "filed"}


def test_all_is_marked_and_goes_on_if_all_is_there(house: House, sources: Path, disks: dict[str, Disk]) -> None:
    live_before(house, sources)
    house.start()
    house.drop("3.pdf", THIRD)
    finish(house, DONE | {"3.pdf": "filed"})


def test_an_unmounted_archive_is_waited_for(house: House, sources: Path, disks: dict[str, Disk]) -> None:
    live_before(house, sources)
    disks["archive"].unplug()
    house.start()
    house.drop("3.pdf", THIRD)
    house.drop("again.pdf", FIRST)
    house.wait(lambda: is_told_away(house, "archive") or house.is_quiet(7), 30, "it is seen")
    assert os.listdir(house.archive) == []
    house.wait(lambda: is_told_away(house, "archive"), 20, "it is told")
    assert not {"gone", "failed"} & set(house.states().values())
    disks["archive"].plug_in()
    house.wait(lambda: is_ready(house), 20, "it is ready")
    finish(house, DONE | {"3.pdf": "filed", "again.pdf": "duplicate"})
    assert count_copies(house, FIRST) == 2


def test_an_unmounted_inbox_is_waited_for(house: House, sources: Path, disks: dict[str, Disk]) -> None:
    live_before(house, sources)
    disks["inbox"].unplug()
    house.start()
    house.wait(lambda: is_told_away(house, "inbox") or "gone" in house.states().values(), 30, "it is seen")
    assert "gone" not in house.states().values()
    assert os.listdir(house.inbox) == []
    house.wait(lambda: is_told_away(house, "inbox"), 20, "it is told")
    disks["inbox"].plug_in()
    finish(house, DONE)


def test_nothing_is_filed_if_the_ledger_was_deleted(house: House, sources: Path) -> None:
    live_before(house, sources)
    for path in house.state.glob("ledger.sqlite3*"):
        path.unlink()
    before = snapshot(house.archive)
    house.start(ready=False)
    known, new = house.drop("again.pdf", FIRST), house.drop("3.pdf", THIRD)
    house.wait(lambda: "expensed rebuild" in house.log.read_text() or house.is_quiet(), 30, "it is seen")
    assert "expensed rebuild" in house.log.read_text()
    assert house.process is not None
    if house.process.poll() is not None:
        assert house.process.returncode in (69, 75)
    assert snapshot(house.archive) == before
    assert (known.read_bytes(), new.read_bytes()) == (FIRST, THIRD)
    assert not (house.state / "ledger.sqlite3").exists()
    house.clear()
    rebuilt = house.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    house.start()
    house.wait(lambda: house.is_quiet(7), 90, "all is done")
    assert [count_copies(house, content) for content in (FIRST, SECOND, THIRD)] == [2, 1, 1]
    assert house.states()["again.pdf"] == "duplicate"
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
