"""Tell the file system a folder lies on; on network file systems the kernel does not know what others write."""

from __future__ import annotations

import os
import re

_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "fuse", "glusterfs", "lustre", "ncpfs",
    "nfs", "nfs4", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
})  # fmt: skip
_ESCAPED = re.compile(rb"\\([0-7]{3})")


def find_filesystem(folder: str, mounts: str = "/proc/self/mountinfo") -> str:
    """Return the type of the file system that `folder` lies on, e.g. `ext4`, `nfs4`; empty if it cannot be told."""
    place = os.fsencode(os.path.realpath(folder))
    best, found = -1, ""
    try:
        with open(mounts, "rb") as table:
            for line in table:
                mount, kind = _parse_line(line)
                if len(mount) >= best and _lies_under(place, mount):
                    best, found = len(mount), kind  # of several mounts at one place, the last covers the others
    except OSError:
        return ""
    return found


def is_network(filesystem: str) -> bool:
    """Whether files on this file system may be written without this kernel's knowledge."""
    return filesystem in _NETWORK or filesystem.startswith("fuse.")


def _parse_line(line: bytes) -> tuple[bytes, str]:
    """Return mount point and type of a mountinfo line: `36 35 98:0 /root /mount options - ext4 source options`."""
    before, _, after = line.partition(b" - ")
    fields = before.split(b" ")
    if len(fields) < 5:
        return b"\0", ""
    mount = _ESCAPED.sub(lambda octal: bytes([int(octal[1], 8) & 0xFF]), fields[4])
    return mount, after.split(b" ", 1)[0].decode("ascii", "replace").strip()


def _lies_under(place: bytes, mount: bytes) -> bool:
    return mount in (b"/", place) or place.startswith(mount + b"/")
