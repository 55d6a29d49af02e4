"""What the pipeline answers, and what the watcher does with it."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest
from tests.integration.inbox.conftest import Inbox, until
from tests.unit.formats import samples

from expensed.model.admission import Admission
from expensed.model.states import AdmissionOutcome

JPEG = samples.make_jpeg()
OTHER_JPEG = samples.make_jpeg(scan=b"\x44" * 300)


async def test_what_waits_is_shown_with_the_reason_and_tried_at_each_rescan(inbox: Inbox) -> None:
    inbox.make_watcher(rescan_s=0.1)
    inbox.intake.answers = [Admission(AdmissionOutcome.WAITS, reason="The folder is sticky.")] * 3
    await inbox.watcher.start()
    (inbox.root / "a.jpg").write_bytes(JPEG)
    await inbox.until_waiting("a.jpg", "The folder is sticky.")
    await inbox.until_taken("a.jpg")
    assert len(inbox.intake.asked) == 4


async def test_the_first_rescan_recovers_and_tries_again_not_only_the_second_one(inbox: Inbox) -> None:
    inbox.make_watcher(rescan_s=1.0)
    (inbox.root / "a.jpg").write_bytes(JPEG)
    inbox.intake.answers = [Admission(AdmissionOutcome.WAITS, reason="The folder is sticky.")]
    began = time.monotonic()
    await inbox.watcher.start()
    await inbox.until_taken("a.jpg")
    assert inbox.intake.recoveries == 2
    assert time.monotonic() - began < 1.8, "it was tried at the first rescan"


async def test_what_could_not_be_recorded_says_so_until_it_is(inbox: Inbox) -> None:
    claim = inbox.root / ".expensed" / "20240101_100000_a.jpg" / "a.jpg"
    claim.parent.mkdir(parents=True)
    claim.write_bytes(JPEG)
    trouble = "The ledger cannot be written: the disk is full."
    unsettled = Admission(AdmissionOutcome.UNSETTLED, path=claim, reason=trouble)
    inbox.intake.leftovers, inbox.intake.answers = [claim], [unsettled] * 3
    inbox.make_watcher(settle_s=0.3)
    await inbox.watcher.start()
    await inbox.until_waiting("a.jpg", trouble)
    shown = set()
    while not inbox.intake.taken:
        shown |= {file.reason for file in inbox.watcher.waiting()}
        await asyncio.sleep(0.005)
    assert shown == {trouble}


async def test_an_error_of_the_pipeline_never_stops_the_watcher(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    inbox.make_watcher(rescan_s=0.1)
    inbox.intake.answers = [RuntimeError("the ledger is on fire")] * 12
    await inbox.watcher.start()
    with caplog.at_level(logging.CRITICAL, "expensed.inbox"):
        for number in range(12):
            (inbox.root / f"{number}.jpg").write_bytes(JPEG)
        await inbox.until_waiting("3.jpg", "could not be handled")
        await inbox.until_taken(*(f"{number}.jpg" for number in range(12)))


async def test_a_recovery_that_fails_never_stops_the_watcher(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> list[Path]:
        raise OSError("no")

    monkeypatch.setattr(inbox.intake, "recover", fail)
    with caplog.at_level(logging.CRITICAL, "expensed.inbox"):
        await inbox.watcher.start()
    (inbox.root / "a.jpg").write_bytes(JPEG)
    await inbox.until_taken("a.jpg")


async def test_files_that_recovery_names_settle_where_they_lie(inbox: Inbox) -> None:
    claim = inbox.root / ".expensed" / "20240101_100000_left.jpg" / "left.jpg"
    claim.parent.mkdir(parents=True)
    claim.write_bytes(JPEG[:90])
    inbox.intake.leftovers = [claim]
    inbox.make_watcher(rescan_s=0.05, patience_s=60.0)
    await inbox.watcher.start()
    shown = await inbox.until_waiting("left.jpg", "looks cut off")
    assert not shown.refused
    claim.write_bytes(JPEG)
    await until(lambda: inbox.intake.asked)
    inbox.intake.leftovers = []
    await inbox.until_taken("left.jpg")
    assert inbox.intake.asked == [claim]
    assert inbox.watcher.missed == 0


async def test_a_file_rewritten_while_it_is_being_taken_settles_in_its_claim(inbox: Inbox) -> None:
    await inbox.watcher.start()
    inbox.intake.gate.clear()
    path = inbox.root / "SCN_0001.jpg"
    path.write_bytes(JPEG)
    await until(lambda: inbox.intake.asked)
    path.write_bytes(OTHER_JPEG)
    inbox.intake.gate.set()
    await inbox.until_taken("SCN_0001.jpg")
    assert inbox.intake.contents == [OTHER_JPEG]
    assert inbox.intake.asked[-1].parent.parent.name == ".expensed"


async def test_a_file_replaced_while_it_is_being_taken_is_taken_as_well(inbox: Inbox) -> None:
    await inbox.watcher.start()
    path = inbox.root / "SCN_0001.jpg"
    for round_ in range(1, 6):
        inbox.intake.gate.clear()
        path.write_bytes(JPEG)
        await until(lambda: len(inbox.intake.asked) > len(inbox.intake.taken))
        inbox.intake.gate.set()
        await until(lambda: not path.exists())
        path.write_bytes(OTHER_JPEG)
        await inbox.until_count(2 * round_)
    assert inbox.intake.contents == [JPEG, OTHER_JPEG] * 5


async def test_a_claim_that_cannot_be_settled_yet_is_not_asked_for_in_a_hot_loop(inbox: Inbox) -> None:
    claim = inbox.root / ".expensed" / "id" / "held.jpg"
    claim.parent.mkdir(parents=True)
    claim.write_bytes(JPEG)
    inbox.intake.leftovers = [claim]
    inbox.intake.answers = [Admission(AdmissionOutcome.UNSETTLED, path=claim)] * 100
    await inbox.watcher.start()
    await until(lambda: len(inbox.intake.asked) >= 3)
    began, asked = time.monotonic(), len(inbox.intake.asked)
    await until(lambda: len(inbox.intake.asked) >= asked + 4)  # the first of them comes whenever it is due
    assert time.monotonic() - began >= 0.3


async def test_a_file_that_vanishes_is_forgotten(inbox: Inbox) -> None:
    inbox.make_watcher(patience_s=60.0)
    await inbox.watcher.start()
    (inbox.root / "cut.jpg").write_bytes(JPEG[:90])
    await inbox.until_waiting("cut.jpg", "looks cut off")
    (inbox.root / "cut.jpg").unlink()
    await until(lambda: inbox.watcher.waiting() == [])


async def test_a_stop_awaits_the_admission_in_progress_and_takes_no_more(inbox: Inbox) -> None:
    inbox.intake.gate.clear()
    await inbox.watcher.start()
    (inbox.root / "first.jpg").write_bytes(JPEG)
    await until(lambda: inbox.intake.asked)
    stopping = asyncio.create_task(inbox.watcher.stop())
    (inbox.root / "second.jpg").write_bytes(JPEG)
    await asyncio.sleep(0.05)
    assert not stopping.done()
    inbox.intake.gate.set()
    await stopping
    assert inbox.intake.names == ["first.jpg"]
    assert (inbox.root / "second.jpg").exists()


async def test_a_stop_is_quick_with_a_thousand_files_waiting(inbox: Inbox) -> None:
    inbox.make_watcher(settle_s=60.0)
    for number in range(1000):
        (inbox.root / f"{number}.pdf").write_bytes(samples.make_pdf())
    await inbox.watcher.start()
    began = time.monotonic()
    await inbox.watcher.stop()
    assert time.monotonic() - began < 3


async def test_a_stop_in_the_midst_of_many_looks_does_not_hang(inbox: Inbox) -> None:
    for number in range(200):
        (inbox.root / f"{number}.jpg").write_bytes(JPEG[:90])
    for _ in range(10):
        inbox.make_watcher(settle_s=0.01, patience_s=0.02, rescan_s=0.05)
        inbox.intake.answers = [Admission(AdmissionOutcome.WAITS, reason="Not now.")] * 10_000
        await inbox.watcher.start()
        inbox.intake.asked.clear()
        await until(lambda: len(inbox.intake.asked) > 20)
        await asyncio.wait_for(inbox.watcher.stop(), 8.0)


async def test_stopping_what_was_never_started_is_harmless(inbox: Inbox) -> None:
    await inbox.watcher.stop()
