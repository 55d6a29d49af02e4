"""Tell which mount a folder lies on, and its file system.

On network file systems the kernel does not know what others write.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache

_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "fuse", "glusterfs", "lustre", "ncpfs",
    "nfs", "nfs4", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
})  # fmt: skip
MOUNTS = "/proc/self/mountinfo"
_ESCAPED = re.compile(rb"\\([0-7]{3})")


def find_filesystem(folder: str, mounts: str = MOUNTS) -> str:
    """Return the type of the file system that `folder` lies on, e.g. `ext4`, `nfs4`; empty if it cannot be told."""
    return _find_mount(folder, mounts)[1]


def find_mount(folder: str, mounts: str = MOUNTS) -> str:
    """Return the mount point that `folder` lies on, with links resolved; `/` if it cannot be told."""
    return os.fsdecode(_find_mount(folder, mounts)[0])


def list_mounts_below(folder: str, mounts: str = MOUNTS) -> list[str]:
    """Return the mount points below `folder`, with links resolved, in order."""
    place = os.fsencode(os.path.realpath(folder))
    found = {mount for mount, _ in _read_table(mounts) if mount != place and _lies_under(mount, place)}
    return sorted(map(os.fsdecode, found))


@lru_cache(maxsize=64)
def is_network_device(device: int, mounts: str = MOUNTS) -> bool:
    """Whether a device number (st_dev) is that of a network file system; False if it is not in the table."""
    number = b"%d:%d" % (os.major(device), os.minor(device))
    try:
        with open(mounts, "rb") as table:
            kinds = [_parse_line(line)[1] for line in table if line.split(b" ", 3)[2:3] == [number]]
    except OSError:
        return False
    return any(map(is_network, kinds))


def _find_mount(folder: str, mounts: str) -> tuple[bytes, str]:
    place = os.fsencode(os.path.realpath(folder))
    best, found = b"", (b"/", "")
    for mount, kind in _read_table(mounts):
        if len(mount) >= len(best) and _lies_under(place, mount):
            best, found = mount, (mount, kind)  # of several mounts at one place, the last covers the others
    return found


def _read_table(mounts: str) -> Iterator[tuple[bytes, str]]:
    try:
        with open(mounts, "rb") as table:
            yield from map(_parse_line, table)
    except OSError:
        return


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
