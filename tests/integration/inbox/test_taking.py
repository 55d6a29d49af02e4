"""Files arrive in a watched folder in the ways that scanners, browsers and people write them."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from pathlib import Path

import pytest
from tests.integration.inbox.conftest import PATIENCE_S, SETTLE_S, Inbox, until
from tests.unit.formats import samples

from expensed.inbox.settle import LEFT_ALONE_S

JPEG = samples.make_jpeg(scan=b"\x5a" * 20_000)


async def test_a_picture_is_taken_at_its_close(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=60.0)
    await inbox.watcher.start()
    (inbox.root / "scan.jpg").write_bytes(JPEG)
    await inbox.until_taken("scan.jpg")
    assert inbox.intake.contents == [JPEG]
    assert inbox.intake.taken[0][2].cut_off is None
    await until(lambda: inbox.watcher.waiting() == [])


async def test_a_picture_is_handed_on_within_fifty_milliseconds_of_its_grace_even_behind_other_claims(
    inbox: Inbox,
) -> None:
    await inbox.watcher.start()
    delays = []
    for number in range(30):
        (inbox.root / f"{number}.jpg").write_bytes(JPEG)
        closed = time.monotonic()
        await inbox.until_count(number + 1)
        delays.append(inbox.intake.taken[-1][3] - closed)
    assert statistics.quantiles(delays, n=4)[0] < LEFT_ALONE_S + 0.05


def copy_slowly(path: Path) -> bool:
    """Copy as `shutil.copy` does on a busy machine, by 30 ms later than usual; return whether it could set the mode."""
    path.write_bytes(JPEG)
    closed = time.monotonic()
    time.sleep(0.03)
    try:
        path.chmod(0o640)
    except FileNotFoundError:
        return time.monotonic() - closed > 0.04  # the test itself was held up
    return True


async def test_a_copy_program_can_set_the_mode_by_the_path_after_its_close(inbox: Inbox) -> None:
    await inbox.watcher.start()
    for number in range(10):
        assert await asyncio.to_thread(copy_slowly, inbox.root / f"{number}.jpg")
    await inbox.until_count(10)


async def test_a_pdf_is_taken_when_it_has_been_left_alone(inbox: Inbox) -> None:
    await inbox.watcher.start()
    (inbox.root / "invoice.pdf").write_bytes(samples.make_pdf())
    closed = time.monotonic()
    await inbox.until_taken("invoice.pdf")
    assert inbox.intake.taken[0][3] - closed >= SETTLE_S * 0.9


async def test_a_file_still_growing_is_not_taken(inbox: Inbox) -> None:
    await inbox.watcher.start()
    with (inbox.root / "notes.bin").open("wb", buffering=0) as file:
        for _ in range(10):
            file.write(b"x" * 1000)
            await asyncio.sleep(SETTLE_S / 2)
        assert inbox.intake.asked == []
    await inbox.until_taken("notes.bin")
    assert len(inbox.intake.contents[0]) == 10_000


async def test_a_writer_that_stalls_in_mid_file_is_waited_for_however_long(inbox: Inbox) -> None:
    await inbox.watcher.start()
    with (inbox.root / "scan.jpg").open("wb", buffering=0) as file:
        file.write(JPEG[:5000])
        shown = await inbox.until_waiting("scan.jpg", "open for writing")
        assert shown.size == 5000
        await asyncio.sleep(PATIENCE_S + 3 * SETTLE_S)
        assert inbox.intake.asked == []
        file.write(JPEG[5000:])
    await inbox.until_taken("scan.jpg")
    assert inbox.intake.contents == [JPEG]


async def test_a_whole_picture_still_held_by_its_writer_is_waited_for(inbox: Inbox) -> None:
    await inbox.watcher.start()
    with (inbox.root / "scan.jpg").open("wb", buffering=0) as file:
        file.write(JPEG)
        (inbox.root / "scan.jpg").open("ab").close()  # another writer's close says nothing of the first
        await inbox.until_waiting("scan.jpg", "open for writing")
        assert inbox.intake.asked == []
    await inbox.until_taken("scan.jpg")


async def test_a_tiff_closed_and_reopened_between_pages_is_taken_whole(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=0.3)
    await inbox.watcher.start()
    pages = [samples.make_tiff(pages=count) for count in (1, 2, 3)]
    for whole in pages:
        (inbox.root / "scan.tif").write_bytes(whole)
        await asyncio.sleep(0.15)
    await inbox.until_taken("scan.tif")
    assert inbox.intake.contents == [pages[-1]]


async def test_a_tiff_reopened_and_then_held_for_its_next_page_is_taken_whole(inbox: Inbox) -> None:
    await inbox.watcher.start()
    (inbox.root / "scan.tif").write_bytes(samples.make_tiff(pages=1))
    with (inbox.root / "scan.tif").open("r+b", buffering=0) as file:
        await asyncio.sleep(4 * SETTLE_S)
        file.write(samples.make_tiff(pages=2))
    await inbox.until_taken("scan.tif")
    assert inbox.intake.contents == [samples.make_tiff(pages=2)]


async def test_a_file_renamed_in_is_taken_at_once(inbox: Inbox, tmp_path: Path) -> None:
    inbox.make_watcher(settle_s=60.0)
    await inbox.watcher.start()
    (tmp_path / "elsewhere.jpg").write_bytes(JPEG)
    (tmp_path / "elsewhere.jpg").rename(inbox.root / "in.jpg")
    await inbox.until_taken("in.jpg")


async def test_a_download_is_taken_under_its_final_name(inbox: Inbox) -> None:
    await inbox.watcher.start()
    partial = inbox.root / "invoice.jpg.crdownload"
    partial.write_bytes(JPEG)
    shown = await inbox.until_waiting("invoice.jpg.crdownload", "still being downloaded")
    assert shown.refused
    partial.rename(inbox.root / "invoice.jpg")
    await inbox.until_taken("invoice.jpg")
    await until(lambda: inbox.watcher.waiting() == [])


async def test_a_file_linked_in_is_taken_once_settled(inbox: Inbox, tmp_path: Path) -> None:
    await inbox.watcher.start()
    (tmp_path / "original.jpg").write_bytes(JPEG)
    os.link(tmp_path / "original.jpg", inbox.root / "linked.jpg")
    await inbox.until_taken("linked.jpg")


async def test_files_there_at_start_are_taken_once_settled_and_not_called_missed(inbox: Inbox) -> None:
    (inbox.root / "a.jpg").write_bytes(JPEG)
    (inbox.root / "b.pdf").write_bytes(samples.make_pdf())
    began = time.monotonic()
    await inbox.watcher.start()
    await inbox.until_taken("a.jpg", "b.pdf")
    assert inbox.intake.taken[0][3] - began >= SETTLE_S
    assert inbox.watcher.missed == 0


async def test_a_writer_from_before_the_start_is_waited_for(inbox: Inbox) -> None:
    with (inbox.root / "scan.jpg").open("wb", buffering=0) as file:
        file.write(JPEG)
        await inbox.watcher.start()
        await inbox.until_waiting("scan.jpg", "open for writing")
    await inbox.until_taken("scan.jpg")


async def test_what_stays_cut_off_is_taken_as_it_is_and_says_so(inbox: Inbox) -> None:
    await inbox.watcher.start()
    (inbox.root / "cut.jpg").write_bytes(JPEG[:5000])
    closed = time.monotonic()
    await inbox.until_waiting("cut.jpg", "looks cut off: the JPEG picture has no end marker")
    await inbox.until_taken("cut.jpg")
    _, content, judged, taken_at = inbox.intake.taken[0]
    assert taken_at - closed >= PATIENCE_S * 0.9
    assert content == JPEG[:5000]
    assert judged.cut_off is not None
    assert judged.cut_off.startswith("It looked cut off")


async def test_patience_is_not_counted_from_the_times_of_a_file(inbox: Inbox) -> None:
    await inbox.watcher.start()
    path = inbox.root / "old.jpg"
    path.write_bytes(JPEG[:5000])
    os.utime(path, (1_000_000, 1_000_000))
    written = time.monotonic()
    await inbox.until_taken("old.jpg")
    assert inbox.intake.taken[0][3] - written >= PATIENCE_S * 0.9


async def test_a_cut_off_file_that_is_completed_is_taken_whole(inbox: Inbox) -> None:
    inbox.make_watcher(patience_s=60.0)
    await inbox.watcher.start()
    path = inbox.root / "resumed.jpg"
    path.write_bytes(JPEG[:5000])
    await inbox.until_waiting("resumed.jpg", "looks cut off")
    with path.open("ab") as file:
        file.write(JPEG[5000:])
    await inbox.until_taken("resumed.jpg")
    assert inbox.intake.contents == [JPEG]
    assert inbox.intake.taken[0][2].cut_off is None


async def test_an_empty_file_waits_until_it_has_content(inbox: Inbox) -> None:
    await inbox.watcher.start()
    path = inbox.root / "empty.jpg"
    path.touch()
    shown = await inbox.until_waiting("empty.jpg", "empty (0 bytes)")
    assert (shown.size, shown.refused) == (0, False)
    path.write_bytes(JPEG)
    await inbox.until_taken("empty.jpg")


async def test_the_same_name_written_again_and_again_is_taken_each_time(inbox: Inbox) -> None:
    await inbox.watcher.start()
    versions = [samples.make_jpeg(scan=bytes([number]) * 5000) for number in range(1, 21)]
    for count, version in enumerate(versions, 1):
        (inbox.root / "SCN_0001.jpg").write_bytes(version)
        await inbox.until_count(count)
    assert inbox.intake.contents == versions


async def test_a_burst_of_a_thousand_files_is_taken(inbox: Inbox) -> None:
    await inbox.watcher.start()

    def drop() -> None:
        for number in range(1000):
            (inbox.root / f"{number}.jpg").write_bytes(JPEG)

    await asyncio.to_thread(drop)
    await until(lambda: len(inbox.intake.taken) == 1000, 20.0)
    assert len(set(inbox.intake.names)) == 1000
    assert inbox.watcher.missed == 0
    await until(lambda: inbox.watcher.waiting() == [])


@pytest.mark.parametrize(
    "raw",
    [
        b"two words.jpg", b"line\nbreak.jpg", b"-rf", b"--help.jpg", "🧾 Beleg ß.jpg".encode(), b"x" * 251 + b".jpg",
        b"caf\xe9\xff.jpg", b"tab\t.jpg", b"%s%n.jpg", b"'; drop table.jpg", b"a:b*c?.jpg", b" .jpg", b"\x1b[2J.jpg",
    ],
)  # fmt: skip
async def test_any_name_is_taken(inbox: Inbox, raw: bytes) -> None:
    inbox.make_watcher(patience_s=60.0)  # on a busy machine a look may take longer than the usual half second
    await inbox.watcher.start()
    path = inbox.root / os.fsdecode(raw)
    path.write_bytes(JPEG[:5000])
    await until(lambda: any("cut off" in waiting.reason for waiting in inbox.watcher.waiting()))
    shown = inbox.watcher.waiting()[0].file
    assert shown.encode().decode().isprintable() or "\ufffd" in shown
    path.write_bytes(JPEG)
    await inbox.until_taken(path.name)


async def test_scans_do_not_disturb_what_is_settling(inbox: Inbox) -> None:
    inbox.make_watcher(rescan_s=0.05, settle_s=0.3)
    await inbox.watcher.start()
    (inbox.root / "a.pdf").write_bytes(samples.make_pdf())
    await inbox.until_taken("a.pdf")
    assert inbox.watcher.missed == 0
    assert inbox.intake.recoveries > 1
