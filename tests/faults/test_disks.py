"""Disks that are away when a document comes or at a start, that lie below the inbox, or that can do little."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House, sha256
from tests.faults.disks import Disk, ExFat, Memory
from tests.faults.work import make_letter, walk

SAID = {"vendor": "Post Office", "amount": 3.2, "date": "2024-02-03", "currency": "EUR", "category": "Other"}
FIRST, SECOND, THIRD = (papers.pdf(papers.receipt_lines(number)) for number in (1, 2, 3))


def drop_and_wait(house: House, files: dict[str, bytes]) -> None:
    """Drop files and wait until they are at rest, too."""
    known = len(house.rows("SELECT 1 FROM documents"))
    for name, content in files.items():
        house.drop(name, content)
    house.wait_quiet(known + len(files))


def is_told_away(house: House, name: str) -> bool:
    """Whether `/readyz` and `expensed status` say in a sentence that this place is away."""
    ready = house.get("/readyz")
    if ready["http"] != 503 or f"{name} folder" not in ready["error"]:
        return False
    return f"{name} folder" in " ".join(house.run("status").stdout.split())


def wait_told_away(house: House, name: str) -> None:
    house.wait(lambda: is_told_away(house, name), 20, f"it is told that the {name} folder is away")


def is_ready(house: House) -> bool:
    return bool(house.get("/readyz")["http"] == 200)


def count_copies(house: House, content: bytes) -> int:
    """In how many places the archive has these bytes."""
    return sum(sha256(path.read_bytes()) == sha256(content) for path in walk(house.archive))


def test_nothing_is_filed_into_the_bare_mount_point_of_an_archive_unmounted_while_running(house: House) -> None:
    disk = Memory(house.archive)
    house.start()
    drop_and_wait(house, {"1.pdf": FIRST, "2.pdf": SECOND})
    disk.unplug()
    house.drop("3.pdf", THIRD)
    house.wait(lambda: house.is_quiet(3) or is_told_away(house, "archive"), 20, "it is seen")
    assert os.listdir(house.archive) == []
    wait_told_away(house, "archive")
    house.wait(lambda: house.states().get("3.pdf"), 20, "it is known")
    assert house.states()["3.pdf"] not in ("filed", "failed", "gone")
    assert [path.read_bytes() for path in house.claimed() if path.name == "3.pdf"] == [THIRD]
    disk.plug_in()
    house.wait_quiet(3)
    house.wait(lambda: is_ready(house), 20, "it is ready")
    assert set(house.states().values()) == {"filed"}
    assert [count_copies(house, content) for content in (FIRST, SECOND, THIRD)] == [1, 1, 1]
    assert house.check().returncode == 0


def test_known_bytes_are_not_filed_again_if_it_starts_without_the_archive(house: House) -> None:
    disk = Memory(house.archive)
    house.start()
    drop_and_wait(house, {"1.pdf": FIRST, "2.pdf": SECOND})
    house.stop()
    disk.unplug()
    house.start()
    house.drop("again.pdf", FIRST)
    house.drop("3.pdf", THIRD)
    house.wait(lambda: house.is_quiet(4) or is_told_away(house, "archive"), 20, "it is seen")
    assert os.listdir(house.archive) == []
    wait_told_away(house, "archive")
    assert {house.states()[name] for name in ("1.pdf", "2.pdf")} == {"filed"}
    disk.plug_in()
    house.wait_quiet(4)
    assert house.states() == {"1.pdf": "filed", "2.pdf": "filed", "again.pdf": "duplicate", "3.pdf": "filed"}
    assert sorted(path.parts[-2] for path in walk(house.archive) if path.suffix == ".pdf").count("_duplicates") == 1
    assert house.check().returncode == 0


def leave_unfinished(house: House) -> None:
    """File two receipts; then kill the daemon while a third is claimed, and an upload lies beside it."""
    house.start()
    drop_and_wait(house, {"1.pdf": FIRST, "2.pdf": SECOND})
    assert house.upload("photo.pdf", make_letter(1))["http"] == 200
    house.drop("slow.tif", papers.long_tiff(papers.receipt_lines(3), 12))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "it is being read")
    house.kill(everything=True)
    house.wait(lambda: not house.processes(), 15, "no process is left")


def test_nothing_is_called_gone_if_it_starts_without_the_inbox(house: House) -> None:
    disk = Disk(house.inbox)
    leave_unfinished(house)
    disk.unplug()
    house.start()
    house.wait(lambda: is_told_away(house, "inbox") or "gone" in house.states().values(), 20, "it is seen")
    assert "gone" not in house.states().values()
    wait_told_away(house, "inbox")
    assert "failed" not in house.states().values()
    assert os.listdir(house.inbox) == []
    disk.plug_in()
    house.wait(lambda: house.is_quiet(4), 90, "it is all done")
    house.wait(lambda: is_ready(house), 20, "it is ready")
    states = house.states()
    assert (states["1.pdf"], states["2.pdf"], states["photo.pdf"]) == ("filed", "filed", "uploaded")
    assert states["slow.tif"] in ("filed", "review")
    assert house.check().returncode == 0


def test_a_mount_below_the_inbox_is_claimed_within_that_mount(house: House) -> None:
    scans = house.inbox / "scans"
    scans.mkdir()
    disk = Memory(scans)
    house.start()
    house.drop("scans/1.pdf", FIRST)
    house.drop("scans/letter.pdf", make_letter(1))
    house.drop("2.pdf", SECOND)
    house.wait_quiet(3)
    assert house.states() == {"1.pdf": "filed", "letter.pdf": "review", "2.pdf": "filed"}
    assert list(scans.rglob("*.pdf")) == []
    late = house.inbox / "late"
    late.mkdir()
    Memory(late)
    house.drop("late/3.pdf", THIRD)
    house.wait_quiet(4)
    assert house.states()["3.pdf"] == "filed"
    assert house.check().returncode == 0
    house.drop("scans/slow.tif", papers.long_tiff(papers.receipt_lines(4), 12))
    house.wait(lambda: list(scans.glob(".expensed/*/slow.tif")), 20, "it is claimed within its mount")
    disk.unplug()
    house.drop("5.pdf", papers.pdf(papers.receipt_lines(5)))
    house.wait(lambda: house.states().get("5.pdf") == "filed", 60, "the others go on")
    assert house.states()["slow.tif"] not in ("gone", "failed")
    assert os.listdir(scans) == []
    disk.plug_in()
    house.wait_quiet(6, 90)
    assert house.states()["slow.tif"] in ("filed", "review")
    assert house.check().returncode == 0


def work_through(house: House) -> None:
    """Have a receipt filed and corrected, a letter filed by a person, a twin and a broken file put away."""
    house.start()
    assert is_ready(house), house.get("/readyz")
    drop_and_wait(
        house, {"1.pdf": FIRST, "letter.pdf": make_letter(1), "broken.pdf": b"%PDF-1.4\nstartxref\n9\n%%EOF\n"}
    )
    drop_and_wait(house, {"twin.pdf": FIRST, "2.pdf": SECOND})
    assert house.states() == {
        "1.pdf": "filed", "letter.pdf": "review", "broken.pdf": "failed", "twin.pdf": "duplicate", "2.pdf": "filed"
    }  # fmt: skip
    ids: dict[str, Any] = {row["file"]: row["id"] for row in house.rows("SELECT file, id FROM documents")}
    filed = house.post("/api/process", {"file_id": ids["letter.pdf"], "expense_data": SAID})
    corrected = house.patch(f"/api/documents/{ids['1.pdf']}", {"amount": 7.35})
    described = house.patch(f"/api/documents/{ids['2.pdf']}", {"description": "rolls"})
    assert [answer["http"] for answer in (filed, corrected, described)] == [200, 200, 200], (
        filed,
        corrected,
        described,
    )
    house.wait_quiet(5)
    assert sorted(map(len, house.archived().values())) == [1, 1, 1, 2]
    assert [path.name for path in walk(house.archive) if path.name.startswith(".")] == []
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def test_an_archive_on_exfat_is_filed_into(house: House) -> None:
    ExFat(house.archive)
    work_through(house)


def test_an_inbox_on_exfat_is_taken_from(house: House) -> None:
    ExFat(house.inbox)
    work_through(house)


def test_a_reservation_left_by_a_loss_of_power_is_cleared_on_exfat(make_house: Callable[..., House]) -> None:
    """Killed at any moment of a filing there: the document is filed once, under one name."""
    house = make_house(reading__workers=1)
    ExFat(house.archive)
    for turn in range(6):
        house.start()
        house.drop(f"{turn}.pdf", papers.pdf(papers.receipt_lines(turn)))
        house.wait(lambda: list(unfinished(house.archive)) or house.is_quiet(turn + 1), 30, "it is being filed")  # noqa: B023
        house.kill(everything=True)
        house.wait(lambda: not house.processes(), 15, "no process is left")
    house.start()
    house.wait_quiet(6)
    assert sorted(map(len, house.archived().values())) == [1] * 6
    assert list(unfinished(house.archive)) == []
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def unfinished(archive: Path) -> list[Path]:
    """Return temporary files of filings."""
    return [path for path in archive.rglob(".*.tmp") if ".expensed" not in path.parts]
