"""What is never taken is shown with its reason, and never stops the watcher."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.inbox.conftest import Inbox, until
from tests.unit.inbox import samples

JPEG = samples.make_jpeg()
NOBODY = 65534


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Things that are no documents, in a folder that becomes the inbox; name by the words of its reason."""
    root = tmp_path / "inbox"
    root.mkdir(exist_ok=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.jpg").write_bytes(JPEG)
    os.mkfifo(root / "pipe.jpg")
    (root / "link.jpg").symlink_to(tmp_path / "outside" / "secret.jpg")
    (root / "dangling.jpg").symlink_to(tmp_path / "nowhere")
    (root / "linked folder").symlink_to(tmp_path / "outside")
    (root / ".hidden.jpg").write_bytes(JPEG)
    (root / "~$invoice.docx").write_bytes(b"x")
    (root / "@eaDir").mkdir()
    (root / "@eaDir" / "scan.jpg").write_bytes(JPEG)
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(root, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{here}/socket.jpg")
        os.close(here)
        yield {
            "pipe.jpg": "pipe (FIFO)",
            "link.jpg": "a link",
            "dangling.jpg": "a link",
            "linked folder": "a link",
            ".hidden.jpg": "hidden",
            "~$invoice.docx": "lock file",
            "@eaDir": "sync program",
            "socket.jpg": "a socket",
        }


async def test_everything_refused_at_start_is_shown_and_the_rest_is_taken(inbox: Inbox, crowd: dict[str, str]) -> None:
    (inbox.root / "good.jpg").write_bytes(JPEG)
    await inbox.watcher.start()
    await inbox.until_taken("good.jpg")
    assert {file.file: file.refused for file in inbox.watcher.waiting()} == dict.fromkeys(crowd, True)
    for name, words in crowd.items():
        await inbox.until_waiting(name, words)
    assert [path.name for path in inbox.intake.asked] == ["good.jpg"]


async def test_what_is_refused_is_shown_as_soon_as_it_comes_and_no_longer_than_it_stays(inbox: Inbox) -> None:
    await inbox.watcher.start()
    os.mkfifo(inbox.root / "pipe")
    (inbox.root / "link").symlink_to("/etc/hostname")
    (inbox.root / ".hidden").write_bytes(b"x")
    (inbox.root / ".stfolder").mkdir()
    await until(lambda: len([file for file in inbox.watcher.waiting() if file.refused]) == 4)
    for name in ("pipe", "link", ".hidden"):
        (inbox.root / name).unlink()
    (inbox.root / ".stfolder").rmdir()
    await until(lambda: inbox.watcher.waiting() == [])


async def test_our_own_folder_and_placeholders_are_neither_taken_nor_shown(inbox: Inbox) -> None:
    (inbox.root / ".gitkeep").touch()
    (inbox.root / ".expensed" / "id").mkdir(parents=True)
    (inbox.root / ".expensed" / "id" / "claimed.jpg").write_bytes(JPEG)
    (inbox.root / ".expensed" / "lock").touch()
    inbox.make_watcher(rescan_s=0.05)
    await inbox.watcher.start()
    await until(lambda: inbox.intake.recoveries > 3)
    assert inbox.watcher.waiting() == []
    assert inbox.intake.asked == []


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """For root, whom no mode keeps out: become another user for a while."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        yield
        os.seteuid(0)
    else:
        yield


@pytest.fixture
def shared_root(tmp_path: Path) -> Path:
    """A folder that everyone may write to, below parents that everyone may pass."""
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.geteuid() and folder.stat().st_mode & 0o77 == 0:
            folder.chmod(0o755)
    (tmp_path / "inbox").mkdir(exist_ok=True)
    (tmp_path / "inbox").chmod(0o777)
    return tmp_path / "inbox"


def lock_out(path: Path, mode: int) -> None:
    """Set a mode, as root where the tests run as root."""
    user = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    path.chmod(mode)
    os.seteuid(user)


@pytest.mark.usefixtures("unprivileged")
async def test_an_unreadable_file_waits_with_its_owner_and_is_taken_once_it_can_be_read(
    shared_root: Path, inbox: Inbox
) -> None:
    path = shared_root / "private.jpg"
    path.write_bytes(JPEG)
    lock_out(path, 0)
    await inbox.watcher.start()
    shown = await inbox.until_waiting("private.jpg", "mode 0000")
    assert not shown.refused
    assert shown.size == len(JPEG)
    lock_out(path, 0o644)
    await inbox.until_taken("private.jpg")


@pytest.mark.usefixtures("unprivileged")
async def test_an_unreadable_folder_is_shown_and_looked_into_once_it_can_be(shared_root: Path, inbox: Inbox) -> None:
    folder = shared_root / "private"
    folder.mkdir()
    (folder / "scan.jpg").write_bytes(JPEG)
    lock_out(folder, 0)
    inbox.make_watcher(rescan_s=0.2)
    await inbox.watcher.start()
    shown = await inbox.until_waiting("private", "cannot look into this folder")
    assert not shown.refused
    lock_out(folder, 0o777)
    await inbox.until_taken("scan.jpg")
