"""Cancelling a task in each of its states."""

from __future__ import annotations

import asyncio

import pytest
from tests.e2e import papers
from tests.integration.web.rig import FILED, form, get, post, until, upload
from tests.integration.web.test_extract import find_child

from expensed.ledger.documents import find_document, get_document
from expensed.ledger.lessons import find_lesson
from expensed.ledger.task_moves import hand_back
from expensed.ledger.tasks import find_unfinished_task, get_task
from expensed.model.admission import Judged
from expensed.model.states import AttemptOutcome, DocumentState

RECEIPT = papers.pdf(papers.receipt_lines(1))
PICTURE = papers.picture(papers.receipt_lines(2))
SAID = {"vendor": "Adobe Systems", "amount": 52.99, "date": "2024-01-15", "currency": "USD",
        "category": "Software & Services"}  # fmt: skip


async def drop(site, name="scan.pdf", content=RECEIPT):
    """Admit a dropped file; return its task."""
    path = site.settings.inbox.path / name
    path.write_bytes(content)
    status = path.stat()
    judged = Judged(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    admission = await site.pipeline.admit(path, judged)
    assert admission.document_id is not None, admission
    document = await find_document(site.ledger, admission.document_id)
    assert document is not None
    task = await find_unfinished_task(site.ledger, document.number)
    assert task is not None
    return task


async def patch(http, task, said):
    """Correct a document; return status and answer."""
    async with http.patch(f"/api/documents/{task.document_id}", json=said) as answer:
        return answer.status, await answer.json()


def note_questions(site, monkeypatch):
    """Record what the reading processes are asked from now on: whatever is in the list has been sent to one."""
    examine, asked = site.pipeline.context.children.examine, []

    async def note_and_examine(path, *rest):
        asked.append(path)
        return await examine(path, *rest)

    monkeypatch.setattr(site.pipeline.context.children, "examine", note_and_examine)
    return asked


async def expect_in_failed(site, http, task, name="scan.pdf", content=RECEIPT):
    shown = await get(http, f"/api/task/{task.id}")
    assert [shown[key] for key in ("state", "status", "code", "error")] == [
        "FAILURE", "Failed", "cancelled", "It was cancelled."
    ]  # fmt: skip
    assert shown["path"] == f"_failed/{name}"
    failed = site.settings.archive.path / "_failed" / name
    assert failed.read_bytes() == content
    assert "It was cancelled." in failed.with_name(f"{name}.why.txt").read_text()
    assert not (site.pipeline.context.claims / task.document_id).exists()


async def test_a_dropped_file_that_waits_goes_to_failed_and_can_be_tried_again(site, http):
    task = await drop(site)
    shown = await post(http, f"/api/task/{task.id}/cancel")
    assert shown == {
        "success": True,
        "task_id": task.id,
        "status": "cancelled",
        "message": "Task cancelled.",
        "state": "FAILURE",
        "file_id": task.document_id,
    }
    await expect_in_failed(site, http, task)
    assert (await post(http, f"/api/task/{task.id}/retry"))["state"] == "PENDING"
    ended = await site.pipeline.follow(await get_task(site.ledger, task.number))
    assert (ended.state, (await site.document(task)).state) == ("SUCCESS", DocumentState.FILED)


async def test_one_that_stands_at_the_gate_goes_at_once(site, http):
    task = await drop(site)
    async with site.pipeline.context.gate.enter(0, 0):
        step = asyncio.create_task(site.pipeline.run_step(task.step, task.id, task.attempt))
        async with asyncio.timeout(5):
            while not site.pipeline.context.gate.waiting:
                await asyncio.sleep(0.01)
        await post(http, f"/api/task/{task.id}/cancel")
        await step
        await expect_in_failed(site, http, task)


async def test_one_that_is_being_read_goes_and_the_reading_process_is_killed(site, http, monkeypatch):
    await post(http, "/api/upload?extract=1", data=form(RECEIPT))
    questions = note_questions(site, monkeypatch)
    task = await drop(site, "scan.jpg", PICTURE)
    child = await find_child()
    child.suspend()
    step = asyncio.create_task(site.pipeline.run_step(task.step, task.id, task.attempt))
    async with asyncio.timeout(10):
        while (await get(http, f"/api/task/{task.id}"))["state"] != "PROCESSING":
            await asyncio.sleep(0.01)
    await until(lambda: bool(questions))
    await post(http, f"/api/task/{task.id}/cancel")
    await step
    await expect_in_failed(site, http, task, "scan.jpg", PICTURE)
    async with asyncio.timeout(5):
        while child.is_running():
            await asyncio.sleep(0.01)


async def test_one_that_the_archive_cannot_take_goes_when_it_can(site, http):
    away = site.settings.archive.path.rename(site.settings.state.path / "away")
    task = await drop(site)
    followed = await site.pipeline.follow(task)
    assert (followed.standing, followed.state) == ("due", "PENDING")
    shown = await get(http, f"/api/task/{task.id}")
    assert shown["attempts_allowed"] is None  # it is tried until the archive is back
    assert shown["last_error"] == "The archive folder is not there: No such file or directory."
    assert (await post(http, f"/api/task/{task.id}/cancel"))["state"] == "PENDING"
    away.rename(site.settings.archive.path)
    while (now := await get_task(site.ledger, task.number)).standing != "ended":
        await site.pipeline.follow(now)
        await asyncio.sleep(0.05)
    await expect_in_failed(site, http, task)
    assert {path.name for path in site.settings.archive.path.iterdir()} == {".expensed", "_failed"}


async def test_a_twin_that_waits_goes_and_when_its_first_goes_it_takes_its_place(site, http):
    first, second, third = [await drop(site, f"{number}.pdf") for number in range(3)]
    assert (await get_task(site.ledger, second.number)).standing == "waiting"
    await post(http, f"/api/task/{second.id}/cancel")
    await expect_in_failed(site, http, second, "1.pdf")
    await post(http, f"/api/task/{first.id}/cancel")
    await expect_in_failed(site, http, first, "0.pdf")
    ended = await site.pipeline.follow(await get_task(site.ledger, third.number))
    assert (ended.state, (await site.document(third)).state) == ("SUCCESS", DocumentState.FILED)


async def test_one_that_settles_anew_goes_as_it_is(site, http):
    task = await drop(site)
    changed = RECEIPT + b"\n% more"
    path = site.pipeline.context.locate((await site.document(task)).place)
    await site.pipeline.run_step(task.step, task.id, task.attempt)
    path.write_bytes(changed)
    now = await get_task(site.ledger, task.number)
    await site.pipeline.run_step(now.step, now.id, now.attempt)
    assert (await get_task(site.ledger, task.number)).standing == "unsettled"
    await post(http, f"/api/task/{task.id}/cancel")
    await expect_in_failed(site, http, task, content=changed)


async def test_an_extraction_that_runs_is_cancelled_its_client_is_told_and_the_upload_stays(site, http, monkeypatch):
    file_id = await upload(http, PICTURE, "a.jpg")
    await post(http, "/api/upload?extract=1", data=form(RECEIPT))
    questions = note_questions(site, monkeypatch)
    child = await find_child()
    child.suspend()

    async def ask():
        async with http.post(f"/api/extract/{file_id}") as answer:
            return answer.status, await answer.json()

    asked = asyncio.create_task(ask())
    async with asyncio.timeout(10):
        while (row := await site.ledger.one("SELECT id FROM tasks WHERE standing = 'running'")) is None:
            await asyncio.sleep(0.01)
    await until(lambda: bool(questions))
    assert (await post(http, f"/api/task/{row['id']}/cancel"))["state"] == "FAILURE"
    status, shown = await asked
    assert (status, shown["code"], shown["task_id"]) == (409, "cancelled", row["id"])
    async with asyncio.timeout(5):
        while child.is_running():
            await asyncio.sleep(0.01)
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert document.state is DocumentState.UPLOADED
    assert site.pipeline.context.locate(document.place).read_bytes() == PICTURE
    assert (await post(http, f"/api/extract/{file_id}"))["success"] is True


async def test_an_extraction_that_waits_is_cancelled(site, http):
    file_id = await upload(http, RECEIPT)
    queued = await post(http, f"/api/extract/{file_id}", 202, json={"async": True})
    await post(http, f"/api/task/{queued['task_id']}/cancel")
    assert (await get(http, f"/api/task/{queued['task_id']}"))["code"] == "cancelled"


@pytest.mark.parametrize("is_upload", [True, False])
async def test_a_filing_that_waits_is_cancelled_and_its_document_is_as_before(site, http, is_upload):
    if is_upload:
        file_id = (await post(http, "/api/upload?extract=1", data=form(RECEIPT)))["file_id"]
    else:
        file_id = (await site.add_in_review()).document_id
    before = await find_document(site.ledger, file_id)
    assert before is not None
    queued = await post(http, "/api/process-async", 202, json={"file_id": file_id, "expense_data": SAID})
    await post(http, f"/api/task/{queued['task_id']}/cancel")
    assert (await get(http, f"/api/task/{queued['task_id']}"))["code"] == "cancelled"
    after = await get_document(site.ledger, before.number)
    assert (after.state, after.outcome, after.result, after.corrections, after.place) == (
        before.state, before.outcome, before.result, before.corrections, before.place
    )  # fmt: skip
    filed = await post(http, "/api/process", json={"file_id": file_id, "expense_data": SAID})
    assert filed["state"] == "filed"
    refused = await post(http, f"/api/task/{queued['task_id']}/retry", 409)
    assert refused["code"] == "ask-anew"


async def test_a_correction_that_is_cancelled_teaches_nothing_and_one_that_is_carried_out_does(site, http):
    task = await site.add_filed(kind="application/pdf")
    context = site.pipeline.context
    async with context.hand.hold(task.document_id):
        asked = asyncio.create_task(patch(http, task, {"vendor": "Adobe Systems"}))
        async with asyncio.timeout(5):
            while (correction := await find_unfinished_task(site.ledger, task.document)) is None:
                await asyncio.sleep(0.01)
        cancelled = asyncio.create_task(post(http, f"/api/task/{correction.id}/cancel"))
        await asyncio.sleep(0.05)  # it stands in line for the document before the correction goes on
        async with site.ledger.transaction() as tx:
            await hand_back(tx, correction, outcome=AttemptOutcome.HANDED_BACK, delay_s=30)
    await cancelled
    assert (await asked)[0] == 409
    assert (await site.document(task)).result == FILED
    assert await find_lesson(site.ledger, task.document) is None
    assert (await patch(http, task, {"vendor": "Adobe Systems"}))[0] == 200
    lesson = await find_lesson(site.ledger, task.document)
    assert lesson is not None
    assert (lesson.vendor, lesson.category) == ("Adobe Systems", None)


async def test_what_was_asked_for_in_vain_is_no_answer_to_what_is_asked_later(site, http):
    task = await site.add_filed(kind="application/pdf")
    status, first = await patch(http, task, {"vendor": "Adobe Systems"})
    assert status == 200
    (site.settings.archive.path / "2023").write_text("no folder")
    status, shown = await patch(http, task, {"date": "2023-01-15"})
    assert (status, shown["success"]) == (202, True)
    await post(http, f"/api/task/{shown['task_id']}/cancel")
    assert (await get(http, f"/api/task/{shown['task_id']}"))["code"] == "cancelled"
    assert await patch(http, task, {"vendor": "Adobe Systems"}) == (200, first)
    body = {"file_id": task.document_id, "expense_data": {"date": "2023-01-15"}}
    assert (await post(http, "/api/process", 409, json=body))["code"] == "already-filed"


async def test_a_filing_that_the_archive_cannot_take_can_be_cancelled(site, http):
    file_id = await upload(http, RECEIPT)
    (site.settings.archive.path / "2024").write_text("no folder")
    queued = await post(http, "/api/process", 202, json={"file_id": file_id, "expense_data": SAID})
    assert (await post(http, f"/api/task/{queued['task_id']}/cancel"))["state"] == "FAILURE"
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert (document.state, document.outcome) == (DocumentState.UPLOADED, None)
    (site.settings.archive.path / "2024").unlink()
    assert (await post(http, "/api/process", json={"file_id": file_id, "expense_data": SAID}))["state"] == "filed"


async def test_what_has_ended_cannot_be_cancelled_and_what_is_unknown_neither(site, http):
    shown = await post(http, "/api/upload?extract=1", data=form(RECEIPT))
    refused = await post(http, f"/api/task/{shown['task_id']}/cancel", 409)
    assert refused["code"] == "ended"
    for name in ("nope", "..%2Fx", "550e8400-e29b-41d4-a716-446655440000"):
        assert (await post(http, f"/api/task/{name}/cancel", 404))["code"] == "not-found"
