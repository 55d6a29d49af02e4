"""The watched folder itself goes away, comes back, is replaced, cannot be watched."""

from __future__ import annotations

import errno
import logging
import os
import shutil

import pytest
from tests.integration.inbox.conftest import Inbox, until
from tests.unit.formats import samples
from watchdog.observers.inotify_c import InotifyFD

from expensed.inbox.observer import Observer, Tell

JPEG = samples.make_jpeg()


async def test_the_folder_removed_and_made_again_is_watched_again(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=0.05)
    await inbox.watcher.start()
    (inbox.root / "before.jpg").write_bytes(JPEG)
    await inbox.until_taken("before.jpg")
    shutil.rmtree(inbox.root)
    await until(lambda: inbox.watcher.trouble is not None)
    assert inbox.watcher.trouble == (
        "The watched folder cannot be read: No such file or directory. expensed keeps looking for it."
    ), "clients see it, so it names no path"
    inbox.root.mkdir()
    (inbox.root / "between.jpg").write_bytes(JPEG)
    await until(lambda: inbox.watcher.trouble is None)
    await until(lambda: len(inbox.intake.taken) == 2)
    (inbox.root / "after.jpg").write_bytes(JPEG)
    await inbox.until_taken("before.jpg", "between.jpg", "after.jpg")


async def test_the_folder_removed_and_made_again_at_once_is_watched_again(inbox: Inbox) -> None:
    await inbox.watcher.start()
    for count in range(1, 6):
        shutil.rmtree(inbox.root)
        inbox.root.mkdir()
        (inbox.root / f"{count}.jpg").write_bytes(JPEG)
        await inbox.until_count(count)


async def test_another_folder_put_in_its_place_is_watched(inbox: Inbox) -> None:
    await inbox.watcher.start()
    inbox.root.rename(inbox.root.with_name("old"))
    inbox.root.with_name("new").mkdir()
    (inbox.root.with_name("new") / "a.jpg").write_bytes(JPEG)
    inbox.root.with_name("new").rename(inbox.root)
    await inbox.until_taken("a.jpg")
    (inbox.root / "b.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg", "b.jpg")


async def test_a_folder_missing_at_start_is_waited_for(inbox: Inbox) -> None:
    inbox.root.rmdir()
    await inbox.watcher.start()
    assert inbox.watcher.trouble is not None
    inbox.root.mkdir()
    (inbox.root / "a.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg")


async def test_files_that_no_event_announced_are_found_and_counted(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Observer, "on_event", lambda self, event: None)
    inbox.make_watcher(rescan_s=0.2)
    (inbox.root / "there.jpg").write_bytes(JPEG)
    await inbox.watcher.start()
    (inbox.root / "unheard.jpg").write_bytes(JPEG)
    await inbox.until_taken("there.jpg", "unheard.jpg")
    assert inbox.watcher.missed == 1


async def test_an_overflow_of_events_leads_to_a_scan_at_once(
    inbox: Inbox, observers: list[tuple[Observer, Tell]], monkeypatch: pytest.MonkeyPatch
) -> None:
    await inbox.watcher.start()
    ((observer, _),) = observers
    with monkeypatch.context() as deaf:
        deaf.setattr(Observer, "on_event", lambda self, event: None)
        (inbox.root / "lost.jpg").write_bytes(JPEG)
        observer.on_queue_overflow()
        await inbox.until_taken("lost.jpg")
    assert inbox.watcher.missed == 1


async def test_an_observer_that_died_is_replaced(inbox: Inbox, observers: list[tuple[Observer, Tell]]) -> None:
    inbox.make_watcher(rescan_s=0.2)
    await inbox.watcher.start()
    ((first, _),) = observers
    first.stop()
    await until(lambda: len(observers) == 2)
    (inbox.root / "a.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
async def test_without_watches_left_the_folder_is_polled_and_the_log_says_why(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    inbox.make_watcher(rescan_s=0.1)
    with caplog.at_level(logging.INFO, "expensed.inbox"):
        await inbox.watcher.start()
        assert inbox.watcher.mode == "poll"
        (inbox.root / "a.jpg").write_bytes(JPEG)
        await inbox.until_taken("a.jpg")
    assert inbox.watcher.missed == 0
    assert [record.levelname for record in caplog.records if "max_user_watches" in record.message] == ["WARNING"]


async def test_a_limit_reached_among_subfolders_is_made_good_by_polling(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = InotifyFD.add_callback

    def refuse_subfolders(self: InotifyFD, path: bytes, *rest: object) -> object:
        if path != os.fsencode(inbox.root):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return add(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(InotifyFD, "add_callback", refuse_subfolders)
    (inbox.root / "sub").mkdir()
    await inbox.watcher.start()
    assert inbox.watcher.mode == "poll"
    (inbox.root / "sub" / "a.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg")


async def test_a_stop_leaves_no_thread_and_no_descriptor(inbox: Inbox) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        inbox.make_watcher()
        await inbox.watcher.start()
        await inbox.watcher.stop()
    await until(lambda: len(os.listdir("/proc/self/fd")) <= before)
