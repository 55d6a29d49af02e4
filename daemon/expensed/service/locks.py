"""One daemon per inbox and per state folder: a POSIX lock on a file in each, held for the life of the process."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from expensed.errors import SetupError


class Lock:
    """A lock file that names its holder; `path` is for people, it is opened where `take` and `keep` are told."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._descriptor = -1

    def take(self, path: Path | None = None) -> None:
        """Take the lock; SetupError naming the holder if another process has it, or the reason it cannot be taken."""
        try:
            descriptor = os.open(path or self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise self._cannot(error) from error
        try:
            self._lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"expensed, process {os.getpid()}\n".encode())
        except OSError as error:
            os.close(descriptor)
            raise self._cannot(error) from error
        except SetupError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            raise SetupError(
                f"The {self.what} {self.path.parent} is in use by {holder}.",
                hint="Stop that daemon, or give this one other folders.",
                code="locked",
            ) from error

    def try_out(self) -> None:
        """Raise SetupError if another process has the lock; nothing is created, and it is not kept."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return
        with contextlib.closing(os.fdopen(descriptor, "rb")):
            self._lock(descriptor)

    def _cannot(self, error: OSError) -> SetupError:
        return SetupError(
            f"The lock {self.path} cannot be taken: {error.strerror}.",
            hint="Give expensed's user write access to that file and its folder; remove it if another user owns it.",
        )

    def keep(self, path: Path) -> None:
        """Take the lock again if its file is no longer the one at `path`."""
        with contextlib.suppress(OSError):
            mine, there = os.fstat(self._descriptor), path.stat()
            if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                return
        self.release()
        self.take(path)

    def release(self) -> None:
        """Release the lock; the file stays."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = -1
