"""File systems that lack modes, RENAME_NOREPLACE or hard links, played by what the C library answers."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

import pytest

from expensed.disk import files
from expensed.disk.files import copy_file, free_reserved, sync_folder, take_name, write_companion
from expensed.disk.trial import try_filing


class PoorLibrary:
    """A C library whose renameat2 is refused."""

    def renameat2(self, *arguments: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1


@pytest.fixture(params=[errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def poor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that can do none of it."""

    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(files, "_libc", PoorLibrary())
    for name in ("link", "fchmod", "chmod"):
        monkeypatch.setattr(os, name, refuse)


@pytest.mark.usefixtures("poor")
def test_a_name_is_taken_and_never_overwritten(tmp_path: Path) -> None:
    write_companion(tmp_path / "a", "first", tmp_path / ".tmp", 0o640)
    with pytest.raises(FileExistsError):
        write_companion(tmp_path / "a", "second", tmp_path / ".tmp", 0o640)
    assert (tmp_path / "a").read_text() == "first"


@pytest.mark.usefixtures("poor")
def test_a_copy_is_made_and_a_trial_goes_well(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")
    copy_file(tmp_path / "a", tmp_path / "b", 0o640)
    assert (tmp_path / "b").read_text() == "text"
    try_filing(tmp_path, 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.usefixtures("poor")
def test_a_name_taken_half_before_a_crash_is_freed_and_anybody_elses_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, target = tmp_path / ".id.tmp", tmp_path / "a"
    temporary.write_text("text")

    def crash(*arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as crashing:
        crashing.setattr(Path, "replace", crash)
        with pytest.raises(SystemExit):
            take_name(temporary, target)
    free_reserved(tmp_path / ".other.tmp", target)
    assert target.exists()
    free_reserved(temporary, target)
    assert not target.exists()
    target.write_bytes(b"")
    before = temporary.stat().st_mtime_ns - 1
    os.utime(target, ns=(before, before))
    free_reserved(temporary, target)
    assert target.exists(), "an empty file that was there before"


@pytest.mark.usefixtures("poor")
def test_a_name_taken_before_the_first_byte_of_its_reservation_is_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, target = tmp_path / ".id.tmp", tmp_path / "a"
    temporary.write_text("text")

    def crash(descriptor: int, *_: object) -> None:
        os.close(descriptor)
        raise SystemExit

    with monkeypatch.context() as crashing:
        crashing.setattr(os, "fdopen", crash)
        with pytest.raises(SystemExit):
            take_name(temporary, target)
    assert target.stat().st_size == 0
    free_reserved(tmp_path / ".other.tmp", target)
    assert target.exists()
    free_reserved(temporary, target)
    assert not target.exists()


@pytest.mark.usefixtures("poor")
def test_a_file_system_that_overwrites_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def forget_exclusive(path: str, flags: int, *rest: int, **named: int) -> int:
        return real(path, flags & ~os.O_EXCL, *rest, **named)

    monkeypatch.setattr(os, "open", forget_exclusive)
    with pytest.raises(OSError, match="overwrites"):
        try_filing(tmp_path, 0o640)
    monkeypatch.undo()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_synced_is_told_from_one_whose_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        def fsync(descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", fsync)

    fail(errno.EINVAL)
    sync_folder(tmp_path)
    fail(errno.EIO)
    with pytest.raises(OSError, match="Input/output"):
        sync_folder(tmp_path)
