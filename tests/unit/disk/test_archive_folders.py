"""Which folders of the archive are listed, and when."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from expensed.disk import archive_folders, listed_folders
from expensed.disk.archive_folders import ROUND_S, ArchiveFolders, list_folder


@pytest.fixture(autouse=True)
def exact_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed_folders, "FRESH_S", 0.0)


class Clock:
    """A monotonic clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def list_due(folders: ArchiveFolders, archive: Path, *, everywhere: bool = False, took_s: float = 0.0) -> list[str]:
    """List what is due and what is found new in it; return the paths in order."""
    todo, done = list(folders.find_due(archive, 15.0, everywhere=everywhere)), []
    while todo:
        path = todo.pop()
        listing = list_folder(archive, path)
        if listing is None:
            folders.remove(path)
        else:
            todo += folders.keep(path, listing, took_s)
            done.append(path)
    return sorted(done)


def test_each_folder_is_listed_once_and_again_when_it_has_changed(tmp_path: Path, clock: Clock) -> None:
    for path in ("2023/Other", "2024/Groceries", "2024/Other", ".hidden/a"):
        (tmp_path / path).mkdir(parents=True)
    folders = ArchiveFolders()
    assert list_due(folders, tmp_path) == ["", "2023", "2023/Other", "2024", "2024/Groceries", "2024/Other"]
    assert list_due(folders, tmp_path) == []
    (tmp_path / "2024/Other/a.pdf").touch()
    assert list_due(folders, tmp_path) == ["2024/Other"]
    (tmp_path / "2024/Other").rename(tmp_path / "2023/Moved")
    assert list_due(folders, tmp_path) == ["2023", "2023/Moved", "2024"]
    assert sorted(folders.known) == ["", "2023", "2023/Moved", "2023/Other", "2024", "2024/Groceries"]
    clock.now += ROUND_S
    assert len(list_due(folders, tmp_path)) == 6


def test_a_folder_that_takes_long_is_left_alone_for_a_while(tmp_path: Path, clock: Clock) -> None:
    folders = ArchiveFolders()
    list_due(folders, tmp_path, took_s=0.5)
    (tmp_path / "a.pdf").touch()
    clock.now += 90
    assert list_due(folders, tmp_path) == []
    clock.now += 10
    assert list_due(folders, tmp_path) == [""]


def test_of_very_many_folders_a_portion_is_looked_at_and_all_within_an_hour(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_folders, "FEWEST_LOOKS", 2)
    for number in range(999):
        (tmp_path / f"{number}").mkdir()
    folders, looks = ArchiveFolders(), 0
    list_due(folders, tmp_path)
    for number in range(999):
        (tmp_path / f"{number}" / "a.pdf").touch()
    found: set[str] = set()
    while len(found) < 999:
        found |= set(list_due(folders, tmp_path))
        looks += 1
        clock.now += 15
    assert 180 < looks <= 240
    (tmp_path / "7/b.pdf").touch()
    assert list_due(folders, tmp_path, everywhere=True) == ["7"]


def test_links_are_not_followed_and_what_is_not_there_is_no_listing(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    (tmp_path / ".b.pdf").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    listing = list_folder(tmp_path, "")
    assert listing is not None
    assert set(listing.files) == {"a.pdf"}
    assert listing.folders == []
    assert list_folder(tmp_path, "nowhere") is None
    assert list_folder(tmp_path, "a.pdf") is None
