"""Disks below the archive: an empty folder in place of one is no deletion."""

from __future__ import annotations

from pathlib import Path

import pytest

from expensed.disk.archive_folders import list_folder
from expensed.disk.archive_mounts import NOTED, is_unmounted, list_unmounted, note_mount


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / NOTED).parent.mkdir()
    return tmp_path


@pytest.mark.skipif(not Path("/dev/shm").is_mount(), reason="no disk is mounted where it mostly is")
def test_a_folder_on_a_disk_of_its_own_is_told_from_others() -> None:
    mount, other = list_folder(Path("/dev"), "shm"), list_folder(Path("/dev"), "")
    assert mount is not None
    assert other is not None
    assert (mount.is_mount, other.is_mount) == (True, False)


def test_a_noted_folder_that_is_empty_and_on_no_disk_of_its_own_is_not_mounted(archive: Path) -> None:
    for folder in ("2023", "2023", "of mine/old"):
        (archive / folder).mkdir(parents=True, exist_ok=True)
        note_mount(archive, folder)
    assert list_unmounted(archive) == ["2023", "of mine/old"]
    assert is_unmounted(archive, "2023/Groceries/a.pdf")
    assert not is_unmounted(archive, "20234/a.pdf")
    (archive / "2023/a.pdf").touch()
    (archive / "of mine/old").rmdir()
    assert list_unmounted(archive) == []


def test_what_is_behind_a_link_that_leads_nowhere_is_not_gone(archive: Path) -> None:
    (archive / "2023").symlink_to(archive / "nowhere")
    assert is_unmounted(archive, "2023/Groceries/a.pdf")


def test_a_note_that_was_cut_off_or_forged_is_passed_over(archive: Path) -> None:
    (archive / NOTED).write_bytes(b'"2023"\n"../elsewhere"\n"/etc"\n7\n"\xff"\n"20')
    (archive / "2023").mkdir()
    assert list_unmounted(archive) == ["2023"]
