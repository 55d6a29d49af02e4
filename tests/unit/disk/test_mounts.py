"""Which file system a folder is on, and which of them are polled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from expensed.disk.mounts import find_filesystem, find_mount, is_network, is_network_device, list_mounts_below


@pytest.fixture
def mounts(tmp_path: Path) -> str:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        f"30 22 0:40 / {tmp_path}/share rw shared:2 - nfs4 nas:/scans rw\n"
        f"31 22 0:41 / {tmp_path}/with\\040space rw - cifs //nas/scans rw\n"
        f"32 30 0:42 / {tmp_path}/share/local rw master:1 - tmpfs tmpfs rw\n"
        f"33 22 0:43 / {tmp_path}/twice rw - ext4 /dev/vdb rw\n"
        f"34 33 0:44 / {tmp_path}/twice rw - fuse.sshfs host:/ rw\n"
        "a broken line\n"
    )
    return str(table)


@pytest.mark.parametrize(
    ("folder", "filesystem"),
    [
        ("plain", "ext4"),
        ("share", "nfs4"),
        ("share/inbox", "nfs4"),
        ("shared", "ext4"),
        ("share/local/inbox", "tmpfs"),
        ("with space", "cifs"),
        ("twice", "fuse.sshfs"),
    ],
)
def test_the_deepest_and_last_mount_decides(tmp_path: Path, mounts: str, folder: str, filesystem: str) -> None:
    assert find_filesystem(str(tmp_path / folder), mounts) == filesystem


def test_no_table_of_mounts_is_no_trouble(tmp_path: Path) -> None:
    assert find_filesystem(str(tmp_path), str(tmp_path / "absent")) == ""


@pytest.mark.parametrize("filesystem", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "virtiofs"])
def test_network_file_systems_are_polled(filesystem: str) -> None:
    assert is_network(filesystem)


@pytest.mark.parametrize("filesystem", ["ext4", "btrfs", "xfs", "tmpfs", "overlay", "fuseblk", ""])
def test_local_ones_are_not(filesystem: str) -> None:
    assert not is_network(filesystem)


def test_the_mount_of_a_folder_and_those_below_it_are_found(tmp_path: Path, mounts: str) -> None:
    assert find_mount(str(tmp_path / "share/inbox/2024"), mounts) == str(tmp_path / "share")
    assert find_mount(str(tmp_path / "plain"), mounts) == "/"
    assert list_mounts_below(str(tmp_path / "share"), mounts) == [str(tmp_path / "share/local")]


def test_a_device_is_known_as_one_of_the_network(mounts: str) -> None:
    assert is_network_device(os.makedev(0, 40), mounts)
    assert not is_network_device(os.makedev(0, 42), mounts)
    assert not is_network_device(os.makedev(9, 9), mounts)
