"""Without events: every file is still taken, once it has been left alone between two scans."""

from __future__ import annotations

import asyncio

import pytest
from tests.integration.inbox.conftest import Inbox, until
from tests.unit.formats import samples

from expensed.inbox import watch_mode

JPEG = samples.make_jpeg(scan=b"\x33" * 9000)


@pytest.fixture
def polled(inbox: Inbox) -> Inbox:
    inbox.make_watcher(watch="poll", rescan_s=0.05)
    return inbox


async def test_files_and_folders_are_taken_without_events(polled: Inbox) -> None:
    await polled.watcher.start()
    assert polled.watcher.mode == "poll"
    (polled.root / "a.jpg").write_bytes(JPEG)
    (polled.root / "folder").mkdir()
    (polled.root / "folder" / "b.pdf").write_bytes(samples.make_pdf())
    await polled.until_taken("a.jpg", "b.pdf")
    assert polled.watcher.missed == 0


async def test_a_growing_file_is_not_taken_while_polling(polled: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_mode, "find_filesystem", lambda folder: "cifs")  # which is not asked for writers
    polled.make_watcher(watch="poll", rescan_s=0.05, settle_s=0.4)
    await polled.watcher.start()
    with (polled.root / "notes.bin").open("wb", buffering=0) as file:
        for _ in range(12):
            file.write(b"x" * 100)
            await asyncio.sleep(0.05)
        assert polled.intake.asked == []
    await polled.until_taken("notes.bin")
    assert len(polled.intake.contents[0]) == 1200


async def test_a_writer_that_stalls_is_waited_for_while_polling(polled: Inbox) -> None:
    await polled.watcher.start()
    with (polled.root / "scan.jpg").open("wb", buffering=0) as file:
        file.write(JPEG[:100])
        await polled.until_waiting("scan.jpg", "open for writing")
        file.write(JPEG[100:])
    await polled.until_taken("scan.jpg")
    assert polled.intake.contents == [JPEG]


async def test_an_empty_file_that_gets_content_is_taken_while_polling(polled: Inbox) -> None:
    polled.make_watcher(watch="poll", rescan_s=0.05)
    await polled.watcher.start()
    (polled.root / "empty.jpg").touch()
    await polled.until_waiting("empty.jpg", "empty")
    (polled.root / "empty.jpg").write_bytes(JPEG)
    await polled.until_taken("empty.jpg")


async def test_a_network_file_system_is_polled_and_not_asked_for_writers(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_mode, "find_filesystem", lambda folder: "cifs")
    inbox.make_watcher(rescan_s=0.05)
    await inbox.watcher.start()
    assert inbox.watcher.mode == "poll"
    with (inbox.root / "whole.jpg").open("wb", buffering=0) as file:
        file.write(JPEG)
        await inbox.until_taken("whole.jpg")


async def test_native_watching_can_be_insisted_on(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_mode, "find_filesystem", lambda folder: "cifs")
    inbox.make_watcher(watch="native", settle_s=60.0)
    await inbox.watcher.start()
    assert inbox.watcher.mode == "native"
    (inbox.root / "a.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg")


async def test_the_folder_made_again_is_polled_again(polled: Inbox) -> None:
    await polled.watcher.start()
    polled.root.rmdir()
    await until(lambda: polled.watcher.trouble is not None)
    polled.root.mkdir()
    (polled.root / "a.jpg").write_bytes(JPEG)
    await polled.until_taken("a.jpg")
