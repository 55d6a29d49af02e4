"""Ask the kernel, by F_SETLEASE, whether a process on this machine has a file open for writing."""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from expensed.disk.files import open_regular
from expensed.disk.mounts import is_network_device

_F_SETSIG = 10
"""Linux's number; the fcntl module does not name it."""


def has_writer(fd: int) -> bool | None:
    """Whether the file open (for reading) at `fd` has a writer; None if the kernel cannot be asked.

    Only the owner or CAP_LEASE may ask. Never ask on a network file system: NFSv4 and CIFS answer EAGAIN
    whenever the server granted no delegation or oplock, which says nothing about a writer; there, None is returned.
    """
    if is_network_device(os.fstat(fd).st_dev):
        return None
    try:
        # A process that opens the file for writing while we hold the lease breaks it, and the kernel signals us. The
        # default signal, SIGIO, would end the daemon; SIGURG is ignored by default.
        fcntl.fcntl(fd, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def path_has_writer(path: Path) -> bool:
    """Return `has_writer` for a path; False if the file cannot be opened or the kernel cannot be asked."""
    try:
        descriptor = open_regular(path)
    except OSError:
        return False
    try:
        return bool(has_writer(descriptor))
    finally:
        os.close(descriptor)
