"""How files arrive in real life: slowly, in pieces, twice, from others, while nobody looks."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.as_nobody import NOBODY, find_closed
from tests.e2e.house import ROOT, House, sha256

STALL_S = 2.0


def filed(house: House) -> set[str]:
    """Return the sha256 of every document that is filed or in review."""
    return {
        digest for digest, paths in house.archived().items() if any(not p.startswith(("_dup", "_fail")) for p in paths)
    }


def test_a_writer_that_stalls_is_waited_for_beyond_all_patience(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__patience_s=STALL_S / 2, inbox__rescan_s=0.5)
    house.start()
    content = papers.picture(papers.receipt_lines(1))
    with (house.inbox / "slow.jpg").open("wb") as file:
        file.write(content[: len(content) // 3])
        file.flush()
        time.sleep(STALL_S)  # this is what is tested
        assert not house.rows("SELECT 1 FROM documents")
        file.write(content[len(content) // 3 :])
    house.wait_quiet(1)
    assert filed(house) == {sha256(content)}


def test_a_writer_that_stalls_after_closing_is_waited_for(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__patience_s=4 * STALL_S, inbox__rescan_s=0.5)
    house.start()
    content = papers.pdf(papers.receipt_lines(2))
    path = house.drop("cut.pdf", content[: len(content) // 3])
    time.sleep(STALL_S)
    assert not house.rows("SELECT 1 FROM documents")
    assert "cut.pdf" in [waiting["file"] for waiting in house.get("/api/inbox")["inbox"]]
    with path.open("ab") as file:
        file.write(content[len(content) // 3 :])
    house.wait_quiet(1)
    assert filed(house) == {sha256(content)}


def test_a_scanner_that_closes_and_reopens_between_pages_is_waited_for(make_house) -> None:
    house = make_house(inbox__settle_s=3)
    house.start()
    states = papers.tiff_pages([papers.receipt_lines(1), papers.receipt_lines(2)])
    path = house.drop("pages.tif", states[0])
    time.sleep(0.5)  # less than settle_s: the scanner turns the page
    path.write_bytes(states[1])
    house.wait_quiet(1)
    assert filed(house) == {sha256(states[1])}


def test_a_polled_folder_is_read_whole_too(make_house) -> None:
    house = make_house(inbox__watch="poll", inbox__rescan_s=0.4)
    house.start()
    content = papers.picture(papers.receipt_lines(3))
    with (house.inbox / "polled.jpg").open("wb") as file:
        file.write(content[:2000])
        file.flush()
        time.sleep(1.5)  # a few looks, and more than settle_s
        assert not house.rows("SELECT 1 FROM documents")
        file.write(content[2000:])
    house.wait_quiet(1)
    assert filed(house) == {sha256(content)}


def test_a_scanner_that_uses_one_name_again_and_again_loses_no_version(house: House) -> None:
    house.start()
    versions = [papers.picture(papers.receipt_lines(number)) for number in range(4)]
    path = house.inbox / "SCN_0001.jpg"
    for count, content in enumerate(versions[:3], 1):
        path.write_bytes(content)
        house.wait_known(count)
        assert not path.exists()
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "one is being read")
    path.write_bytes(versions[3])
    house.wait_quiet(4)
    assert filed(house) == {sha256(content) for content in versions}


def test_a_file_rewritten_in_its_claim_while_it_is_read_loses_no_version(house: House) -> None:
    """A writer that kept the file open across the claim: the later bytes count too."""
    house.start()
    first, later = (papers.picture(papers.receipt_lines(number)) for number in (1, 2))
    house.drop("SCN_0001.jpg", first)
    claim = house.wait(lambda: [p for p in house.claimed() if p.name == "SCN_0001.jpg"], 10, "it is claimed")[0]
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "it is being read")
    claim.write_bytes(later)
    house.wait(lambda: sha256(later) in filed(house), 60, "the later bytes are filed")
    house.wait(house.is_quiet, 30, "all is at rest")
    assert house.check().returncode == 0


def test_of_the_same_bytes_dropped_twice_at_once_one_is_filed(house: House) -> None:
    house.start()
    content = papers.pdf(papers.receipt_lines(5))
    house.drop("one.pdf", content)
    house.drop("two.pdf", content)
    house.wait_quiet(2)
    assert sorted(house.states().values()) == ["duplicate", "filed"]
    (paths,) = house.archived().values()
    assert len([path for path in paths if path.startswith("_duplicates/")]) == 1
    note = next(house.archive.glob("_duplicates/*.why.txt")).read_text()
    assert next(path for path in paths if not path.startswith("_")) in note


def test_a_failed_file_repaired_and_dropped_again_is_filed(house: House) -> None:
    house.start()
    house.drop("bill.pdf", b"%PDF-1.4\nnothing of this can be read\nstartxref\n9\n%%EOF\n")
    house.wait_quiet(1)
    assert house.states() == {"bill.pdf": "failed"}
    assert (house.archive / "_failed/bill.pdf.why.txt").exists()
    house.drop("bill.pdf", papers.pdf(papers.receipt_lines(6)))
    house.wait_quiet(2)
    assert house.states() == {"bill.pdf": "filed"}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone may enter; pytest's own folder is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
def test_a_file_of_another_user_waits_with_its_reason_until_it_may_be_read(
    make_house: Callable[..., House], open_folder: Path
) -> None:
    house = make_house(open_folder / "house")
    for folder in (house.root, house.inbox, house.archive, house.state, house.runtime):
        os.chown(folder, NOBODY, NOBODY)
    needs_way = any(find_closed(Path(path)) for path in (sys.prefix, sys.base_prefix, ROOT, house.root))
    through = ("unshare", "--mount") if needs_way else ()
    house.start(str(ROOT / "tests/e2e/as_nobody.py"), str(house.root), through=through)
    made = house.root / "private.pdf"
    made.write_bytes(papers.pdf(papers.receipt_lines(7)))
    made.chmod(0o600)
    path = made.rename(house.inbox / "private.pdf")

    def reasons() -> list[str]:
        return [waiting["reason"] for waiting in house.get("/api/inbox")["inbox"]]

    house.wait(lambda: any("0600" in reason for reason in reasons()), 20, "the reason is shown")
    assert path.exists()
    os.chown(path, NOBODY, NOBODY)
    house.wait_quiet(1)
    assert house.states() == {"private.pdf": "filed"}
    assert {folder.stat().st_uid for folder in house.archive.rglob("*")} == {NOBODY}


def test_the_folder_removed_and_made_again_is_watched_as_before_once_it_is_adopted(house: House) -> None:
    house.start()
    house.drop("before.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    subprocess.run(["rm", "-rf", str(house.inbox)], check=True)
    house.inbox.mkdir()
    dropped = house.drop("after.pdf", papers.pdf(papers.receipt_lines(2)))
    house.wait(lambda: "bears no mark" in house.get("/readyz")["error"], 10, "it is told from the one that was there")
    assert dropped.exists()
    done = house.run("adopt", "inbox")
    assert done.stdout.endswith(f"It is now the inbox of ledger {house.ledger_id()}.\n")
    house.wait_quiet(2)
    house.drop("later.pdf", papers.pdf(papers.receipt_lines(3)))
    house.wait_quiet(3)
    assert house.states() == {"before.pdf": "filed", "after.pdf": "filed", "later.pdf": "filed"}


def test_names_of_every_kind_are_taken(house: House) -> None:
    house.start()
    names = [
        b"with space.pdf", b"new\nline.pdf", b"-rf.pdf", "🧾 Beleg.pdf".encode(), b"x" * 251 + b".pdf", b"caf\xe9.pdf",
        "\u202efdp.elbisrever.pdf".encode(), b"CON.pdf", b"'quoted' \"twice\".pdf", b"%s%n{0}.pdf",
    ]  # fmt: skip
    for number, name in enumerate(names):
        house.drop(name, papers.pdf(papers.receipt_lines(number)))
    house.wait_quiet(len(names))
    assert set(house.states().values()) == {"filed"}
    assert house.check().returncode == 0


def test_a_folder_dropped_in_is_emptied_into_the_archive(house: House) -> None:
    house.start()
    staging = house.root / "staging"
    (staging / "2024" / "march").mkdir(parents=True)
    for number in range(3):
        (staging / "2024" / "march" / f"{number}.pdf").write_bytes(papers.pdf(papers.receipt_lines(number)))
    staging.rename(house.inbox / "taxes")
    house.wait_quiet(3)
    assert set(house.states().values()) == {"filed"}


def test_files_that_were_there_before_the_start_are_taken(house: House) -> None:
    for number in range(3):
        house.drop(f"{number}.pdf", papers.pdf(papers.receipt_lines(number)))
    house.start()
    house.wait_quiet(3)
    assert set(house.states().values()) == {"filed"}


@pytest.mark.timeout(700)
def test_a_burst_of_a_thousand_is_filed(house: House) -> None:
    house.start()
    for number in range(1000):
        house.drop(f"{number:04d}.pdf", papers.pdf(papers.receipt_lines(number)))
    house.wait_quiet(1000, 600)
    assert len(house.archived()) == 1000
    assert house.check().returncode == 0


def test_a_second_daemon_on_the_same_folders_is_told_who_is_there(house: House) -> None:
    house.start()
    second = subprocess.run(
        [sys.executable, "-m", "expensed", "run"],
        cwd=house.root, env=house.environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 69
    assert str(house.process.pid if house.process else "?") in second.stderr
