"""Disks below a house: images on loop devices, and tmpfs; mounted, pulled, put back, cut off from their power.

For processes in a mount namespace of their own only (see tests/faults.sh): nothing is unmounted at the end.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = struct.pack("I", 2)
SIZE_MB = 160
"""With less than 100 MB left on a disk the daemon is not ready."""


class Disk:
    """An ext4 image, mounted where a folder is; only what was synced survives its losing power (commit=600)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copies = 0
        self._image = folder.with_name(f"{folder.name}.0.img")
        with self._image.open("wb") as image:
            image.truncate(SIZE_MB << 20)
        run("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
        self.is_cut = False
        self.plug_in()

    def plug_in(self) -> None:
        """Mount it; after a loss of power, or of the disk, as what the medium holds by then."""
        run("mount", "-o", "loop,commit=600", str(self._image), str(self.folder))

    def cut(self) -> None:
        """From now on nothing reaches the medium any more, and whoever asks gets an I/O error."""
        with opened(self.folder) as descriptor:
            fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH)
        self.is_cut = True

    def unplug(self) -> None:
        """Unmount it, whoever has files of it open; if it was cut, it is copied: no one has the new one open."""
        device = run("findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", str(self.folder)).strip()
        run("umount", "--lazy", str(self.folder))
        if self.is_cut:
            subprocess.run(["blockdev", "--flushbufs", device], check=False)  # it is gone if nobody had files open
            self._copies += 1
            old, self._image = self._image, self.folder.with_name(f"{self.folder.name}.{self._copies}.img")
            run("cp", "--sparse=always", str(old), str(self._image))
            old.unlink()
            self.is_cut = False


class Memory:
    """A tmpfs, mounted where a folder is; it keeps its content while it is unplugged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept = folder.with_name(f"{folder.name}.kept")
        self._kept.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(self._kept))
        self.plug_in()

    def plug_in(self) -> None:
        """Mount it."""
        run("mount", "--bind", str(self._kept), str(self.folder))

    def unplug(self) -> None:
        """Unmount it, whoever has files of it open."""
        run("umount", "--lazy", str(self.folder))


class ExFat:
    """An exFAT image, mounted through FUSE: no hard links, no RENAME_NOREPLACE, no modes."""

    def __init__(self, folder: Path) -> None:
        image = folder.with_name(f"{folder.name}.exfat.img")
        with image.open("wb") as file:
            file.truncate(300 << 20)
        run("mkfs.exfat", str(image))
        device = run("losetup", "--find", "--show", str(image)).strip()
        try:
            run("mount.exfat-fuse", "-o", "uid=0,gid=0,umask=0", device, str(folder))
        finally:
            run("losetup", "--detach", device)  # as soon as it is unmounted


def cut_power(disks: Sequence[Disk], processes: Sequence[int]) -> None:
    """Cut all disks off at one moment, as these processes see it; they are stopped, and must be killed."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
    for disk in disks:
        disk.cut()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    """Open a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def exchange(folder: Path, other: Path) -> None:
    """Mount another folder where this one is."""
    run("mount", "--bind", str(other), str(folder))


def run(*words: str) -> str:
    """Run a program; return what it prints."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.stdout
