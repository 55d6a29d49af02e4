from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import aiohttp
import psutil  # type: ignore[import-untyped]
import pytest
from tests.documents.drawing import encode
from tests.documents.drawn_tills import CYRILLIC, draw
from tests.e2e import papers
from tests.integration.web.rig import form, get, post, run_site, upload, wait_for

from expensed.jobs import bell, worker
from expensed.ledger.documents import find_document
from expensed.ledger.tasks import PRIORITY_AWAITED, find_task
from expensed.model.states import DocumentState

MODELS = list(Path("/usr/share/tesseract-ocr").glob("*/tessdata/*"))
RECEIPT = papers.pdf(papers.receipt_lines(1))
PICTURE = papers.picture(papers.receipt_lines(2))
SAID = {"vendor": "Adobe Systems", "amount": 52.99, "date": "2024-01-15", "currency": "USD",
        "category": "Software & Services"}  # fmt: skip


@pytest.fixture
async def worked(tmp_path):
    """A site with its worker and a real Redis."""
    async with run_site(tmp_path, has_jobs=True) as site:
        yield site


async def find_child():
    async with asyncio.timeout(20):
        while True:
            for process in psutil.Process().children():
                if "expensed.readers.child" in " ".join(process.cmdline()):
                    return process
            await asyncio.sleep(0.01)


@asynccontextmanager
async def reading_held(site, http, file_id):
    """Make a request whose reading is suspended during the block and then continues."""
    await post(http, "/api/upload?extract=1", data=form(papers.pdf(papers.receipt_lines(9))))  # a process is ready
    running = asyncio.create_task(post(http, f"/api/extract/{file_id}"))
    child = await find_child()
    child.suspend()
    try:
        async with asyncio.timeout(10):
            while (
                await site.ledger.one("SELECT 1 FROM tasks WHERE origin = 'extract' AND standing = 'running'") is None
            ):
                await asyncio.sleep(0.01)
        yield running, child
    finally:
        if child.is_running():
            child.resume()


@pytest.mark.parametrize("how", [{}, {"json": {}}, {"json": {"async": False}}, {"data": b""}])
async def test_without_async_the_answer_is_what_was_read(site, http, how):
    file_id = await upload(http, RECEIPT)
    shown = await post(http, f"/api/extract/{file_id}", **how)
    assert list(shown)[:3] == ["success", "data", "file_id"]
    assert (shown["success"], shown["file_id"], shown["cached"]) == (True, file_id, False)
    assert list(shown["data"])[:5] == ["vendor", "amount", "date", "category", "confidence"]
    assert (shown["data"]["amount"], shown["data"]["date"]) == (7.53, "2024-03-14")
    assert shown["data"]["duplicate_of"] is None
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert (document.state, document.place.root, document.kind) == (DocumentState.READ, "inbox", "application/pdf")
    assert document.text is not None
    task = await get(http, f"/api/task/{shown['task_id']}")
    assert (task["state"], task["status"]) == ("SUCCESS", "Completed")
    assert task["result"] == {key: shown[key] for key in ("success", "data", "file_id", "cached")}


async def test_the_worker_looks_at_the_queue_when_the_bell_was_rung_and_not_only_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "POLL_S", 3600)
    async with run_site(tmp_path, has_jobs=True) as site, aiohttp.ClientSession(site.url) as http:
        for content in (RECEIPT, RECEIPT + b"\n"):
            file_id = await upload(http, content)
            queued = await post(http, f"/api/extract/{file_id}", 202, json={"async": True})
            assert (await wait_for(http, queued["task_id"], "SUCCESS", "FAILURE"))["state"] == "SUCCESS"


async def test_with_async_the_answer_is_a_task_that_redis_brings_to_its_end(worked):
    async with aiohttp.ClientSession(worked.url) as http:
        file_id = await upload(http, RECEIPT)
        shown = await post(http, f"/api/extract/{file_id}", 202, json={"async": True})
        assert shown == {
            "success": True,
            "task_id": shown["task_id"],
            "status": "processing",
            "message": "Document extraction queued. Use /api/task/<task_id> to check status.",
        }
        task = await wait_for(http, shown["task_id"], "SUCCESS", "FAILURE")
        assert task["result"]["data"]["amount"] == 7.53
        rows = await worked.ledger.all("SELECT status FROM events WHERE task_id = ? ORDER BY id", shown["task_id"])
        assert [row["status"] for row in rows] == [
            "Task is waiting in queue", "Running OCR...", "Applying ML enhancements...", "Detecting currency...",
            "Checking for duplicates...", "Finalizing...", "Completed",
        ]  # fmt: skip


async def test_the_same_bytes_are_not_read_twice_and_the_answer_says_so(site, http):
    first, second = await upload(http, PICTURE, "a.jpg"), await upload(http, PICTURE, "b.jpg")
    read = await post(http, f"/api/extract/{first}")
    child = await find_child()
    child.suspend()  # nothing can be read any more
    for file_id in (first, second, second):
        again = await post(http, f"/api/extract/{file_id}")
        assert again["cached"] is True
        assert again["data"] == read["data"]
    child.resume()


async def test_with_other_settings_they_are_read_anew(tmp_path):
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        await post(http, f"/api/extract/{file_id}")
        changed = site.settings.extraction.model_copy(update={"default_currency": "EUR"})
        site.pipeline.context.settings = site.settings.model_copy(update={"extraction": changed})
        assert (await post(http, f"/api/extract/{file_id}"))["cached"] is False


async def test_on_another_day_they_are_read_anew_since_what_is_read_depends_on_it(site, http):
    context, dated = site.pipeline.context, papers.pdf(["Corner Shop Ltd", "Date: 2024-06-20", "Total 12.50 USD"])
    file_id = await upload(http, dated)
    context.now = lambda: datetime(2024, 6, 1, tzinfo=UTC)
    assert (await post(http, f"/api/extract/{file_id}"))["data"]["date"] is None, "it is still to come"
    context.now = lambda: datetime(2024, 7, 1, tzinfo=UTC)
    assert (await post(http, f"/api/extract/{file_id}"))["data"]["date"] == "2024-06-20"
    assert (await post(http, f"/api/extract/{file_id}"))["cached"] is True


async def test_two_clients_that_ask_for_the_same_file_at_once_both_get_it_from_one_reading(site, http):
    file_id = await upload(http, PICTURE, "a.jpg")
    shown = await asyncio.gather(*(post(http, f"/api/extract/{file_id}") for _ in range(5)))
    assert sorted(one["cached"] for one in shown) == [False, True, True, True, True]
    assert all(one["data"] == shown[0]["data"] for one in shown)
    assert len({one["task_id"] for one in shown}) == 5


async def test_the_same_bytes_asked_for_again_keep_no_slot_from_others(site, http):
    same, other = await upload(http, PICTURE, "a.jpg"), await upload(http, RECEIPT)
    site.pipeline.context.gate.slots = 2
    async with reading_held(site, http, same) as (running, _):
        again = [asyncio.create_task(post(http, f"/api/extract/{same}")) for _ in range(2)]
        await asyncio.sleep(0.2)
        async with asyncio.timeout(10):
            assert (await post(http, f"/api/extract/{other}"))["success"] is True
    assert [(await one)["cached"] for one in (running, *again)] == [False, True, True]


async def test_the_next_is_let_in_once_the_child_is_free_however_busy_the_ledger_is(site, http):
    file_id = await upload(http, PICTURE, "a.jpg")
    async with reading_held(site, http, file_id) as (running, child), site.ledger.transaction():
        child.resume()
        async with asyncio.timeout(20), site.pipeline.context.gate.enter(PRIORITY_AWAITED, 0):
            assert not running.done()
    assert (await running)["success"] is True


async def test_the_same_bytes_asked_for_again_and_again_keep_no_one_else_from_the_gate(tmp_path):
    async with run_site(tmp_path, has_jobs=True) as site, aiohttp.ClientSession(site.url) as http:
        same, other = await upload(http, RECEIPT, "a.pdf"), await upload(http, RECEIPT + b"\n", "b.pdf")
        document = await find_document(site.ledger, same)
        assert document is not None
        with site.pipeline.context.readings.take_if_free(document.sha256):
            held = [
                await post(http, f"/api/extract/{same}", 202, json={"async": True})
                for _ in range(bell.AWAITED_AT_ONCE + 1)
            ]
            queued = await post(http, f"/api/extract/{other}", 202, json={"async": True})
            assert (await wait_for(http, queued["task_id"], "SUCCESS", "FAILURE"))["state"] == "SUCCESS"
        for each in held:
            assert (await wait_for(http, each["task_id"], "SUCCESS", "FAILURE"))["state"] == "SUCCESS"


async def test_as_soon_as_one_is_read_there_is_room_for_another(tmp_path, monkeypatch):
    monkeypatch.setattr(bell, "LOOK_S", 3600)
    monkeypatch.setattr(bell, "AWAITED_AT_ONCE", 1)
    async with run_site(tmp_path, has_jobs=True) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        queued = [await post(http, f"/api/extract/{file_id}", 202, json={"async": True}) for _ in range(20)]
        for each in queued:
            assert (await wait_for(http, each["task_id"], "SUCCESS", "FAILURE"))["state"] == "SUCCESS"


async def test_an_unknown_document_is_404_whatever_it_is_called(http):
    for name in ("nope", "..%2F..%2Fetc%2Fpasswd", "%00", "%ff", "a" * 1000, "20240115_120000_invoice.pdf"):
        shown = await post(http, f"/api/extract/{name}", 404)
        assert shown["success"] is False
        assert "/etc" not in shown["error"] or name.startswith("..")
    await post(http, "/api/extract/", 404)
    await post(http, "/api/extract/../../etc/passwd", 404)


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"json": {"async": "perhaps"}}, 422, "invalid"),
        ({"json": [1]}, 422, "invalid"),
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400, "broken-json"),
        ({"data": {"async": "true"}}, 415, "not-json"),
    ],
)
async def test_a_body_that_is_no_use_is_refused(site, http, how, status, code):
    file_id = await upload(http, RECEIPT)
    assert (await post(http, f"/api/extract/{file_id}", status, **how))["code"] == code


async def test_a_file_that_was_removed_is_gone(site, http):
    file_id = await upload(http, RECEIPT)
    next((site.pipeline.context.claims / file_id).iterdir()).unlink()
    shown = await post(http, f"/api/extract/{file_id}", 410)
    assert shown["code"] == "gone"
    assert (await get(http, f"/api/task/{shown['task_id']}"))["state"] == "FAILURE"


async def test_a_broken_file_fails_with_a_sentence_and_can_be_tried_again(site, http):
    file_id = await upload(http, b"%PDF-1.4\nno document\nstartxref\n9\n%%EOF\n")
    shown = await post(http, f"/api/extract/{file_id}", 422)
    assert (shown["code"], shown["file_id"]) == ("corrupt", file_id)
    task = await get(http, f"/api/task/{shown['task_id']}")
    assert (task["state"], task["status"], task["error"]) == ("FAILURE", "Failed", shown["error"])
    again = await post(http, f"/api/task/{shown['task_id']}/retry")
    assert (again["state"], again["attempt"]) == ("PENDING", 2)
    assert (await post(http, f"/api/task/{shown['task_id']}/retry", 409))["code"] == "busy"


async def test_what_is_read_of_a_filed_document_changes_nothing_about_it(site, http):
    file_id = await upload(http, RECEIPT)
    filed = await post(http, "/api/process", json={"file_id": file_id, "expense_data": SAID})
    before = await find_document(site.ledger, file_id)
    shown = await post(http, f"/api/extract/{file_id}")
    assert shown["data"]["amount"] == 7.53
    after = await find_document(site.ledger, file_id)
    assert (after, filed["state"]) == (before, "filed")


async def test_a_duplicate_is_reported(site, http):
    first = await upload(http, RECEIPT)
    await post(http, "/api/process", json={"file_id": first, "expense_data": SAID})
    second = await upload(http, RECEIPT)
    assert (await post(http, f"/api/extract/{second}"))["data"]["duplicate_of"] == first
    document = await find_document(site.ledger, second)
    assert document is not None
    assert document.state is DocumentState.READ


async def test_filing_wins_over_a_running_extraction_and_both_succeed(site, http):
    file_id = await upload(http, PICTURE, "a.jpg")
    async with reading_held(site, http, file_id) as (running, _):
        filed = await post(http, "/api/process", json={"file_id": file_id, "expense_data": SAID})
        assert filed["state"] == "filed"
        assert not (site.pipeline.context.claims / file_id).exists()
    shown = await running
    assert (shown["success"], shown["data"]["amount"]) == (True, 7.56)
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert document.result is not None
    assert (document.state, document.result.amount) == (DocumentState.FILED, Decimal("52.99"))


async def test_a_child_that_dies_is_replaced_and_the_answer_comes(site, http):
    file_id = await upload(http, PICTURE, "a.jpg")
    async with reading_held(site, http, file_id) as (running, child):
        child.kill()
        async with asyncio.timeout(10):
            while (row := await site.ledger.one("SELECT id, attempt FROM tasks WHERE attempt > 1")) is None:
                await asyncio.sleep(0.01)
        task = await get(http, f"/api/task/{row['id']}")
        if task["state"] == "PENDING":
            assert (task["attempt"], task["attempts_allowed"]) == (2, 3)
            assert task["next_attempt_at"]
            assert "ended without an answer" in task["last_error"]
            async with http.get(f"/api/task/{row['id']}", headers={"Accept": "text/plain"}) as answer:
                line = await answer.text()
            assert re.match(r"a\.jpg: Task is waiting in queue\. Attempt 2 of 3 at \S+Z\. The reading process ", line)
    assert (await running)["data"]["amount"] == 7.56


async def test_one_that_takes_too_long_is_killed_has_one_more_try_and_fails(tmp_path):
    async with run_site(tmp_path, time_limit_s=0.05) as site, aiohttp.ClientSession(site.url) as http:
        shown = await post(http, "/api/upload?extract=1", 503, data=form(PICTURE, "a.jpg"))
        assert shown["code"] == "timeout"
        task = await get(http, f"/api/task/{shown['task_id']}")
        assert (task["state"], task["code"], task["attempt"]) == ("FAILURE", "timeout", 2)
        document = await find_document(site.ledger, shown["file_id"])
        assert document is not None
        assert document.state is DocumentState.UPLOADED


async def test_at_the_soft_limit_it_ends_with_what_was_read_and_is_not_remembered(tmp_path):
    content, reading = papers.long_tiff(papers.receipt_lines(3), 5), {"soft_time_limit_s": 0.01}
    async with run_site(tmp_path, reading=reading) as site, aiohttp.ClientSession(site.url) as http:
        shown = await post(http, "/api/upload?extract=1", data=form(content, "long.tif"))
        assert shown["data"]["needs_review"] is True
        assert any("Time ran out" in reason for reason in shown["data"]["reasons"])
        assert (await post(http, f"/api/extract/{shown['file_id']}"))["cached"] is False


async def test_a_document_whose_script_could_not_be_read_is_read_again_once_its_model_is_there(tmp_path, monkeypatch):
    (models := tmp_path / "models").mkdir()
    monkeypatch.setenv("TESSDATA_PREFIX", str(models))
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        shown = await post(http, "/api/upload?extract=1", data=form(encode(draw(CYRILLIC)), "чек.png"))
        assert any("tesseract-ocr-script-cyrl" in reason for reason in shown["data"]["reasons"])
        for model in MODELS:
            (models / model.name).symlink_to(model)
        again = await post(http, f"/api/extract/{shown['file_id']}")
    assert not any("tesseract-ocr-script-cyrl" in reason for reason in again["data"]["reasons"])
    assert again["data"]["amount"] == 255.4


async def test_who_waits_goes_before_the_bulk_and_who_holds_the_line_before_who_asks_again(site, http):
    gate, begun_before_bulk = site.pipeline.context.gate, []
    files = [await upload(http, papers.pdf(papers.receipt_lines(number)), f"{number}.pdf") for number in (10, 11)]

    async def bulk():
        async with gate.enter(1, 0):
            begun_before_bulk.extend(await site.ledger.all(
                "SELECT d.id FROM attempts a JOIN tasks t ON t.number = a.task"
                " JOIN documents d ON d.number = t.document ORDER BY a.started_at"
            ))  # fmt: skip

    async def later():
        shown = await post(http, f"/api/extract/{files[0]}", 202, json={"async": True})
        task = await find_task(site.ledger, shown["task_id"])
        assert task is not None
        await site.pipeline.follow(task)

    async with asyncio.TaskGroup() as group, gate.enter(1, 0):  # the only slot is taken
        for count, work in enumerate((bulk(), later(), post(http, f"/api/extract/{files[1]}")), 1):
            group.create_task(work)
            async with asyncio.timeout(5):
                while gate.waiting < count:
                    await asyncio.sleep(0.01)
    assert [row["id"] for row in begun_before_bulk] == [files[1], files[0]]


async def test_the_outcome_expires_and_the_document_stays(tmp_path):
    async with run_site(tmp_path, queue={"result_expires_s": 0.5}) as site, aiohttp.ClientSession(site.url) as http:
        shown = await post(http, "/api/upload?extract=1", data=form(RECEIPT))
        await asyncio.sleep(0.6)
        expired = await get(http, f"/api/task/{shown['task_id']}", 410)
        assert expired["code"] == "expired"
        assert expired["document"] == f"/api/documents/{shown['file_id']}"
        assert expired["document"] in expired["hint"]
        await site.pipeline.recover()
        row = await site.ledger.one("SELECT result FROM tasks WHERE id = ?", shown["task_id"])
        assert row is not None
        assert row["result"] is None
        document = await find_document(site.ledger, shown["file_id"])
        assert document is not None
        assert document.result is not None
        dropped = await site.add()
        assert (await get(http, f"/api/task/{dropped.id}"))["state"] == "PENDING"


async def test_a_task_is_one_line_for_who_asks_for_text(site, http):
    shown = await post(http, "/api/upload?extract=1", data=form(RECEIPT, "my receipt.pdf"))
    for accept, is_text in (("text/plain", True), ("text/plain, */*;q=0.1", True), ("*/*", False),
                            ("application/json, text/plain;q=0.5", False)):  # fmt: skip
        async with http.get(f"/api/task/{shown['task_id']}", headers={"Accept": accept}) as answer:
            assert answer.content_type == ("text/plain" if is_text else "application/json")
            text = await answer.text()
        if is_text:
            assert text == "my receipt.pdf: read. Completed\n"
