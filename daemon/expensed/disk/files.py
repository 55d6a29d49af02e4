"""Copy, hash and name files so that nothing is overwritten and everything is on the disk.

Every function is blocking code for a worker thread.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
from pathlib import Path

from expensed.model.admission import Stamp

FILE_MODE = 0o640
FOLDER_MODE = 0o2750
_CHUNK = 1 << 20
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)


def open_regular(path: Path) -> int:
    """Open a regular file for reading and return its descriptor, without following links or waiting at a FIFO."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not os.path.isfile(f"/proc/self/fd/{descriptor}"):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
    return descriptor


def hash_file(path: Path) -> tuple[str, Stamp]:
    """Return the sha256 of a file in hex and its stamp from before the first byte was read."""
    with os.fdopen(open_regular(path), "rb", buffering=0) as file:
        stamp = Stamp.of(os.fstat(file.fileno()))
        return hashlib.file_digest(file, "sha256").hexdigest(), stamp


def has_bytes(path: Path, sha256: str) -> bool:
    """Whether a regular file with this sha256 lies at `path`."""
    try:
        return hash_file(path)[0] == sha256
    except OSError:
        return False


def copy_file(source: Path, target: Path) -> tuple[str, Stamp]:
    """Copy durably to a new file, with its mtime; return the sha256 of what was copied and the source's stamp."""
    digest = hashlib.sha256()
    with os.fdopen(open_regular(source), "rb", buffering=0) as reading:
        status = os.fstat(reading.fileno())
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        with os.fdopen(descriptor, "wb", buffering=0) as writing:
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
                view = memoryview(chunk)
                while view:
                    view = view[writing.write(view) :]
            os.fchmod(writing.fileno(), FILE_MODE)
            os.utime(writing.fileno(), ns=(status.st_mtime_ns, status.st_mtime_ns))
            os.fsync(writing.fileno())
    return digest.hexdigest(), Stamp.of(status)


def take_name(temporary: Path, target: Path) -> None:
    """Give a finished temporary file its name; FileExistsError, with nothing changed, if the name is taken."""
    result = _libc.renameat2(
        _AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(target), ctypes.c_uint(_RENAME_NOREPLACE)
    )
    if result == 0:
        return
    number = ctypes.get_errno()
    if number not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        raise OSError(number, os.strerror(number), os.fspath(target))
    os.link(temporary, target)  # no RENAME_NOREPLACE on this file system; link never overwrites either
    temporary.unlink()


def write_companion(path: Path, text: str, temporary: Path) -> None:
    """Write a small text file atomically and durably under its name; FileExistsError if the name is taken."""
    _write_text(temporary, text)
    take_name(temporary, path)


def replace_companion(path: Path, text: str, temporary: Path) -> None:
    """Replace a small text file durably; at any moment either the old or the new one is there, whole."""
    _write_text(temporary, text)
    temporary.replace(path)


def _write_text(temporary: Path, text: str) -> None:
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fchmod(file.fileno(), FILE_MODE)
        os.fsync(file.fileno())


def make_folders(root: Path, relative: str) -> Path:
    """Make the missing folders below `root`, which itself must exist, so that an unmounted disk is not filled."""
    folder = root
    os.stat(root)
    for part in Path(relative).parts:
        parent, folder = folder, folder / part
        try:
            folder.mkdir(mode=FOLDER_MODE & 0o777)
        except FileExistsError:
            continue
        folder.chmod(FOLDER_MODE)
        sync_folder(parent)
    return folder


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
