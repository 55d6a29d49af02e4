"""Copy, hash and name files so that nothing is overwritten and everything is on the disk.

Every function is blocking code for a worker thread.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from expensed.model.admission import Stamp

PRIVATE_MODE = 0o600
LONGEST_RESERVATION = 255
_CHUNK = 1 << 20
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)

_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EMLINK})
"""What file systems answer that lack an operation: FAT, exFAT and many FUSE file systems have neither hard links nor
RENAME_NOREPLACE nor modes."""
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF})


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes of what is made in the archive, whatever the umask is."""

    file: int = 0o640
    folder: int = 0o2750


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


def is_file(path: Path) -> bool:
    """Whether a regular file lies at `path`; a link to one does not count. OSError if that cannot be told."""
    try:
        return S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def copy_file(source: Path, target: Path, mode: int) -> tuple[str, Stamp]:
    """Copy durably to a new file, with its mtime; return the sha256 of what was copied and the source's stamp."""
    digest = hashlib.sha256()
    with os.fdopen(open_regular(source), "rb", buffering=0) as reading:
        status = os.fstat(reading.fileno())
        with os.fdopen(_create(target, mode), "wb", buffering=0) as writing:
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
                view = memoryview(chunk)
                while view:
                    view = view[writing.write(view) :]
            _try(partial(os.fchmod, writing.fileno(), mode))
            _try(partial(os.utime, writing.fileno(), ns=(status.st_mtime_ns, status.st_mtime_ns)))
            os.fsync(writing.fileno())
    return digest.hexdigest(), Stamp.of(status)


def _create(path: Path, mode: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)


def _try(change: Callable[[], None]) -> None:
    """Make a change that the file system may lack the means for; it then does without."""
    try:
        change()
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


def take_name(temporary: Path, target: Path) -> None:
    """Give a finished temporary file its name; FileExistsError, with nothing changed, if the name is taken.

    By the best means that the file system has: RENAME_NOREPLACE, a hard link, or a file that is created under the name,
    which must not exist, and then replaced (see `free_reserved`).
    """
    result = _libc.renameat2(
        _AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(target), ctypes.c_uint(_RENAME_NOREPLACE)
    )
    if result == 0:
        return
    number = ctypes.get_errno()
    if number not in _UNSUPPORTED:
        raise OSError(number, os.strerror(number), os.fspath(target))
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        with os.fdopen(_create(target, PRIVATE_MODE), "wb") as reservation:
            reservation.write(os.fsencode(temporary.name))
        temporary.replace(target)
    else:
        temporary.unlink()


def free_reserved(temporary: Path, target: Path) -> None:
    """Remove what an interrupted `take_name` created under the name: it holds the name of this temporary file.

    Or nothing yet, if the crash came before its first byte: then it is newer than the temporary file, which still lies
    there, finished.
    """
    if not is_file(target) or target.stat().st_size > LONGEST_RESERVATION:
        return
    content = target.read_bytes()
    is_cut_short = not content and is_file(temporary) and target.stat().st_mtime_ns >= temporary.stat().st_mtime_ns
    if is_cut_short or content == os.fsencode(temporary.name):
        target.unlink()


def write_companion(path: Path, text: str, temporary: Path, mode: int) -> None:
    """Write a small text file atomically and durably under its name; FileExistsError if the name is taken."""
    _write_text(temporary, text, mode)
    take_name(temporary, path)


def replace_companion(path: Path, text: str, temporary: Path, mode: int) -> None:
    """Replace a small text file durably; at any moment either the old or the new one is there, whole."""
    _write_text(temporary, text, mode)
    temporary.replace(path)


def _write_text(temporary: Path, text: str, mode: int) -> None:
    temporary.unlink(missing_ok=True)
    with os.fdopen(_create(temporary, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        _try(partial(os.fchmod, file.fileno(), mode))
        os.fsync(file.fileno())


def make_folders(root: Path, relative: str, mode: int) -> Path:
    """Make the missing folders below `root`, which must exist, and return the last.

    NotADirectoryError if one of them is a link or a file: nothing is ever filed through a link, out of the archive.
    """
    folder = root
    os.stat(root)
    for part in Path(relative).parts:
        parent, folder = folder, folder / part
        try:
            folder.mkdir(mode=mode & 0o777)
        except FileExistsError:
            if not S_ISDIR(folder.lstat().st_mode):
                reason = "a folder on the way to it is a link or a file"
                raise NotADirectoryError(errno.ENOTDIR, reason, relative) from None
            continue
        _try(partial(folder.chmod, mode))
        sync_folder(parent)
    return folder


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; on a file system that cannot sync folders they are as durable as they get."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)
