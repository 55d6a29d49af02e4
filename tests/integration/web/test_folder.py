"""What a person does with files in the archive alone: each kind of move, and what is made of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.integration.web.rig import FILED, RESULT, Site, get, post, run_site

from expensed.archive.sidecar import note_path, read_owner, sidecar_path
from expensed.disk import archive_folders, listed_folders
from expensed.disk.archive_mounts import NOTED, note_mount
from expensed.ledger.filings import NewFiling, find_intent, insert_filing, set_filing_state
from expensed.ledger.rows import Document, Task
from expensed.ledger.tasks import list_unfinished
from expensed.model.archive_looks import NOT_MOUNTED
from expensed.model.expense import Said
from expensed.model.states import DocumentState, FilingState, Outcome, Step
from expensed.pipeline.filing.sidecar_and_note import write_note, write_sidecar
from expensed.pipeline.requests.filing import file_reviewed
from expensed.pipeline.upkeep.folder import find_moved, look_around

HOME = "2024/Software & Services"
WRITTEN_NS = 1_705_312_800 * 10**9
NOBODY = 65534
NAME = "2024-01-15_Adobe_52.99-USD.pdf"


@pytest.fixture(autouse=True)
def exact_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a quick disk whose times are exact, long after a person did anything."""
    monkeypatch.setattr(listed_folders, "FRESH_S", 0.0)
    monkeypatch.setattr(archive_folders, "REST", 0.0)
    monkeypatch.setattr(find_moved, "YOUNG_S", 0.0)


class Archive:
    """The archive of a site, and a person in it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.root = site.settings.archive.path

    async def put(self, path: str, state: DocumentState, *, content: bytes = b"", **changes: Any) -> Task:
        """Add a document that lies at a path, with sidecar and note, as if it had been filed there."""
        folder, _, name = path.rpartition("/")
        result = FILED if state is DocumentState.FILED else RESULT
        outcome = Outcome(state.value)
        content = content or path.encode()
        what = {"state": state, "outcome": outcome, "result": result, "size": len(content), "mtime_ns": WRITTEN_NS}
        task = await self.site.add_filed(name, content, folder=folder, **(what | changes))
        document = await self.site.document(task)
        sidecar, note = write_sidecar(document, outcome, path, None), write_note(document, outcome, None)
        async with self.site.ledger.transaction() as tx:
            await insert_filing(tx, NewFiling(document.number, outcome, path, document.sha256, sidecar, note,
                                              document.place))  # fmt: skip
            filing = await find_intent(tx, document.number)
            assert filing is not None
            await set_filing_state(tx, filing, FilingState.CLOSED)
        sidecar_path(self.root / path).write_text(sidecar)
        if note is not None:
            note_path(self.root / path).write_text(note)
        os.utime(self.root / path, ns=(WRITTEN_NS, WRITTEN_NS))
        return task

    def move(self, old: str, new: str, *, companions: bool = False) -> None:
        """Move a file as a person does, with its companions or without."""
        for ending in ("", ".json", ".why.txt") if companions else ("",):
            source, target = self.root / f"{old}{ending}", self.root / f"{new}{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.exists():
                source.rename(target)

    async def look(self, times: int = 1) -> None:
        """Have the daemon rescan, and do what is then to be done."""
        for _ in range(times):
            await self.site.pipeline.recover()
            for task in await list_unfinished(self.site.ledger):
                await self.site.pipeline.follow(task)
            await self.site.pipeline.recover()

    async def find(self, task: Task) -> Document:
        document = await self.site.document(task)
        path = self.root / document.place.path
        if document.state is not DocumentState.GONE:
            owner = read_owner(path)
            assert owner is not None, f"no sidecar beside {path}"
            assert (owner.id, path.is_file()) == (document.id, True)
        return document

    def files(self) -> list[str]:
        """Every file in the archive that is not hidden."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob("[!.]*/**/*") if path.is_file())

    async def remarks(self) -> Sequence[dict[str, Any]]:
        async with aiohttp.ClientSession(self.site.url) as http:
            shown: Sequence[dict[str, Any]] = (await get(http, "/api/stats"))["archive"]["left_alone"]
            return shown

    async def remark(self) -> dict[str, Any]:
        (only,) = await self.remarks()
        return only


@pytest.fixture
async def archive(site: Site) -> Archive:
    return Archive(site)


def with_companions(path: str, *, note: bool = False) -> list[str]:
    return [path, f"{path}.json", *([f"{path}.why.txt"] if note else [])]


@pytest.mark.parametrize("companions", [False, True])
@pytest.mark.parametrize("target", [
    f"_review/{NAME}", f"{HOME}/{NAME}", "2024/groceries/2024-01-15_adobe_52,99-usd.pdf", "_review/sub/" + NAME,
])  # fmt: skip
async def test_a_document_in_review_that_gets_a_full_name_is_filed(
    archive: Archive, target: str, companions: bool
) -> None:
    task = await archive.put("_review/scan.pdf", DocumentState.REVIEW)
    await archive.look()
    archive.move("_review/scan.pdf", target, companions=companions)
    await archive.look()
    document = await archive.find(task)
    category = "Groceries" if "groceries" in target else "Software & Services"
    path = f"2024/{category}/{NAME}"
    assert (document.state, document.place.path) == (DocumentState.FILED, path)
    assert document.result is not None
    assert (document.result.category, document.result.vendor) == (category, "Adobe")
    assert not document.result.needs_review
    assert archive.files() == with_companions(path)
    assert await archive.remarks() == []


async def test_what_the_name_says_is_what_is_filed(archive: Archive) -> None:
    task = await archive.put("_review/scan.pdf", DocumentState.REVIEW)
    archive.move("_review/scan.pdf", "_review/2024-02-16_Larkspur Hosting_1.234,5-gbp.pdf")
    await archive.look()
    document = await archive.find(task)
    assert document.place.path == f"{HOME}/2024-02-16_Larkspur-Hosting_1234.50-GBP.pdf"
    assert document.corrections is not None
    assert document.corrections.said.names() == {"vendor", "amount", "date", "currency"}
    assert archive.files() == with_companions(document.place.path)


async def test_a_document_dropped_into_a_category_is_filed_there_if_nothing_is_lacking(archive: Archive) -> None:
    full = await archive.put("_review/full.pdf", DocumentState.REVIEW)
    poor = await archive.put("_review/poor.pdf", DocumentState.REVIEW, result=replace(RESULT, amount=None))
    archive.move("_review/full.pdf", "2024/Groceries/full.pdf")
    archive.move("_review/poor.pdf", "2024/Groceries/poor.pdf", companions=True)
    await archive.look()
    assert (await archive.find(full)).place.path == f"2024/Groceries/{NAME}"
    left = await archive.find(poor)
    assert (left.state, left.place.path) == (DocumentState.REVIEW, "2024/Groceries/poor.pdf")
    remark = await archive.remark()
    assert (remark["file"], remark["count"]) == ("2024/Groceries/poor.pdf", 1)
    assert "the amount is missing" in remark["problem"]
    archive.move("2024/Groceries/poor.pdf", "2024/Groceries/2024-01-15_Adobe_3-USD.pdf")
    await archive.look()
    assert (await archive.find(poor)).place.path == "2024/Groceries/2024-01-15_Adobe_3.00-USD.pdf"
    assert await archive.remarks() == []


@pytest.mark.parametrize("companions", [False, True])
@pytest.mark.parametrize(("target", "field", "value", "path"), [
    (f"2024/Groceries/{NAME}", "category", "Groceries", f"2024/Groceries/{NAME}"),
    (f"{HOME}/2024-01-15_Larkspur_52.99-USD.pdf", "vendor", "Larkspur", f"{HOME}/2024-01-15_Larkspur_52.99-USD.pdf"),
    (f"{HOME}/2024-01-15_Adobe_12,5-USD.pdf", "amount", Decimal("12.50"), f"{HOME}/2024-01-15_Adobe_12.50-USD.pdf"),
    (f"{HOME}/2023-01-15_Adobe_52.99-USD.pdf", "date", None,
     "2023/Software & Services/2023-01-15_Adobe_52.99-USD.pdf"),
])  # fmt: skip
async def test_a_filed_document_that_is_renamed_or_moved_is_corrected(
    archive: Archive, target: str, field: str, value: object, path: str, companions: bool
) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    await archive.look()
    archive.move(f"{HOME}/{NAME}", target, companions=companions)
    await archive.look()
    document = await archive.find(task)
    assert (document.state, document.place.path) == (DocumentState.FILED, path)
    assert document.corrections is not None
    assert document.corrections.said.names() == {field}
    if value is not None:
        assert getattr(document.result, field) == value
    assert archive.files() == with_companions(path)


async def test_another_way_of_writing_the_name_corrects_nothing_and_is_put_right(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    archive.move(f"{HOME}/{NAME}", f"{HOME}/2024-01-15_adobe_52,99-usd.pdf")
    await archive.look()
    document = await archive.find(task)
    assert (document.place.path, document.corrections) == (f"{HOME}/{NAME}", None)
    archive.move(f"{HOME}/{NAME}", f"{HOME}/2024-01-15_Adobe_52.99-USD_2.pdf")
    await archive.look()
    document = await archive.find(task)
    assert (document.place.path, document.corrections) == (f"{HOME}/2024-01-15_Adobe_52.99-USD_2.pdf", None)
    assert await archive.remarks() == []


@pytest.mark.parametrize("companions", [False, True])
@pytest.mark.parametrize("state", [DocumentState.FILED, DocumentState.REVIEW, DocumentState.FAILED])
async def test_what_is_dropped_into_the_discarded_is_discarded_and_can_be_put_back(
    archive: Archive, state: DocumentState, companions: bool
) -> None:
    old = {DocumentState.FILED: f"{HOME}/{NAME}", DocumentState.REVIEW: "_review/scan.pdf"}.get(
        state, "_failed/scan.pdf"
    )
    task = await archive.put(old, state)
    new = f"_discarded/{old.rpartition('/')[2]}"
    archive.move(old, new, companions=companions)
    await archive.look()
    document = await archive.find(task)
    assert (document.state, document.place.path) == (DocumentState.DISCARDED, new)
    assert "discard" in note_path(archive.root / new).read_text()
    assert archive.files() == with_companions(new, note=True)
    archive.move(new, old, companions=companions)
    await archive.look()
    document = await archive.find(task)
    assert (document.state, document.place.path, document.discarded) == (state, old, None)
    assert archive.files() == with_companions(old, note=state is not DocumentState.FILED)
    assert await archive.remarks() == []


async def test_a_discarded_document_that_gets_another_name_is_put_back_and_corrected(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    archive.move(f"{HOME}/{NAME}", f"_discarded/{NAME}")
    await archive.look()
    archive.move(f"_discarded/{NAME}", "2024/Groceries/2024-01-15_Adobe_3.00-USD.pdf")
    await archive.look()
    document = await archive.find(task)
    assert document.state is DocumentState.FILED
    assert archive.files() == with_companions("2024/Groceries/2024-01-15_Adobe_3.00-USD.pdf")


@pytest.mark.parametrize(("state", "old", "new", "problem"), [
    (DocumentState.FILED, f"{HOME}/{NAME}", f"2024/Food/{NAME}", "not a category"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"{HOME}/invoice.pdf", "no longer says"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"{HOME}/{NAME}.txt", "ending is not .pdf"),
    (DocumentState.FILED, f"{HOME}/{NAME}", "somewhere/else.pdf", "not one of a category"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"{HOME}/2024-13-45_Adobe_52.99-USD.pdf", "not a day"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"_review/{NAME}", "counts as filed"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"_failed/{NAME}", "not failed"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"_duplicates/{NAME}", "of which document"),
    (DocumentState.REVIEW, "_review/scan.pdf", "_review/2024-01-15 Adobe.pdf", "not a full one"),
    (DocumentState.REVIEW, "_review/scan.pdf", "elsewhere/scan.pdf", "not one of a category"),
    (DocumentState.FAILED, "_failed/scan.pdf", f"{HOME}/{NAME}", "could not be read"),
])  # fmt: skip
async def test_a_move_that_makes_no_sense_changes_nothing_and_is_named_until_it_is_mended(
    archive: Archive, state: DocumentState, old: str, new: str, problem: str
) -> None:
    task = await archive.put(old, state)
    before = await archive.find(task)
    archive.move(old, new)
    await archive.look(2)
    document = await archive.find(task)
    assert (document.state, document.place.path, document.result) == (state, new, before.result)
    remark = await archive.remark()
    assert remark["file"] == new
    assert problem in remark["problem"]
    assert remark["hint"]
    assert problem != "not a full one" or remark["hint"] == f"A full name looks like {NAME}"
    archive.move(new, old)
    await archive.look()
    document = await archive.find(task)
    assert (document.state, document.place.path, document.result) == (state, old, before.result)
    assert await archive.remarks() == []
    assert archive.files() == with_companions(old, note=state is not DocumentState.FILED)


@pytest.mark.parametrize(("state", "old", "new"), [
    (DocumentState.REVIEW, "_review/scan.pdf", f"_review/{NAME}"),
    (DocumentState.REVIEW, "_review/scan.pdf", f"{HOME}/{NAME}"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"2024/Groceries/{NAME}"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"{HOME}/2024-01-15_Larkspur_9-EUR.pdf"),
    (DocumentState.FILED, f"{HOME}/{NAME}", f"_discarded/{NAME}"),
    (DocumentState.REVIEW, "_review/scan.pdf", "_discarded/scan.pdf"),
])  # fmt: skip
async def test_what_a_move_did_can_be_undone_and_done_again(
    archive: Archive, state: DocumentState, old: str, new: str
) -> None:
    task = await archive.put(old, state)
    archive.move(old, new)
    await archive.look()
    moved = await archive.find(task)
    async with aiohttp.ClientSession(archive.site.url) as http:
        await post(http, "/api/undo", json={"document_id": moved.id})
        document = await archive.find(task)
        assert (document.state, document.place.path) == (state, old)
        await archive.look(2)
        assert await archive.find(task) == document
        last = (await get(http, "/api/journal"))["entries"][0]["number"]
        await post(http, "/api/undo", json={"entry": last})
    again = await archive.find(task)
    assert (again.state, again.place.path, again.result) == (moved.state, moved.place.path, moved.result)


async def test_a_plain_name_in_review_is_followed_in_silence(archive: Archive) -> None:
    task = await archive.put("_review/scan.pdf", DocumentState.REVIEW)
    archive.move("_review/scan.pdf", "_review/from aunt Ada.pdf")
    await archive.look()
    assert (await archive.find(task)).place.path == "_review/from aunt Ada.pdf"
    assert archive.files() == with_companions("_review/from aunt Ada.pdf", note=True)
    assert await archive.remarks() == []


async def test_a_folder_renamed_as_a_whole_is_named_once_or_corrects_each(archive: Archive) -> None:
    tasks = [
        await archive.put(f"{HOME}/2024-01-15_Adobe_52.99-USD_{number}.pdf", DocumentState.FILED)
        for number in range(2, 7)
    ]
    await archive.look()
    (archive.root / HOME).rename(archive.root / "2024/Food")
    await archive.look()
    assert {(await archive.find(task)).place.path.rpartition("/")[0] for task in tasks} == {"2024/Food"}
    remark = await archive.remark()
    assert (remark["file"], remark["count"]) == ("2024/Food/", 5)
    (archive.root / "2024/Food").rename(archive.root / "2024/Groceries")
    await archive.look(2)
    for task in tasks:
        document = await archive.find(task)
        assert document.result is not None
        assert document.result.category == "Groceries"
    assert await archive.remarks() == []
    assert len(archive.files()) == 10


async def test_a_filed_document_that_is_deleted_is_gone_and_comes_back_wherever_it_turns_up(
    archive: Archive, tmp_path: Path
) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    await archive.look()
    (archive.root / HOME / NAME).rename(tmp_path / "away")
    await archive.site.pipeline.recover()
    assert (await archive.site.document(task)).state is DocumentState.FILED
    await archive.look()
    assert (await archive.site.document(task)).state is DocumentState.GONE
    (archive.root / "2024/Groceries").mkdir()
    (tmp_path / "away").rename(archive.root / "2024/Groceries" / NAME)
    await archive.look()
    document = await archive.find(task)
    assert (document.state, document.place.path) == (DocumentState.FILED, f"2024/Groceries/{NAME}")
    assert document.result is not None
    assert document.result.category == "Groceries"


async def test_other_bytes_at_a_filed_path_are_named_and_correct_nothing(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    before = await archive.find(task)
    path = archive.root / HOME / NAME
    await archive.look()
    kept, was = path.read_bytes(), path.stat()
    (path.parent / "new~").write_bytes(b"edited")
    (path.parent / "new~").rename(path)
    await archive.look(3)
    remark = await archive.remark()
    assert remark["file"] == f"{HOME}/{NAME}"
    assert before.id in remark["problem"]
    assert await archive.find(task) == before
    assert path.read_bytes() == b"edited"
    (path.parent / "old~").write_bytes(kept)
    os.utime(path.parent / "old~", ns=(was.st_atime_ns, was.st_mtime_ns))
    (path.parent / "old~").rename(path)
    await archive.look()
    assert await archive.remarks() == []


async def test_an_editor_that_writes_the_same_bytes_again_changes_nothing(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    before, path = await archive.find(task), archive.root / HOME / NAME
    await archive.look()
    (path.parent / ".new").write_bytes(path.read_bytes())
    (path.parent / ".new").rename(path)
    await archive.look(2)
    assert await archive.find(task) == before
    assert await archive.remarks() == []


async def test_a_copy_is_no_move_until_its_original_is_deleted(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    await archive.look()
    (archive.root / "2024/Groceries").mkdir()
    shutil.copy2(archive.root / HOME / NAME, archive.root / "2024/Groceries" / NAME)
    await archive.look(2)
    assert (await archive.find(task)).place.path == f"{HOME}/{NAME}"
    remark = await archive.remark()
    assert (remark["file"], "is a copy of" in remark["problem"]) == (f"2024/Groceries/{NAME}", True)
    (archive.root / HOME / NAME).unlink()
    await archive.look()
    assert (await archive.find(task)).place.path == f"2024/Groceries/{NAME}"
    assert await archive.remarks() == []


async def test_another_name_of_the_same_file_is_no_copy(archive: Archive) -> None:
    """As on a disk that does not tell capitals from small letters; a second link stands for it here."""
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    (archive.root / HOME / NAME.upper()).hardlink_to(archive.root / HOME / NAME)
    await archive.look(2)
    assert (await archive.find(task)).place.path == f"{HOME}/{NAME}"
    assert await archive.remarks() == []


async def test_a_sidecar_moved_alone_and_files_of_others_change_nothing(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    before = await archive.find(task)
    (archive.root / f"{HOME}/{NAME}.json").rename(archive.root / "2024/away.json")
    (archive.root / "2024/tax return.pdf").write_bytes(b"mine")
    (archive.root / HOME / "notes.txt").write_bytes(b"x" * before.size)
    await archive.look(2)
    assert await archive.site.document(task) == before
    assert await archive.remarks() == []


async def test_nothing_is_gone_and_nothing_moves_while_the_archive_is_away(archive: Archive) -> None:
    filed = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    await archive.look()
    archive.root.rename(archive.root.with_name("unmounted"))
    archive.root.mkdir()
    await archive.look(3)
    assert (await archive.site.document(filed)).state is DocumentState.FILED
    archive.root.rmdir()
    archive.root.with_name("unmounted").rename(archive.root)
    await archive.look(3)
    assert (await archive.find(filed)).state is DocumentState.FILED


async def test_a_move_that_a_crash_interrupted_is_understood_afterwards(tmp_path: Path) -> None:
    async with run_site(tmp_path) as site:
        archive = Archive(site)
        task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
        archive.move(f"{HOME}/{NAME}", f"2024/Groceries/{NAME}")
    async with run_site(tmp_path) as site:
        archive = Archive(site)
        await archive.look()
        document = await archive.find(task)
        assert document.result is not None
        assert document.result.category == "Groceries"


async def test_what_changes_at_the_same_time_is_told_apart_by_bytes(archive: Archive) -> None:
    first = await archive.put("_review/a.pdf", DocumentState.REVIEW, content=b"one")
    second = await archive.put("_review/b.pdf", DocumentState.REVIEW, content=b"second")
    await archive.look()
    (archive.root / "_review/a.pdf").unlink()
    archive.move("_review/b.pdf", "_review/a.pdf")
    await archive.look(2)
    assert (await archive.site.document(first)).state is DocumentState.GONE
    document = await archive.site.document(second)
    assert (document.state, document.place.path) == (DocumentState.REVIEW, "_review/a.pdf")


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Have what is done with files done by another user if the tests run as root, since no mode keeps root out."""
    yield
    os.seteuid(os.getuid())


def hand_over(root: Path) -> None:
    """Give another user all below a folder, and let them pass through those it is in."""
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, -1)
    for path in root.parents:
        path.chmod(path.stat().st_mode | 0o011)


async def test_a_folder_that_cannot_be_looked_into_hinders_no_other(archive: Archive, as_nobody: None) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    hidden = await archive.put("2024/Other/secret.pdf", DocumentState.FILED)
    (archive.root / HOME / NAME).unlink()
    (archive.root / "2024/Other").chmod(0)
    if os.getuid() == 0:
        hand_over(archive.site.settings.archive.path.parent)
        os.seteuid(NOBODY)
    await archive.look(2)
    assert (await archive.site.document(task)).state is DocumentState.GONE
    assert (await archive.site.document(hidden)).state is DocumentState.FILED


async def test_documents_on_a_disk_that_is_not_mounted_are_not_gone_until_its_folder_is(archive: Archive) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    (archive.root / NOTED).parent.mkdir(exist_ok=True)
    note_mount(archive.root, "2024")
    shutil.rmtree(archive.root / "2024")
    (archive.root / "2024").mkdir()
    await archive.look(3)
    assert (await archive.site.document(task)).state is DocumentState.FILED
    remark = await archive.remark()
    assert (remark["file"], remark["problem"]) == ("2024", NOT_MOUNTED.sentence)
    (archive.root / "copy.pdf").write_bytes(f"{HOME}/{NAME}".encode())
    await archive.look(2)
    assert (await archive.site.document(task)).place.path == f"{HOME}/{NAME}"
    (archive.root / "copy.pdf").unlink()
    odd = await archive.put("_review/odd.pdf", DocumentState.REVIEW)
    archive.move("_review/odd.pdf", "_review/2024-02-01_Adobe_3.00-USD.pdf")
    await archive.site.pipeline.recover()
    (filing,) = await list_unfinished(archive.site.ledger)
    await archive.site.pipeline.run_step(Step.PROCESS, filing.id, filing.attempt)
    assert list((archive.root / "2024").iterdir()) == []
    assert (await archive.site.document(odd)).state is DocumentState.REVIEW
    (archive.root / "2024").rmdir()
    for _ in range(3):
        await archive.site.pipeline.recover()
    assert (await archive.site.document(task)).state is DocumentState.GONE


async def test_many_files_of_ones_own_delay_no_other_work_and_a_document_among_them_is_found(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await archive.put(f"{HOME}/{NAME}", DocumentState.FILED)
    size = (archive.root / HOME / NAME).stat().st_size
    (archive.root / "of mine").mkdir()
    for number in range(12):
        (archive.root / f"of mine/{number}.pdf").write_bytes(b"%d" % number + b" " * (size + number % 2))
    archive.move(f"{HOME}/{NAME}", "of mine/99.pdf")
    monkeypatch.setattr(look_around, "LONGEST_LOOK_S", 0.002)
    looks = 0
    while (await archive.site.document(task)).place.path != "of mine/99.pdf":
        looks += 1
        assert looks < 60
        await archive.site.pipeline.recover()
    assert looks > 1
    for path in (archive.root / "of mine").iterdir():
        os.utime(path, ns=(WRITTEN_NS, WRITTEN_NS))
    monkeypatch.setattr(find_moved, "GROWING_S", 0.0)
    monkeypatch.setattr(look_around, "LONGEST_LOOK_S", 10.0)
    await archive.look(2)
    assert archive.site.pipeline.context.memory.unknown == {}


async def test_a_document_that_is_moved_before_a_filing_is_carried_out_is_followed_as_it_was(archive: Archive) -> None:
    task = await archive.put("_review/odd.pdf", DocumentState.REVIEW)
    before = await archive.find(task)
    said = Said(vendor="Someone", amount=Decimal(3), date=date(2024, 2, 1), currency="EUR", category="Other")
    await file_reviewed(archive.site.pipeline.context, before.id, said, None)
    archive.move("_review/odd.pdf", "_review/later.pdf")
    (filing,) = await list_unfinished(archive.site.ledger)
    await archive.site.pipeline.run_step(Step.PROCESS, filing.id, filing.attempt)
    await archive.look(2)
    after = await archive.find(task)
    assert (after.place.path, after.state) == ("_review/later.pdf", DocumentState.REVIEW)
    assert (after.outcome, after.result, after.corrections) == (before.outcome, before.result, before.corrections)
