from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import aiohttp
import pytest
from tests.e2e import papers
from tests.integration.web.rig import as_json, run_site, upload, wait_for

from expensed.errors import ArchiveFull, Fault
from expensed.jobs.bell import AWAITED_AT_ONCE
from expensed.ledger.documents import find_document, update_document
from expensed.ledger.lessons import find_lesson, list_lessons
from expensed.ledger.task_moves import set_priority
from expensed.ledger.tasks import PRIORITY_AWAITED, PRIORITY_PRESENT, get_task
from expensed.model.expense import Evidence, Expense
from expensed.model.states import DocumentState, TaskOrigin, TaskState
from expensed.pipeline.filing import process
from expensed.web.guards.bodies import MAX_BODY_BYTES
from expensed.web.schema.values import LONGEST_SHOWN

SAID = {"vendor": "Adobe Systems", "amount": 52.99, "date": "2024-01-15", "category": "Software & Services",
        "description": "Monthly subscription"}  # fmt: skip


async def post(http, body, status=200):
    async with http.post("/api/process", json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_a_document_in_review_is_filed_with_what_a_person_says(site, http):
    task = await site.add_in_review()
    body = {
        "file_id": task.document_id,
        "expense_data": SAID,
        "original_extraction": {"vendor": "Adobe", "amount": 1},
    }
    shown = await post(http, body)
    assert shown["success"] is True
    assert shown["file_id"] == task.document_id
    assert shown["state"] == "filed"
    assert shown["path"] == "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"
    assert {key: shown["data"][key] for key in SAID} == SAID
    assert (shown["data"]["currency"], shown["data"]["confidence"]) == ("USD", 100)
    assert (site.settings.archive.path / shown["path"]).read_bytes() == b"scan.pdf"
    corrections = as_json((await site.document(task)).corrections)
    assert corrections["said"] == SAID
    assert corrections["original"] == {"vendor": "Adobe", "amount": 1}
    assert corrections["confirmed"] == {"currency": "USD"}
    async with http.get(f"/api/task/{shown['task_id']}") as answer:
        assert (await answer.json())["result"]["path"] == shown["path"]


async def test_of_what_a_client_says_it_had_shown_little_is_kept_and_of_what_was_before_nothing(site, http):
    task = await site.add_in_review()
    shown = {"vendor": "V" * 9000, "amount": 1.5, "date": None, "category": {"x": "y" * 9000}, "rest": "z" * 900_000}
    await post(http, {"file_id": task.document_id, "expense_data": SAID, "original_extraction": shown})
    for amount in range(1, 6):
        async with http.patch(f"/api/documents/{task.document_id}", json={"amount": amount}) as answer:
            assert answer.status == 200
    original = as_json((await site.document(task)).corrections)["original"]
    assert original == {"vendor": "V" * LONGEST_SHOWN, "amount": 1.5, "date": None}
    inputs = [row["input"] for row in await site.ledger.all("SELECT input FROM tasks WHERE input IS NOT NULL")]
    assert len(inputs) == 6
    assert not any("former" in input for input in inputs)
    assert sum(map(len, inputs)) < 3000


async def test_said_again_the_answer_is_the_same_and_other_data_is_a_conflict(site, http):
    task = await site.add_in_review()
    body = {"file_id": task.document_id, "expense_data": SAID}
    first = await post(http, body)
    assert await post(http, body) == first
    refused = await post(http, {"file_id": task.document_id, "expense_data": SAID | {"amount": 5}}, 409)
    assert refused["code"] == "already-filed"
    assert "PATCH" in refused["hint"]


async def test_what_is_left_out_stays_as_it_was_read(site, http):
    task = await site.add_in_review()
    shown = await post(http, {"file_id": task.document_id, "expense_data": {"amount": "12.50", "vendor": None}})
    assert (shown["data"]["vendor"], shown["data"]["amount"], shown["data"]["currency"]) == (
        "Adobe",
        12.5,
        "USD",
    )


async def test_the_same_request_sent_twice_at_once_files_once(site, http):
    task = await site.add_in_review()
    body = {"file_id": task.document_id, "expense_data": SAID}

    async def send():
        async with http.post("/api/process", json=body) as answer:
            return answer.status

    statuses = await asyncio.gather(send(), send(), send())
    assert statuses.count(200) >= 1
    assert set(statuses) <= {200, 409}
    filed = [path for path in site.settings.archive.path.rglob("*.pdf") if path.is_file()]
    assert [path.read_bytes() for path in filed] == [b"scan.pdf"]


async def test_an_unknown_document_is_404_and_one_at_work_is_busy(site, http):
    for file_id in ("nope", "../../../etc/passwd", "\0", "20240115_120000_invoice.pdf"):
        shown = await post(http, {"file_id": file_id, "expense_data": SAID}, 404)
        assert shown["code"] == "not-found"
    task = await site.add()
    async with http.post("/api/process", json={"file_id": task.document_id, "expense_data": SAID}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "busy")
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_document_that_was_taken_away_is_gone(site, http):
    task = await site.add_in_review()
    (site.settings.archive.path / "_review" / "scan.pdf").unlink()
    assert (await post(http, {"file_id": task.document_id, "expense_data": SAID}, 410))["code"] == "gone"


async def test_a_failed_document_cannot_be_filed_so(site, http):
    task = await site.add()
    await site.end(task, TaskState.FAILURE, Fault("x", "y"), state=DocumentState.FAILED)
    assert (await post(http, {"file_id": task.document_id, "expense_data": SAID}, 409))["code"] == "is-failed"


async def test_with_the_archive_full_the_data_is_kept_and_the_answer_is_a_task(site, http, monkeypatch):
    def apply_filing(order):
        raise ArchiveFull("The archive has no room.")

    monkeypatch.setattr(process, "apply_filing", apply_filing)
    task = await site.add_in_review()
    shown = await post(http, {"file_id": task.document_id, "expense_data": SAID}, 202)
    assert (shown["success"], shown["status"], shown["last_error"]) == (
        True,
        "processing",
        "The archive has no room.",
    )
    assert shown["message"] == "Document processing queued. Use /api/task/<task_id> to check status."
    async with http.get(f"/api/task/{shown['task_id']}") as answer:
        assert (await answer.json())["state"] == "PENDING"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "broken-json"),
        (b"", "application/json", 400, "broken-json"),
        (b"\xff", "application/json", 400, "broken-json"),
        (b'{"file_id":"\\ud800"}', "application/json", 400, "broken-json"),
        (b"[" * 100_000, "application/json", 400, "broken-json"),
        (b'{"file_id":"x","expense_data":{"amount":NaN}}', "application/json", 400, "broken-json"),
        (b"[]", "application/json", 422, "invalid"),
        (b"{}", "application/json", 422, "invalid"),
        (b'{"file_id":"x"}', "application/json", 422, "invalid"),
        (b'{"file_id":1,"expense_data":{}}', "application/json", 422, "invalid"),
        (b'{"file_id":"x","expense_data":{"amount":1e999}}', "application/json", 422, "invalid"),
        (b'{"file_id":"x","expense_data":{},"original_extraction":{"a":1e999}}', "application/json", 422, "invalid"),
        (b'{"file_id":"x","expense_data":{},"original_extraction":{"a":' + b"9" * 9000 + b"}}", "application/json", 400,
         "broken-json"),
        (b'{"file_id":"x","expense_data":{"vendor":"' + b"x" * 201 + b'"}}', "application/json", 422, "invalid"),
        (b"file_id=x", "application/x-www-form-urlencoded", 415, "not-json"),
        (b'{"file_id":"x","expense_data":{}}', "text/plain", 415, "not-json"),
        (b" " * MAX_BODY_BYTES + b"{}", "application/json", 413, "body-too-large"),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_use_is_refused_in_one_shape(http, content, content_type, status, code):
    async with http.post("/api/process", data=io.BytesIO(content), headers={"Content-Type": content_type}) as answer:
        shown = await answer.json()
        assert (answer.status, shown["code"]) == (status, code), shown
        assert shown["success"] is False
        assert shown["error"].endswith(".")
        assert shown["hint"]


RECEIPT = papers.pdf(papers.receipt_lines(1))


@pytest.mark.parametrize("is_read", [False, True])
async def test_an_upload_is_filed_read_or_not(site, http, is_read):
    file_id = await upload(http, RECEIPT, "scan from phone")
    if is_read:
        async with http.post(f"/api/extract/{file_id}") as answer:
            assert answer.status == 200
    body = {"file_id": file_id, "expense_data": SAID, "original_extraction": {"vendor": "Adobe", "amount": 52.99}}
    shown = await post(http, body)
    currency = "GBP" if is_read else "XXX"
    assert (shown["state"], shown["duplicate_of"]) == ("filed", None)
    assert shown["path"] == f"2024/Software & Services/2024-01-15_Adobe-Systems_52.99-{currency}.pdf"
    assert (site.settings.archive.path / shown["path"]).read_bytes() == RECEIPT
    assert not (site.pipeline.context.claims / file_id).exists()
    assert {key: shown["data"][key] for key in SAID} == SAID
    assert shown["data"]["needs_review"] is False
    assert await post(http, body) == shown
    assert (await post(http, body | {"expense_data": {}}, 409))["code"] == "already-filed"
    rows = await site.ledger.all("SELECT status FROM events WHERE task_id = ? ORDER BY id", shown["task_id"])
    assert [row["status"] for row in rows] == ["Task is waiting in queue", "Filing document...", "Completed"]


async def test_later_is_a_task_as_in_the_seed_and_the_same_one_when_asked_again(tmp_path):
    async with run_site(tmp_path, has_jobs=True) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        body = {"file_id": file_id, "expense_data": SAID}
        async with http.post("/api/process-async", json=body) as answer:
            queued = await answer.json()
            assert answer.status == 202
        assert queued == {
            "success": True,
            "task_id": queued["task_id"],
            "status": "processing",
            "message": "Document processing queued. Use /api/task/<task_id> to check status.",
        }
        task = await wait_for(http, queued["task_id"], "SUCCESS", "FAILURE")
        assert task["status"] == "Completed"
        assert task["result"]["file_id"] == file_id
        assert task["result"]["path"].endswith("2024-01-15_Adobe-Systems_52.99-XXX.pdf")
        async with http.post("/api/process-async", json=body) as answer:
            assert (await answer.json())["task_id"] == queued["task_id"]
        async with http.post("/api/process-async", json=body | {"expense_data": {"amount": 1}}) as answer:
            assert answer.status == 409
            assert "PATCH" in (await answer.json())["hint"]


async def test_a_filing_does_not_wait_behind_extractions_at_the_gate(tmp_path):
    async with run_site(tmp_path, has_jobs=True) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        context = site.pipeline.context
        async with context.gate.enter(PRIORITY_PRESENT, 0):  # nobody else gets in
            extractions = [await site.add(origin=TaskOrigin.EXTRACT) for _ in range(150)]
            async with site.ledger.transaction() as tx:
                for task in extractions:
                    await set_priority(tx, task.number, PRIORITY_AWAITED)
            async with asyncio.timeout(20):
                while context.gate.waiting < AWAITED_AT_ONCE:
                    await asyncio.sleep(0.05)
            async with http.post("/api/process-async", json={"file_id": file_id, "expense_data": SAID}) as answer:
                queued = await answer.json()
            async with asyncio.timeout(10):
                assert (await wait_for(http, queued["task_id"], "SUCCESS", "FAILURE"))["state"] == "SUCCESS"
            assert context.gate.waiting == AWAITED_AT_ONCE  # the others are rung as these are done
        async with asyncio.timeout(60):
            for task in extractions:
                while (await get_task(site.ledger, task.number)).standing != "ended":
                    await asyncio.sleep(0.05)


async def test_the_same_said_at_once_is_filed_once_and_all_get_the_same_answer(site, http):
    file_id = await upload(http, RECEIPT)
    body = {"file_id": file_id, "expense_data": SAID}
    answers = await asyncio.gather(*(post(http, body) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert len(list(site.settings.archive.path.rglob("*.pdf"))) == 1


async def test_other_data_while_it_is_being_filed_is_busy(site, http):
    file_id = await upload(http, RECEIPT)
    async with site.pipeline.context.hand.hold(file_id):
        async with http.post("/api/process-async", json={"file_id": file_id, "expense_data": SAID}) as answer:
            assert answer.status == 202
        async with http.post("/api/process", json={"file_id": file_id, "expense_data": {"amount": 7}}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "busy")
            assert answer.headers["Retry-After"]


async def test_an_upload_of_bytes_that_are_filed_already_goes_to_duplicates_and_says_so(site, http):
    first, second = await upload(http, RECEIPT, "first.pdf"), await upload(http, RECEIPT, "second.pdf")
    await post(http, {"file_id": first, "expense_data": SAID})
    body = {"file_id": second, "expense_data": SAID | {"amount": 3}}
    shown = await post(http, body)
    assert (shown["state"], shown["path"], shown["duplicate_of"]) == ("duplicate", "_duplicates/second.pdf", first)
    assert shown["data"]["duplicate_of"] == first
    assert await post(http, body) == shown
    assert first in (site.settings.archive.path / "_duplicates/second.pdf.why.txt").read_text()


async def test_of_twins_that_are_filed_at_once_one_is_the_first(site, http):
    files = [await upload(http, RECEIPT, f"{number}.pdf") for number in range(3)]
    tasks = []
    async with site.pipeline.context.hand.hold(files[0]):  # the first takes its time
        for file_id in files:
            async with http.post("/api/process-async", json={"file_id": file_id, "expense_data": SAID}) as answer:
                tasks.append((await answer.json())["task_id"])
        rows = await site.ledger.all("SELECT standing FROM tasks ORDER BY number")
        assert [row["standing"] for row in rows] == ["due", "waiting", "waiting"]
        # without the first, the second takes its place, with what was said of it
    async with http.post(f"/api/task/{tasks[0]}/cancel") as answer:
        assert answer.status == 200
    states = [(await post(http, {"file_id": name, "expense_data": SAID}))["state"] for name in files[1:]]
    assert states == ["filed", "duplicate"]
    document = await find_document(site.ledger, files[0])
    assert document is not None
    assert (document.state, document.outcome) == (DocumentState.UPLOADED, None)


async def test_of_twins_the_one_that_is_filed_first_is_the_first_whichever_was_uploaded_first(site, http):
    earlier, later = await upload(http, RECEIPT, "a.pdf"), await upload(http, RECEIPT, "b.pdf")
    async with site.pipeline.context.hand.hold(later):
        for file_id in (later, earlier):
            async with http.post("/api/process-async", json={"file_id": file_id, "expense_data": SAID}) as answer:
                assert answer.status == 202
    states = [(await post(http, {"file_id": name, "expense_data": SAID}))["state"] for name in (later, earlier)]
    assert states == ["filed", "duplicate"]
    assert len(list(site.settings.archive.path.glob("2024/*/*.pdf"))) == 1


async def test_an_upload_that_was_removed_is_gone(site, http):
    file_id = await upload(http, RECEIPT)
    next((site.pipeline.context.claims / file_id).iterdir()).unlink()
    assert (await post(http, {"file_id": file_id, "expense_data": SAID}, 410))["code"] == "gone"


async def test_what_a_person_says_teaches_once_of_what_was_read_and_of_what_was_shown(site, http):
    task = await site.add_in_review()
    body = {"file_id": task.document_id, "expense_data": SAID, "original_extraction": {"vendor": "ADOBE inc."}}
    for _ in range(2):
        await post(http, body)
    for key in ("start:adob", "end:einc"):
        (lesson,) = await list_lessons(site.ledger, [key])
        assert (lesson.number, lesson.document) == (task.document, task.document_id)
        assert (lesson.vendor, lesson.category) == ("Adobe Systems", "Software & Services")
        assert lesson.identifiers == ("read:adobe", "read:adobeinc")
    async with http.patch(f"/api/documents/{task.document_id}", json={"vendor": "Adobe"}) as answer:
        assert answer.status == 200
    corrected = await find_lesson(site.ledger, task.document)
    assert corrected is not None
    assert (corrected.vendor, corrected.category) == ("Adobe", "Software & Services")
    assert await list_lessons(site.ledger, ["end:tems"]) == []


async def test_what_is_refused_teaches_nothing(site, http):
    task = await site.add()
    await post(http, {"file_id": task.document_id, "expense_data": SAID, "original_extraction": {"vendor": "X Y"}}, 409)
    assert await find_lesson(site.ledger, task.document) is None


READ = {"vendor": "Kiosk", "amount": 3.2, "date": "2024-02-01", "category": "Other", "currency": "EUR"}
KIOSK = Expense(
    vendor="Kiosk", amount=Decimal("3.20"), date=date(2024, 2, 1), category="Other", confidence=60, currency="EUR",
    needs_review=True, reasons=("The vendor is not sure.",),
)  # fmt: skip


async def review_of(site, **changes):
    """Add a document in review in which this was read."""
    task = await site.add_in_review()
    async with site.ledger.transaction() as tx:
        await update_document(tx, task.document, result=replace(KIOSK, **changes))
    return task


@pytest.mark.parametrize("missing", ["vendor", "amount", "date", "currency"])
async def test_nothing_is_filed_of_which_something_is_not_known(site, http, missing):
    task = await review_of(site, **{missing: None})
    refused = await post(http, {"file_id": task.document_id, "expense_data": {}}, 422)
    assert (refused["code"], f"the {missing} is missing" in refused["error"]) == ("incomplete", True)
    assert f"file {task.document_id} --{missing} " in refused["hint"]
    assert (await site.document(task)).state is DocumentState.REVIEW
    shown = await post(http, {"file_id": task.document_id, "expense_data": {missing: SAID.get(missing, "EUR")}})
    assert shown["state"] == "filed"


async def test_an_upload_that_nobody_has_read_is_not_filed_by_a_mere_nod(site, http):
    file_id = await upload(http, RECEIPT)
    for said in ({}, {"category": "Other"}, {"vendor": "Kiosk", "date": "2024-02-01"}):
        refused = await post(http, {"file_id": file_id, "expense_data": said}, 422)
        assert (refused["code"], "the amount" in refused["error"]) == ("incomplete", True)
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert (document.state, document.corrections) == (DocumentState.UPLOADED, None)
    async with http.post(f"/api/extract/{file_id}") as answer:
        assert answer.status == 200
    assert (await post(http, {"file_id": file_id, "expense_data": {}}))["state"] == "filed"


async def test_a_twin_that_may_come_to_be_the_first_needs_as_much(site, http):
    first, second = await upload(http, RECEIPT, "first.pdf"), await upload(http, RECEIPT, "second.pdf")
    async with site.pipeline.context.hand.hold(first):
        async with http.post("/api/process-async", json={"file_id": first, "expense_data": SAID}) as answer:
            assert answer.status == 202
        assert (await post(http, {"file_id": second, "expense_data": {}}, 422))["code"] == "incomplete"


async def test_an_amount_of_nothing_is_filed_only_if_a_person_says_it(site, http):
    task = await review_of(site, amount=Decimal(0))
    assert (await post(http, {"file_id": task.document_id, "expense_data": {}}, 422))["code"] == "incomplete"
    shown = await post(http, {"file_id": task.document_id, "expense_data": {"amount": 0}})
    assert shown["path"].endswith("_0.00-EUR.pdf")


async def test_a_date_that_no_receipt_has_is_taken_for_a_slip(site, http):
    task = await review_of(site)
    for day in ("1800-01-01", "2924-01-15"):
        refused = await post(http, {"file_id": task.document_id, "expense_data": {"date": day}}, 422)
        assert (refused["code"], day in refused["error"]) == ("invalid", True)


async def test_what_was_read_is_kept_beside_what_a_person_says(site, http):
    field = Evidence(value="170.00", confidence=0.5)
    task = await review_of(site, amount=Decimal("170.00"), fields={"amount": field})
    shown = await post(http, {"file_id": task.document_id, "expense_data": {"amount": 17}})
    corrections = as_json((await site.document(task)).corrections)
    assert (corrections["said"], corrections["original"]) == ({"amount": 17}, {"amount": 170.0})
    assert shown["data"]["fields"]["amount"]["value"] == "17.00"


async def test_what_a_person_lets_stand_is_certain_and_noted(site, http):
    field = Evidence(value="EUR", confidence=0.989)
    task = await review_of(site, fields={"currency": field})
    shown = await post(http, {"file_id": task.document_id, "expense_data": {}})
    currency = shown["data"]["fields"]["currency"]
    assert (currency["confidence"], currency["proof"]) == (1.0, "a person confirmed it")
    corrections = as_json((await site.document(task)).corrections)
    assert (corrections["confirmed"], corrections["said"]) == (READ, {})
    assert corrections["at"].startswith("2")
