"""What is never taken is shown with its reason, and never stops the watcher."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.integration.inbox.conftest import Inbox, until
from tests.unit.formats import samples

JPEG = samples.make_jpeg()
NOBODY = 65534


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Things that are not documents, in a folder that becomes the inbox: each name with words from its reason."""
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
    await until(lambda: "good.jpg" not in {file.file for file in inbox.watcher.waiting()})
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
async def as_nobody() -> AsyncIterator[Inbox]:
    """An inbox watched by another user if the tests run as root, since no mode keeps root out."""
    root = Path(tempfile.mkdtemp(prefix="expensed-test-"))
    await asyncio.to_thread(root.chmod, 0o777)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    inbox = Inbox(root)
    inbox.make_watcher(rescan_s=0.3)
    yield inbox
    await inbox.watcher.stop()
    if is_root:
        os.seteuid(0)
    shutil.rmtree(root)


def set_mode(path: Path, mode: int, owner: int | None = None) -> None:
    """Set mode and owner, as root if the tests run as root."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    path.chmod(mode)
    if owner is not None and os.getuid() == 0:
        os.chown(path, owner, -1)
    os.seteuid(user)


async def test_an_unreadable_file_waits_with_its_owner_and_is_taken_once_it_can_be_read(as_nobody: Inbox) -> None:
    as_nobody.make_watcher()
    path = as_nobody.root / "private.jpg"
    path.write_bytes(JPEG)
    set_mode(path, 0, owner=0)
    await as_nobody.watcher.start()
    shown = await as_nobody.until_waiting("private.jpg", "mode 0000")
    assert (shown.refused, shown.size) == (False, len(JPEG))
    set_mode(path, 0o644)
    await as_nobody.until_taken("private.jpg")


async def test_an_unreadable_folder_is_shown_and_looked_into_once_it_can_be(as_nobody: Inbox) -> None:
    for name in ("private", "secret"):
        (as_nobody.root / name).mkdir()
        (as_nobody.root / name / f"{name}.jpg").write_bytes(JPEG)
        set_mode(as_nobody.root / name, 0, owner=0)
    await as_nobody.watcher.start()
    for name in ("private", "secret"):
        shown = await as_nobody.until_waiting(name, "cannot look into this folder")
        assert not shown.refused
        set_mode(as_nobody.root / name, 0o777)
    await as_nobody.until_taken("private.jpg", "secret.jpg")
    await until(lambda: as_nobody.watcher.waiting() == [])


async def test_a_file_of_another_user_that_can_be_read_is_taken(as_nobody: Inbox) -> None:
    await as_nobody.watcher.start()
    path = as_nobody.root / "theirs.jpg"
    path.write_bytes(JPEG[:90])
    set_mode(path, 0o666, owner=0)
    await as_nobody.until_waiting("theirs.jpg", "looks cut off")
    path.write_bytes(JPEG)
    await as_nobody.until_taken("theirs.jpg")


async def test_an_unreadable_root_is_said_and_looked_for_again(as_nobody: Inbox) -> None:
    set_mode(as_nobody.root, 0, owner=0)
    await as_nobody.watcher.start()
    assert "Permission denied" in (as_nobody.watcher.trouble or "")
    set_mode(as_nobody.root, 0o777)
    (as_nobody.root / "a.jpg").write_bytes(JPEG)
    await as_nobody.until_taken("a.jpg")
