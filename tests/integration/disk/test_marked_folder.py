"""Folders known by their mark, on real folders; what a mount does is played by renaming them."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from expensed.boundaries import watch_boundaries
from expensed.disk.marked_folder import Mark, MarkedFolder, PlaceName, read_mark, write_mark
from expensed.disk.places import Places
from expensed.errors import PlaceAway
from expensed.model.place import Place
from expensed.model.states import Root


@pytest.fixture
def archive(tmp_path: Path) -> MarkedFolder:
    """A marked archive."""
    folder = MarkedFolder(tmp_path / "archive", PlaceName.ARCHIVE, "ours")
    folder.path.mkdir()
    write_mark(folder.path, Mark(place=PlaceName.ARCHIVE, ledger="ours"))
    return folder


def test_a_mark_is_one_line_that_people_can_read(archive: MarkedFolder) -> None:
    text = (archive.path / ".expensed/mark").read_text()
    assert json.loads(text) == {"expensed": 1, "place": "archive", "ledger": "ours"}
    assert text.endswith("}\n")
    assert (archive.path / ".expensed").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        (None, "bears no mark"),
        (Mark(place=PlaceName.ARCHIVE, ledger="theirs"), "belongs to another ledger"),
        (Mark(place=PlaceName.INBOX, ledger="ours"), "belongs to another ledger"),
    ],
)
def test_a_folder_that_bears_no_mark_or_a_strange_one_is_away(
    archive: MarkedFolder, mark: Mark | None, sentence: str
) -> None:
    path = archive.path / ".expensed/mark"
    path.unlink()
    if mark is not None:
        write_mark(archive.path, Mark(place=PlaceName.ARCHIVE, ledger=mark.ledger))
        path.write_text(json.dumps({"place": mark.place, "ledger": mark.ledger}))
    with pytest.raises(PlaceAway, match=sentence), archive.opened():
        pass
    assert sentence in (archive.find_trouble() or "")


@pytest.mark.parametrize("content", ["", "x", "{}", '{"place": "cellar", "ledger": "ours"}'])
def test_a_broken_mark_is_none(archive: MarkedFolder, content: str) -> None:
    (archive.path / ".expensed/mark").write_text(content)
    assert read_mark(archive.path, PlaceName.ARCHIVE) is None


def test_a_link_in_place_of_the_mark_is_none(archive: MarkedFolder, tmp_path: Path) -> None:
    mark = archive.path / ".expensed/mark"
    mark.rename(tmp_path / "elsewhere")
    mark.symlink_to(tmp_path / "elsewhere")
    assert read_mark(archive.path, PlaceName.ARCHIVE) is None


def test_a_folder_that_is_exchanged_between_the_look_at_its_mark_and_the_write_does_not_get_the_write(
    archive: MarkedFolder, tmp_path: Path
) -> None:
    def exchange(name: str) -> None:
        assert name == "place.opened"
        archive.path.rename(tmp_path / "away")
        archive.path.mkdir()

    watch_boundaries(exchange)
    try:
        with archive.opened() as root:
            (root / "document").write_text("bytes")
    finally:
        watch_boundaries(None)
    assert not list(archive.path.iterdir())
    assert (tmp_path / "away/document").read_text() == "bytes"


def test_a_failed_marking_leaves_the_former_mark(archive: MarkedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        write_mark(archive.path, Mark(place=PlaceName.ARCHIVE, ledger="other"))
    monkeypatch.undo()
    assert read_mark(archive.path, PlaceName.ARCHIVE) == Mark(place=PlaceName.ARCHIVE, ledger="ours")
    assert [path.name for path in (archive.path / ".expensed").iterdir()] == ["mark"]


def test_a_claim_in_a_mount_below_the_inbox_is_looked_for_in_that_mount(tmp_path: Path) -> None:
    places = Places("ours", inbox=tmp_path, archive=tmp_path / "a", state=tmp_path / "s")
    inside, path = places.locate(Place(Root.INBOX, ".expensed/id/scan.pdf"))
    assert (inside.path, path) == (tmp_path, ".expensed/id/scan.pdf")
    below, path = places.locate(Place(Root.INBOX, "nas/scans/.expensed/id/scan.pdf"))
    assert (below.path, path) == (tmp_path / "nas/scans", ".expensed/id/scan.pdf")
    assert below.name is PlaceName.INBOX
