"""Try out in a folder what admitting and filing do there, and leave nothing. Blocking code, for a worker thread."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from expensed.disk.files import copy_file, replace_companion, sync_folder, take_name, write_companion
from expensed.disk.marked_folder import HIDDEN

TRIAL = ".expensed-trial-"
"""How the names of the files made for a trial begin."""
_TEXT = "A test file of expensed; it may be deleted.\n"


def try_filing(folder: Path, mode: int) -> None:
    """Write, copy, set mode and times, take a name without overwriting, replace, sync, remove; OSError if one fails."""
    stem = f"{TRIAL}{secrets.token_hex(4)}"
    first, second, temporary = (folder / f"{stem}{end}" for end in (".1", ".2", ".tmp"))
    try:
        write_companion(first, _TEXT, temporary, mode)
        copy_file(first, temporary, mode)
        take_name(temporary, second)
        _check_is_kept(second, temporary, mode)
        replace_companion(second, _TEXT, temporary, mode)
        second.unlink()
        first.unlink()
        sync_folder(folder)
    finally:
        _remove(first, second, temporary)


def _check_is_kept(target: Path, temporary: Path, mode: int) -> None:
    try:
        write_companion(target, _TEXT, temporary, mode)
    except FileExistsError:
        temporary.unlink(missing_ok=True)
        return
    raise OSError(errno.ENOTSUP, "it overwrites a name that is taken", os.fspath(target))


def try_claiming(inbox: Path) -> None:
    """Write a file, rename it into the folder of claims and remove it; OSError if one of these fails."""
    name = f"{TRIAL}{secrets.token_hex(4)}"
    dropped, claims = inbox / f"{name}.1", inbox / HIDDEN
    claimed = claims / f"{name}.2"
    try:
        with dropped.open("x", encoding="utf-8") as file:
            file.write(_TEXT)
            file.flush()
            os.fsync(file.fileno())
        dropped.rename(claimed)
        sync_folder(claims)
        claimed.unlink()
        sync_folder(claims)
    finally:
        _remove(dropped, claimed)


def _remove(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
