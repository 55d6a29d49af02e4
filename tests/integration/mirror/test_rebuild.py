"""A ledger made from sidecars and records as they may be found: old, doubled, torn, foreign."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from expensed.archive.high_water import ArchiveIsNewer, raise_high_water, read_high_water
from expensed.archive.records import RECORDS, GoneRecord, append_records, read_records
from expensed.archive.sidecar import Sidecar, Times, render_sidecar, sidecar_path
from expensed.event_bus import Bus
from expensed.ledger.documents import find_document
from expensed.ledger.lessons import find_lesson, list_lessons
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.mirror.rebuild import rebuild_ledger
from expensed.model.expense import Corrections, Evidence, Expense, Said
from expensed.model.lesson import Lesson, Traits
from expensed.model.reach import Reach
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root

READ = Evidence(value="Nordlicht", confidence=1, read_as="NORDLICHT CAFE")


def sidecar(name: str, admitted: str, **changes: Any) -> Sidecar:
    """Return the sidecar of a filed document."""
    return replace(
        Sidecar(
            id=name, sha256="00", kind=Outcome.FILED, path=f"2024/{name}", source_name=name,
            source_name_hex=name.encode().hex(), size=1, media_type="application/pdf", engine="none",
            times=Times(admitted, 1, admitted), duplicate_of=None, error=None,
            result=Expense(vendor="Nordlicht", amount=Decimal("7.50"), confidence=90, fields={"vendor": READ}),
            corrections=None, text="text",
        ),
        **changes,
    )  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with a hidden folder."""
    (tmp_path / "archive/.expensed").mkdir(parents=True)
    return tmp_path / "archive"


def put(archive: Path, told: Sidecar, path: str = "", *, without: tuple[str, ...] = ()) -> None:
    """Put a document and its sidecar into the archive, the latter without some of its members."""
    place = archive / (path or told.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"a document")
    content = {name: value for name, value in json.loads(render_sidecar(told)).items() if name not in without}
    sidecar_path(place).write_text(json.dumps(content))


async def rebuild(archive: Path) -> tuple[Ledger, list[str]]:
    """Return an open ledger made from the archive, and the remarks."""
    file = archive.parent / "ledger.sqlite3"
    rebuilt = await rebuild_ledger(archive, file, "ours", lambda done: None)
    ledger = Ledger(file, Bus())
    await ledger.open_read_only()
    return ledger, list(rebuilt.remarks)


async def find(ledger: Ledger, name: str) -> Document:
    document = await find_document(ledger, name)
    assert document is not None
    return document


async def test_sidecars_of_the_first_version_are_numbered_by_admission_and_teach_what_was_corrected(archive) -> None:
    old = ("number", "origin", "cut_off", "turns", "lessons", "note_sha256")
    corrections = Corrections(said=Said(vendor="Nordlicht"), original=Said(vendor="NORDLICHT CAFE"), at="2024-05-02")
    put(archive, sidecar("b.pdf", "2024-02-02", corrections=corrections), without=old)
    put(archive, sidecar("a.pdf", "2024-03-03"), without=old)
    ledger, remarks = await rebuild(archive)
    assert remarks == []
    assert [(await find(ledger, name)).number for name in ("b.pdf", "a.pdf")] == [1, 2]
    (lesson,) = await list_lessons(ledger, ["start:nord"])
    assert (lesson.number, lesson.document, lesson.vendor, lesson.at) == (1, "b.pdf", "Nordlicht", "2024-05-02")
    assert lesson.identifiers == ("read:nordlichtcafe",)
    await ledger.close()


async def test_what_was_taught_is_told_by_sidecars_of_any_version(archive) -> None:
    now = Lesson(
        number=3, document="c.pdf", identifiers=("read:cafe", "number:123456789"), vendor="Cafe", category="Other",
        day_first=True, was_right=True, at="2024-05-02", forgotten_at="2024-05-03",
    )  # fmt: skip
    traits = Traits(identifiers=("number:123456789",), day_first=True, sure_if_ordered=0.99)
    put(archive, sidecar("c.pdf", "2024-03-03", number=3, lessons=(now,), traits=traits))
    put(archive, sidecar("d.pdf", "2024-03-04", number=4, lessons=()))
    path = archive / "2024/d.pdf.json"
    told = json.loads(path.read_text())
    headings = [("nordlichtcafe", "Nordlicht", None, "2024-02-01"), ("shown", "North", "Travel", "2024-02-02")]
    told["lessons"] = [dict(zip(("heading", "vendor", "category", "at"), each, strict=True)) for each in headings]
    path.write_text(json.dumps(told))
    ledger, remarks = await rebuild(archive)
    assert remarks == []
    assert await find_lesson(ledger, 3) == now
    assert (await find(ledger, "c.pdf")).traits == traits
    assert await list_lessons(ledger, ["number:123456789"]) == [], "it is forgotten"
    old = await find_lesson(ledger, 4)
    assert old == Lesson(
        number=4, document="d.pdf", identifiers=("read:nordlichtcafe", "read:shown"), vendor="North",
        category="Travel", at="2024-02-02",
    )  # fmt: skip
    assert await list_lessons(ledger, ["start:show"]) == [old]
    await ledger.close()


async def test_values_that_only_the_first_version_wrote_are_dropped_or_converted(archive) -> None:
    put(archive, sidecar("a.pdf", "2024-02-02", corrections=Corrections(said=Said(vendor="X"), original=Said())))
    path = archive / "2024/a.pdf.json"
    told = json.loads(path.read_text())
    told["corrections"]["original"] = {"vendor": 7, "amount": "12,50", "currency": "EUR"}
    told["result"]["fields"]["amount"] = {"value": "7.50", "confidence": 1, "read_as": 7.25}
    path.write_text(json.dumps(told))
    ledger, remarks = await rebuild(archive)
    assert remarks == []
    document = await find(ledger, "a.pdf")
    assert document.corrections == Corrections(said=Said(vendor="X"), original=Said(currency="EUR"))
    assert document.result is not None
    assert document.result.fields["amount"].read_as == "7.25"
    await ledger.close()


async def test_of_two_with_one_id_the_one_in_its_place_counts_and_the_unreadable_is_told(archive) -> None:
    put(archive, sidecar("a.pdf", "2024-02-02", number=5))
    put(archive, sidecar("a.pdf", "2024-02-02", number=5), "2023/copy.pdf")
    put(archive, sidecar("broken.pdf", "2024-02-02"))
    path = archive / "2024/broken.pdf.json"
    path.write_text(path.read_text().replace('"times": {', '"times": {"x": '))
    (archive / "2024/mine.json").write_text('{"a": 1}')
    path.write_text('{"expensed_schema": 1, "id": "broken.pdf", "sha256": "00"}')
    ledger, remarks = await rebuild(archive)
    document = await find(ledger, "a.pdf")
    assert (document.number, document.place.path) == (5, "2024/a.pdf")
    assert len(remarks) == 2
    assert "a.pdf lies twice: 2024/a.pdf counts, 2023/copy.pdf does not." in remarks
    assert any(remark.startswith("2024/broken.pdf.json cannot be understood") for remark in remarks)
    await ledger.close()


async def test_records_that_are_torn_or_of_a_later_version_are_passed_over(archive) -> None:
    place = ".expensed/g.pdf/bad\udcff.pdf"
    told = sidecar("g.pdf", "2024-02-02", origin=DocumentOrigin.UPLOAD)
    gone = GoneRecord(root=Root.INBOX, path_hex=place.encode(errors="surrogateescape").hex(), document=told)
    append_records(archive, [gone])
    with (archive / RECORDS).open("ab") as file:
        file.write(b'{"type": "alias", "from": "a", "to": "b"}\n{"type": "gone", "root": "in')
    later = replace(gone, document=replace(told, id="h.pdf"), root=Root.ARCHIVE, path_hex=b"_review/h.pdf".hex())
    append_records(archive, [later])
    assert [record.document.id for record in read_records(archive) if isinstance(record, GoneRecord)] == [
        "g.pdf", "h.pdf"
    ]  # fmt: skip
    ledger, _ = await rebuild(archive)
    document = await find(ledger, "g.pdf")
    assert (document.state, document.place.path, document.origin) == (
        DocumentState.GONE, place, DocumentOrigin.UPLOAD
    )  # fmt: skip
    (task,) = await ledger.all("SELECT state, error FROM tasks WHERE document = ?", document.number)
    assert task["state"] == "FAILURE"
    assert "was removed before it could be filed" in task["error"]
    assert (await find(ledger, "h.pdf")).state is DocumentState.GONE
    await ledger.close()


async def test_one_that_is_back_counts_as_its_sidecar_says(archive) -> None:
    told = sidecar("a.pdf", "2024-02-02", kind=Outcome.REVIEW, path="_review/a.pdf")
    append_records(archive, [GoneRecord(root=Root.ARCHIVE, path_hex=b"_review/a.pdf".hex(), document=told)])
    put(archive, told)
    ledger, _ = await rebuild(archive)
    assert (await find(ledger, "a.pdf")).state is DocumentState.REVIEW
    await ledger.close()


async def test_events_go_on_after_the_last_that_the_archive_knows(archive) -> None:
    raise_high_water(archive, "ours", lambda: Reach(7, 41))
    ledger, _ = await rebuild(archive)
    assert (ledger.id, ledger.reach, ledger.rebuilt_at is not None) == ("ours", Reach(7, 41), True)
    await ledger.close()


def test_the_mark_of_an_archive_only_rises_and_tells_an_older_ledger(archive: Path) -> None:
    raise_high_water(archive, "ours", lambda: Reach(7, 30))
    raise_high_water(archive, "ours", lambda: Reach(7, 31))
    for older in (Reach(7, 30), Reach(6, 99)):
        with pytest.raises(ArchiveIsNewer):
            raise_high_water(archive, "ours", partial(Reach, *older))
    assert read_high_water(archive, "ours") == Reach(7, 31)
    raise_high_water(archive, "another", lambda: Reach(1, 3))
    assert (read_high_water(archive, "ours"), read_high_water(archive, "another")) == (Reach(), Reach(1, 3))
    (archive / ".expensed/high-water").write_bytes(b"\0\0")
    assert read_high_water(archive, "another") == Reach()


def test_without_a_hidden_folder_nothing_is_written(tmp_path: Path) -> None:
    raise_high_water(tmp_path, "ours", lambda: Reach(7, 7))
    assert list(tmp_path.iterdir()) == []
