"""Keeps processes from outliving the one that needs them (Linux parent-death signals)."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have this process killed when `parent` ends, or at once if it already has.

    Call it in the new process. The signal is tied to the thread that forked, so processes must be started from the main
    thread only.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
