from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.web.rig import RESULT

from expensed.errors import BackendUnavailable, Fault, PlaceAway
from expensed.ledger.documents import find_first
from expensed.model.admission import WaitingFile
from expensed.model.place import Place
from expensed.model.states import DocumentState, Root, TaskState
from expensed.web.deps import DEPENDENCIES


async def get(http, path):
    async with http.get(path) as answer:
        return answer.status, await answer.json()


async def test_healthz_says_that_the_daemon_lives(site, http):
    status, shown = await get(http, "/healthz")
    assert (status, shown["status"], shown["run"]) == (200, "ok", site.pipeline.context.run)


async def test_the_uptime_is_true_although_the_clock_was_set_back(site, http):
    object.__setattr__(site.app[DEPENDENCIES], "started_at", datetime.now(UTC) + timedelta(hours=3))
    assert 0 <= (await get(http, "/healthz"))[1]["uptime_s"] < 60
    assert 0 <= (await get(http, "/api/stats"))[1]["uptime_s"] < 60


async def test_readyz_says_that_all_works(site, http):
    status, shown = await get(http, "/readyz")
    assert (status, shown["status"]) == (200, "ready")
    assert set(shown["checks"]) == {"ledger", "inbox", "archive", "state", "disk", "documents", "queue", "worker"}
    assert all(check["ok"] for check in shown["checks"].values())


async def test_readyz_says_what_is_wrong_with_the_queue_at_once(site, http):
    site.trouble = "Redis does not answer: refused"
    started = time.monotonic()
    status, shown = await get(http, "/readyz")
    assert time.monotonic() - started < 1.9
    assert (status, shown["code"]) == (503, "not-ready")
    assert shown["error"] == "The queue does not work: Redis does not answer: refused."
    assert shown["checks"]["queue"] == {"ok": False, "message": shown["error"]}
    assert shown["checks"]["ledger"]["ok"] is True


async def test_readyz_names_a_folder_that_is_not_there_without_its_path(site, http):
    site.settings.inbox.path.rename(site.settings.state.path / "away")
    status, shown = await get(http, "/readyz")
    assert (status, shown["checks"]["inbox"]["ok"], shown["checks"]["archive"]["ok"]) == (503, False, True)
    assert str(site.settings.inbox.path.parent) not in str(shown)


async def test_readyz_notices_a_ledger_that_does_not_answer(site, http):
    await site.ledger.close()
    status, shown = await get(http, "/readyz")
    assert (status, shown["checks"]["ledger"]["ok"]) == (503, False)
    assert (await get(http, "/healthz"))[0] == 200


async def test_a_write_that_failed_is_remembered_and_shown_until_one_succeeds(site, http):
    with pytest.raises(BackendUnavailable):
        async with site.ledger.transaction() as tx:
            await tx.execute("INSERT INTO no_such_table VALUES (1)")
    status, shown = await get(http, "/readyz")
    assert (status, shown["checks"]["ledger"]["ok"]) == (503, False)
    assert "no such table" in shown["error"]
    async with http.get("/") as answer:
        assert "no such table" in await answer.text()
    await site.add("a.pdf")
    assert (await get(http, "/readyz"))[0] == 200


def waiting(file, **given):
    return WaitingFile(**{"file": file, "reason": "It is empty.", "size": 0, "since": datetime.now(UTC)} | given)


async def test_the_inbox_shows_what_waits_and_why_the_oldest_first(site, http):
    since = datetime(2024, 1, 15, 12, 0, 0, 500_000, tzinfo=UTC)
    odd = os.fsdecode(b"bad\xff.pdf")
    site.waiting = [waiting("b.pdf"), waiting(odd, since=since, size=3, refused=True)]
    status, shown = await get(http, "/api/inbox")
    assert (status, shown["success"]) == (200, True)
    assert shown["inbox"][0] == {
        "file": odd, "reason": "It is empty.", "size": 3, "since": "2024-01-15T12:00:00.500Z", "refused": True
    }  # fmt: skip
    assert [file["file"] for file in shown["inbox"]] == [odd, "b.pdf"]


async def test_the_front_page_tells_in_plain_text_how_all_stands(site, http):
    filed = await site.add("a.pdf")
    place = Place(Root.ARCHIVE, "2024/Other/a.pdf")
    await site.end(filed, TaskState.SUCCESS, state=DocumentState.FILED, place=place, result=RESULT)
    failed = await site.add("evil\x1b[31m\nname.pdf")
    await site.end(
        failed,
        TaskState.FAILURE,
        Fault("x", "It is broken."),
        state=DocumentState.FAILED,
    )
    await site.add("c.pdf")
    site.waiting = [waiting(f"{n}.pdf", since=datetime.now(UTC) - timedelta(minutes=5)) for n in range(12)]
    async with http.get("/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/plain")
        lines = (await answer.text()).splitlines()
    assert lines[0] == "expensed is running: 1 in progress, 1 filed, 1 failed."
    assert lines[2] == "Still in the inbox (12):"
    assert lines[3] == "  0.pdf  (for 5 min) It is empty."
    assert "and 2 more" in lines[13]
    assert lines[15].startswith("Failed (1); ")
    assert lines[16].endswith("  It could not be read.")
    assert lines[18] == "Last documents:"
    assert [line[23:] for line in lines[19:]] == [
        "working    c.pdf: Task is waiting in queue",
        r"failed     evil\x1b[31m\nname.pdf: It is broken.",
        "filed      a.pdf -> 2024/Other/a.pdf",
    ]


async def test_the_front_page_lists_what_waits_for_a_person_and_each_document_once(site, http):
    waits = await site.add_in_review("odd.pdf")
    filed = await site.add_in_review("b.pdf")
    body = {"file_id": filed.document_id, "expense_data": {}}
    async with http.post("/api/process", json=body) as answer:
        assert answer.status == 200
    async with http.get("/") as answer:
        lines = (await answer.text()).splitlines()
    assert lines[2].startswith("In review, waiting for you (1); ")
    assert lines[3] == f"  {waits.document_id}  The vendor is not sure."
    assert lines[5] == "Last documents:"
    said = [line[23:].split(" -> ")[0] for line in lines[6:]]
    assert said == ["filed      b.pdf", "in review  odd.pdf"]
    times = [line[2:21] for line in lines[6:]]
    assert times == sorted(times, reverse=True)


async def test_the_front_page_of_an_idle_daemon_is_one_sentence(site, http):
    site.trouble = "Redis is away"
    async with http.get("/") as answer:
        text = await answer.text()
    assert text.strip() == (
        "expensed is running: nothing in progress."
        " The queue does not work (Redis is away); documents wait in the ledger."
    )


async def test_a_browser_gets_a_page_that_may_run_only_itself(site, http):
    async with http.get("/", headers={"Accept": "text/html,*/*;q=0.8"}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Vary"] == "Accept"


async def test_the_contract_is_served_for_programs_and_for_people(site, http):
    status, document = await get(http, "/api/openapi.json")
    assert (status, document["openapi"]) == (200, "3.1.0")
    async with http.get("/api/docs") as answer:
        page = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert all(path in page for path in document["paths"])


async def test_a_disk_that_hangs_costs_one_thread_however_often_readyz_is_asked(site, http, monkeypatch):
    asked, back, disk_usage = [], threading.Event(), shutil.disk_usage

    def hang(folder):
        if folder == site.settings.archive.path:
            asked.append(folder)
            back.wait(30)
        return disk_usage(folder)

    monkeypatch.setattr(shutil, "disk_usage", hang)
    try:
        answers = await asyncio.gather(*(get(http, "/readyz") for _ in range(6)))
        began = time.monotonic()
        answers.append(await get(http, "/readyz"))
        assert time.monotonic() - began < 1.9, "it is known to hang"
        assert len(asked) == 1
        assert {status for status, _ in answers} == {503}
        assert answers[0][1]["checks"]["archive"]["message"] == "The archive folder does not answer."
        assert answers[0][1]["checks"]["inbox"]["ok"] is True
    finally:
        back.set()


async def test_an_archive_that_hangs_does_not_hold_the_ledger_for_long(site, monkeypatch):
    task = await site.add_filed("a.pdf", b"same")
    filed, context = await site.document(task), site.pipeline.context
    asked, back, lstat = [], threading.Event(), Path.lstat

    def hang(path):
        if path.name == Path(filed.place.path).name:
            asked.append(path)
            back.wait(30)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", hang)
    try:
        for _ in range(3):
            async with asyncio.timeout(8):
                with pytest.raises(PlaceAway, match="does not answer"):
                    async with site.ledger.transaction() as tx:
                        await find_first(tx, filed.number + 1, filed.sha256, context.is_there)
                await site.add("b.pdf")
        assert len(asked) == 1
    finally:
        back.set()
