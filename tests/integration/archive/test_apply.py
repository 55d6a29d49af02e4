"""Carrying out a filing on a real disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.e2e.house import sha256

from expensed.archive.apply import NameTaken, Order, SourceChanged, SourceMissing, apply_filing
from expensed.archive.sidecar import Sidecar, Times, belongs_to, read_owner, render_sidecar
from expensed.disk.files import Modes, take_name, write_companion
from expensed.errors import ArchiveFull
from expensed.model.admission import Stamp
from expensed.model.states import Outcome

CONTENT = b"the bytes of a receipt"


def make_order(tmp_path: Path, path: str = "2024/Other/scan.pdf", content: bytes = CONTENT) -> Order:
    (tmp_path / "archive").mkdir(exist_ok=True)
    source = tmp_path / "claim.pdf"
    source.write_bytes(content)
    os.utime(source, ns=(10**18, 10**18))
    digest = sha256(content)
    sidecar = render_sidecar(make_sidecar(path, digest))
    return Order("id_1", tmp_path / "archive", path, source, digest, sidecar, "why\n", Modes())


def make_sidecar(path: str, digest: str) -> Sidecar:
    return Sidecar(
        id="id_1", sha256=digest, kind=Outcome.FILED, path=path, source_name="scan.pdf",
        source_name_hex=b"scan.pdf".hex(), size=len(CONTENT), media_type="application/pdf", engine=None,
        times=Times("2024-01-15T12:00:00.000000Z", 10**18, "2024-01-15T12:00:01.000000Z"), duplicate_of=None,
        error=None, result=None, corrections=None, text=None,
    )  # fmt: skip


def test_a_document_is_copied_with_its_time_its_companions_and_modest_rights(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    apply_filing(order)
    status = order.destination.stat()
    assert order.destination.read_bytes() == CONTENT
    assert order.source.exists(), "the source is let go of only after the ledger knows"
    assert (status.st_mode & 0o7777, status.st_mtime_ns) == (0o640, 10**18)
    assert order.destination.parent.stat().st_mode & 0o7777 == 0o2750
    assert belongs_to(read_owner(order.destination), "id_1", order.sha256)
    assert sorted(path.name for path in order.destination.parent.iterdir()) == [
        "scan.pdf",
        "scan.pdf.json",
        "scan.pdf.why.txt",
    ]


def test_doing_it_again_changes_nothing(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    apply_filing(order)
    before = Stamp.of(order.destination.stat())
    order.source.unlink()
    assert apply_filing(order) is None
    assert Stamp.of(order.destination.stat()) == before


def test_after_a_crash_before_the_sidecar_only_the_sidecar_is_made(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    apply_filing(order)
    (order.destination.parent / "scan.pdf.json").unlink()
    order.temporary.write_bytes(b"half")
    apply_filing(order)
    assert belongs_to(read_owner(order.destination), "id_1", order.sha256)
    assert not order.temporary.exists()


@pytest.mark.parametrize("taken", ["scan.pdf", "scan.pdf.json", "scan.pdf.why.txt"])
def test_what_lies_there_is_never_overwritten(tmp_path: Path, taken: str) -> None:
    order = make_order(tmp_path)
    order.destination.parent.mkdir(parents=True)
    (order.destination.parent / taken).write_bytes(b"somebody's")
    with pytest.raises(NameTaken):
        apply_filing(order)
    assert [path.name for path in order.destination.parent.iterdir()] == [taken]
    assert (order.destination.parent / taken).read_bytes() == b"somebody's"


def test_the_same_bytes_of_another_document_are_not_taken_for_ours(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    apply_filing(order)
    other = Order("id_2", order.archive, order.path, order.source, order.sha256, order.sidecar, None, Modes())
    with pytest.raises(NameTaken):
        apply_filing(other)


def test_a_link_at_the_destination_is_not_followed(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    order.destination.parent.mkdir(parents=True)
    order.destination.symlink_to(order.source)
    with pytest.raises(NameTaken):
        apply_filing(order)


def test_changed_bytes_are_noticed_and_leave_nothing_behind(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    order.source.write_bytes(b"other")
    with pytest.raises(SourceChanged):
        apply_filing(order)
    assert list(order.destination.parent.iterdir()) == []


def test_a_missing_source_is_told_from_a_missing_archive(tmp_path: Path) -> None:
    order = make_order(tmp_path)
    order.source.unlink()
    with pytest.raises(SourceMissing):
        apply_filing(order)
    unmounted = make_order(tmp_path)
    os.rename(order.archive, tmp_path / "elsewhere")
    with pytest.raises(ArchiveFull, match="No such file"):
        apply_filing(unmounted)
    assert not order.archive.exists(), "an archive that is not mounted is not made anew"


def test_take_name_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    with pytest.raises(FileExistsError):
        take_name(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "old"
    with pytest.raises(FileExistsError):
        write_companion(tmp_path / "old", "text", tmp_path / ".tmp", 0o640)


def test_a_foreign_json_is_no_sidecar(tmp_path: Path) -> None:
    document = tmp_path / "scan.pdf"
    for text in ("not json", "[]", '{"id": "id_1"}', "[" * 100_000):
        (tmp_path / "scan.pdf.json").write_text(text)
        assert read_owner(document) is None
