"""Folders dropped in are walked; a folder that comes and goes leaves nothing behind."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from pathlib import Path

from tests.integration.inbox.conftest import Inbox, count_watches, until
from tests.unit.formats import samples

from expensed.inbox.observer import Hint, Kind, Observer, Tell

JPEG = samples.make_jpeg()


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)


async def test_a_folder_moved_in_is_taken_with_all_it_holds(inbox: Inbox, tmp_path: Path) -> None:
    await inbox.watcher.start()
    fill(tmp_path / "trip", "a.jpg", "hotel/b.jpg", "hotel/bar/c.jpg", "@eaDir/d.jpg", ".hidden/e.jpg")
    (tmp_path / "trip").rename(inbox.root / "trip")
    await inbox.until_taken("a.jpg", "b.jpg", "c.jpg")
    assert inbox.watcher.missed == 0


async def test_a_folder_copied_in_is_taken_with_all_it_holds(inbox: Inbox, tmp_path: Path) -> None:
    await inbox.watcher.start()
    names = [f"{month:02}/{number}-{month}.jpg" for month in range(1, 13) for number in range(10)]
    fill(tmp_path / "year", *names)
    await asyncio.to_thread(shutil.copytree, tmp_path / "year", inbox.root / "year", copy_function=shutil.copyfile)
    await inbox.until_taken(*(Path(name).name for name in names))


async def test_a_file_written_into_a_folder_made_before_is_taken_at_its_close(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=60.0)
    (inbox.root / "old" / "deep").mkdir(parents=True)
    await inbox.watcher.start()
    fill(inbox.root, "old/deep/a.jpg")
    await inbox.until_taken("a.jpg")


async def test_a_folder_renamed_inside_the_inbox_is_still_watched(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=60.0)
    (inbox.root / "before" / "deep").mkdir(parents=True)
    await inbox.watcher.start()
    (inbox.root / "before").rename(inbox.root / "after")
    count = itertools.count(1)
    async with asyncio.timeout(8):
        while not inbox.intake.asked:  # what is written before the new name is known is taken later
            fill(inbox.root, f"after/deep/{next(count)}.jpg")
            await asyncio.sleep(0.01)
    fill(inbox.root, "after/deep/last.jpg")
    await until(lambda: any(path.name == "last.jpg" for path in inbox.intake.asked))


async def test_a_folder_removed_and_made_again_is_watched(inbox: Inbox) -> None:
    await inbox.watcher.start()
    for count in range(1, 6):
        fill(inbox.root, f"folder/{count}.jpg")
        await inbox.until_count(count)
        shutil.rmtree(inbox.root / "folder")
    await until(lambda: inbox.watcher.waiting() == [])


async def test_a_folder_moved_out_takes_its_waiting_files_with_it(inbox: Inbox, tmp_path: Path) -> None:
    inbox.make_watcher(patience_s=60.0)
    await inbox.watcher.start()
    only_the_root = count_watches()
    (inbox.root / "folder").mkdir()
    (inbox.root / "folder" / "cut.jpg").write_bytes(JPEG[:90])
    await inbox.until_waiting("folder/cut.jpg", "looks cut off")
    await until(lambda: count_watches() == only_the_root + 1)
    (inbox.root / "folder").rename(tmp_path / "out")
    await until(lambda: inbox.watcher.waiting() == [])
    await until(lambda: count_watches() == only_the_root)


async def test_a_link_to_a_folder_is_never_followed(inbox: Inbox, tmp_path: Path) -> None:
    fill(tmp_path / "outside", "a.jpg")
    (tmp_path / "outside" / "back").symlink_to(inbox.root)
    await inbox.watcher.start()
    (inbox.root / "link").symlink_to(tmp_path / "outside")
    fill(inbox.root, "b.jpg")
    await inbox.until_taken("b.jpg")
    inbox.watcher.rescan()
    await until(lambda: inbox.intake.recoveries == 2)
    assert inbox.intake.names == ["b.jpg"]


async def test_a_folder_that_becomes_a_link_gives_nothing_away(
    inbox: Inbox, observers: list[tuple[Observer, Tell]], tmp_path: Path
) -> None:
    fill(tmp_path / "archive", "filed.jpg")
    (inbox.root / "folder").mkdir()
    (inbox.root / "folder" / "filed.jpg").write_bytes(JPEG[:90])
    inbox.make_watcher(patience_s=60.0)
    await inbox.watcher.start()
    await inbox.until_waiting("folder/filed.jpg", "looks cut off")
    (inbox.root / "folder").rename(tmp_path / "away")
    (inbox.root / "folder").symlink_to(tmp_path / "archive")
    await inbox.until_waiting("folder", "a link")
    await until(lambda: not inbox.waits("folder/filed.jpg") or inbox.waits("folder/filed.jpg").refused)  # type: ignore[union-attr]
    ((_, tell),) = observers
    tell(Hint(Kind.CLOSED, str(inbox.root / "folder" / "filed.jpg")))
    await inbox.until_waiting("folder/filed.jpg", "behind a link")
    assert inbox.intake.asked == []


async def test_a_folder_announced_during_a_scan_is_not_called_missed(inbox: Inbox, tmp_path: Path) -> None:
    inbox.make_watcher(rescan_s=0.01)
    await inbox.watcher.start()
    for count in range(1, 11):
        fill(tmp_path / "parcel", f"{count}.jpg")
        (tmp_path / "parcel").rename(inbox.root / f"parcel {count}")
        await inbox.until_count(count)
    assert inbox.watcher.missed == 0
