"""`expensed run` in a process that the kernel refuses what poor file systems refuse: modes, links, RENAME_NOREPLACE.

FAT, exFAT and many FUSE mounts answer so. A seccomp filter needs no rights and no other program, and it reaches every
thread and child.
REFUSED_WITH: the number of the error that chmod and link get; renameat2 with a flag always gets EINVAL.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
LOAD, SAME, RETURN = 0x20, 0x15, 0x06
NUMBER, FIFTH = 0, 16 + 8 * 4
"""Where seccomp_data holds the number of the call, and the low half of its fifth argument."""
CALLS = {  # chmod, fchmod, fchmodat, fchmodat2, link, linkat; renameat2
    "x86_64": ((90, 91, 268, 452, 86, 265), 316),
    "aarch64": ((52, 53, 452, 37), 276),
}


def refuse_calls(number: int) -> None:
    """Have the kernel refuse these calls from now on, to this thread and all that it starts."""
    refused, renameat2 = CALLS[platform.machine()]
    steps = [(LOAD, 0, 0, NUMBER)]
    for call in refused:
        steps += [(SAME, 0, 1, call), (RETURN, 0, 0, REFUSE | number)]
    steps += [
        (SAME, 0, 3, renameat2), (LOAD, 0, 0, FIFTH), (SAME, 1, 0, 0), (RETURN, 0, 0, REFUSE | errno.EINVAL),
        (RETURN, 0, 0, ALLOW),
    ]  # fmt: skip
    content = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(content))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")


def main() -> int:
    """Run the daemon under the filter."""
    refuse_calls(int(os.environ.pop("REFUSED_WITH")))
    from expensed.__main__ import main as run

    sys.argv[1:] = ["run"]
    return run()


if __name__ == "__main__":
    sys.exit(main())
