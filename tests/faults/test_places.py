"""Inbox, archive or state folder is taken away in the middle of mixed work, or another folder is put in its place.

Nothing is written outside the marked places, nothing is lost or there twice, and all is done once they are back.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.house import SOURCES, House, sha256
from tests.faults.disks import Disk, exchange, run
from tests.faults.work import ANSWER_LOST, Work, pause

ENTRY = ("-m", "tests.faults.stopping_entry")
CHECKED = "place.opened"
"""The boundary between the check of a place's mark and what is then done there."""
PLACES = ("archive", "inbox", "state")
AWAY_S, BACK_S = 30, 120
RESTART = 75
STILL_AWAY_S = 1.5
HEAD = ("moment", "how", "drops", "corrections", "filings from review", "uploads", "faults", "seconds")


class Scene:
    """A house on three disks, at work, and a supervisor that starts the daemon again as systemd would."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.disks = {name: Disk(getattr(house, name)) for name in PLACES}
        self.work = Work(house, seed)
        self.stop_while = house.root / "stop-while"
        self.starts = 0
        self.written_after = 0

    def start(self) -> None:
        """Start the daemon; it need not be ready."""
        self.starts += 1
        self.written_after = self.house.log.stat().st_size if self.house.log.exists() else 0
        extra = {"PYTHONPATH": SOURCES, "STOP_AT": CHECKED, "STOP_WHILE": str(self.stop_while)}
        self.house.start(*ENTRY, ready=False, extra=extra)

    def supervise(self) -> None:
        """Start the daemon again if it ended as one that systemd starts again; find its address."""
        assert self.house.process is not None
        code = self.house.process.poll()
        if code is None and not self.stop_while.exists() and is_stopped(self.house.process.pid):
            self.go_on()  # another of its threads was about to stop it, too
        if code is not None:
            assert code == RESTART, f"the daemon ended with {code}:\n{self.log[-3000:]}"
            self.house.wait(lambda: not self.house.processes(), 10, "nothing of the ended run is left")
            self.start()
        told = re.findall(r"(?:watch at|says so at) (http://[^,\s]+)", self.log)
        self.house.address = told[-1].rstrip("/.") if told else self.house.address

    @property
    def log(self) -> str:
        """What the present run has logged."""
        return self.house.log.read_bytes()[self.written_after :].decode(errors="replace")

    def wait(self, condition, timeout_s: float, what: str) -> None:
        """Wait for a condition under the supervisor's eyes; an answer that does not come counts as no."""

        def is_so() -> bool:
            self.supervise()
            try:
                return bool(condition())
            except ANSWER_LOST:
                return False

        self.house.wait(is_so, timeout_s, what)

    def stop_between_check_and_write(self, name: str, chance: random.Random) -> None:
        """Stop the daemon where it has just read the mark of this place; which time is left to chance."""
        assert self.house.process is not None
        process, left = self.house.process.pid, chance.randrange(1 if name == "state" else 6)
        self.stop_while.touch()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if not is_stopped(process):
                time.sleep(0.002)
                continue
            if is_open(process, getattr(self.house, name)):
                if not left:
                    self.stop_while.unlink()
                    return
                left -= 1
            os.kill(process, signal.SIGCONT)
        self.stop_while.unlink()
        raise AssertionError(f"the boundary {CHECKED} was not passed for the {name}: its mark is not checked")

    def go_on(self) -> None:
        """Let a stopped daemon go on."""
        assert self.house.process is not None
        os.kill(self.house.process.pid, signal.SIGCONT)

    def is_told(self, name: str) -> bool:
        """Whether `/readyz` and `expensed status` say in a sentence that this place is away."""
        if name == "state" and self.starts == 1:
            return False  # it ends first, and waits after its next start
        ready = self.house.get("/readyz")
        if ready["http"] != 503 or f"{name} folder" not in ready["error"]:
            return False
        status = self.house.run("status")
        return status.returncode == 1 and f"{name} folder" in " ".join((status.stdout + status.stderr).split())

    def finish(self) -> list[str]:
        """Wait until all is done; return what went wrong."""
        self.wait(lambda: self.house.get("/readyz")["http"] == 200, BACK_S, "it is ready")
        self.work.end()
        self.wait(self.work.is_quiet, BACK_S, "all is done")
        return self.work.find_faults()


def is_stopped(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_open(process: int, folder: Path) -> bool:
    """Whether a process has this very folder open."""
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            if descriptor.readlink() == folder:
                return True
    return False


def snapshot(folder: Path) -> dict[str, tuple[int, int, str]]:
    """What lies in a folder: mode, time of change, and bytes."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        content = sha256(path.read_bytes()) if path.is_file() else ""
        found[str(path.relative_to(folder))] = status.st_mode, status.st_mtime_ns, content
    return found


@pytest.fixture
def scene(make_house, seed: int) -> Iterator[Scene]:
    """A house at work, on three disks."""
    scene = Scene(make_house(), seed)
    scene.start()
    scene.wait(lambda: scene.house.address, 30, "it is ready")
    yield scene
    scene.stop_while.unlink(missing_ok=True)


@contextlib.contextmanager
def drops_paused(work: Work, name: str) -> Iterator[None]:
    """No file is dropped while the inbox is away."""
    with work.inbox_is_there if name == "inbox" else contextlib.nullcontext():
        yield


def stay_away(scene: Scene, name: str, untouched) -> None:
    """See that it is told, that work goes on, and that nothing is written in the wrong place."""
    starts = scene.starts
    scene.wait(lambda: untouched() and scene.is_told(name), AWAY_S, f"it is told that the {name} folder is away")
    end = time.monotonic() + STILL_AWAY_S  # not a wait for something: nothing may happen
    scene.wait(lambda: untouched() and time.monotonic() > end, AWAY_S, "it stays away for a while")
    assert scene.starts == starts if name != "state" else scene.starts == starts + (starts == 1), "it was restarted"


def take_away(scene: Scene, name: str, how: str, chance: random.Random) -> list[str]:
    """Take a place away in the middle of the work and bring it back; return what went wrong."""
    disk = scene.disks[name]
    scene.starts = 1
    scene.work.begin()
    scene.work.wait_until_done("uploads", 1)
    scene.work.wait_until_done("corrections", 1 + chance.randrange(3))
    pause(chance, 0.2)
    with drops_paused(scene.work, name):
        if "checked" in how:
            scene.stop_between_check_and_write(name, chance)
        if "pulled" in how:
            disk.cut()
        disk.unplug()
        if "checked" in how:
            scene.go_on()

        def bare_is_empty() -> bool:
            assert os.listdir(disk.folder) == [], f"written into the bare mount point: {list(disk.folder.rglob('*'))}"
            return True

        stay_away(scene, name, bare_is_empty)
        bare_is_empty()
        disk.plug_in()
    return scene.finish()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PLACES)
def test_a_place_taken_away_in_the_middle_of_work_is_waited_for(
    scene: Scene, name: str, pytestconfig: pytest.Config, seed: int, table
) -> None:
    chance = random.Random(f"{seed} {name}")
    moments = int(pytestconfig.getoption("moments"))
    faults: list[str] = []
    for moment in range(1, moments + 1):
        began = time.monotonic()
        how = ("unmounted" if moment % 2 else "pulled") + (", just checked" if moment % 5 == 2 else "")
        new = [fault for fault in take_away(scene, name, how, chance) if fault not in faults]
        faults += new
        done = scene.work.done
        table(
            f"The {name} folder taken away, seed {seed} (all is counted from the first)", HEAD,
            (moment, how, done["drops"], done["corrections"], done["filings from review"], done["uploads"],
             len(new), round(time.monotonic() - began, 1)),
        )  # fmt: skip
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("stranger", ["a folder of somebody else", "that of another ledger"])
@pytest.mark.parametrize("name", PLACES)
def test_another_folder_in_its_place_is_left_alone(scene: Scene, name: str, stranger: str, make_house) -> None:
    other = make_house("other")
    if stranger == "that of another ledger":
        other.start()
        other.stop()
    else:
        (getattr(other, name) / "holiday.txt").write_text("not an expense")
    before = snapshot(getattr(other, name))
    disk = scene.disks[name]
    scene.work.begin()
    scene.work.wait_until_done("corrections", 2)
    with drops_paused(scene.work, name):
        disk.unplug()
        exchange(disk.folder, getattr(other, name))

        def stranger_is_untouched() -> bool:
            after = snapshot(getattr(other, name))
            assert after == before, f"changed: {set(after.items()) ^ set(before.items())}"
            return True

        stay_away(scene, name, stranger_is_untouched)
        stranger_is_untouched()
        run("umount", "--lazy", str(disk.folder))
        disk.plug_in()
    faults = scene.finish()
    assert not faults, "\n".join(faults)
    stranger_is_untouched()
