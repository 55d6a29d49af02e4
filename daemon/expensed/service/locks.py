"""One daemon per inbox and per state folder: a POSIX lock on a file in each, held as long as the process lives."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from expensed.errors import SetupError


class Lock:
    """A held lock file; it says who holds it."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._descriptor = -1

    def take(self) -> None:
        """Take the lock; SetupError naming the holder if another process has it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            os.close(descriptor)
            raise SetupError(
                f"The {self.what} {self.path.parent} is in use by {holder}.",
                hint="Stop that daemon, or give this one other folders.",
                code="locked",
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"expensed, process {os.getpid()}\n".encode())
        self._descriptor = descriptor

    def keep(self) -> None:
        """Take the lock anew if its file was removed together with its folder, and the folder is back."""
        with contextlib.suppress(FileNotFoundError):
            mine, there = os.fstat(self._descriptor), self.path.stat()
            if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                return
        if self.path.parent.is_dir():
            self.release()
            self.take()

    def release(self) -> None:
        """Let go of the lock; the file stays."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = -1
