"""Whether a process on this machine has a file open for writing, asked of the kernel by F_SETLEASE."""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from expensed.disk.files import open_regular

_F_SETSIG = 10
"""Linux; not named by the fcntl module."""


def has_writer(fd: int) -> bool | None:
    """Whether the file open (for reading) at `fd` has a writer; None: it cannot be asked.

    Only the owner or CAP_LEASE may ask. Never ask on a network file system: NFSv4 and CIFS answer EAGAIN
    wherever the server granted no delegation or oplock, which says nothing of a writer.
    """
    try:
        # Whoever opens the file for writing while we hold the lease breaks it by a signal. The default one, SIGIO,
        # would end the daemon; SIGURG is ignored by default.
        fcntl.fcntl(fd, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def path_has_writer(path: Path) -> bool:
    """`has_writer` for a path; False where it cannot be opened or asked."""
    try:
        descriptor = open_regular(path)
    except OSError:
        return False
    try:
        return bool(has_writer(descriptor))
    finally:
        os.close(descriptor)
