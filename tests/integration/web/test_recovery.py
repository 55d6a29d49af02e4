"""What recovery makes of uploads and extractions that an earlier run left behind."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from tests.e2e import papers
from tests.integration.web.rig import get, post, run_site, upload

from expensed.errors import SourceUnreadable
from expensed.ledger.documents import find_document, update_document
from expensed.ledger.filings import NewFiling, find_intent, insert_filing, set_filing_state
from expensed.ledger.history.events import newest_event_id
from expensed.ledger.kept_readings import keep_reading
from expensed.ledger.runs import ALONE_AFTER, GIVEN_UP_AFTER
from expensed.ledger.task_moves import start_attempt
from expensed.ledger.tasks import find_task
from expensed.model.expense import Examination, Expense
from expensed.model.place import Place
from expensed.model.states import DocumentState, FilingState, Outcome, Root, Status
from expensed.pipeline.reading_cache import name_recipe
from expensed.pipeline.upkeep import recover

RECEIPT = papers.pdf(papers.receipt_lines(1))
NOTHING_READ = Examination(kind="image/png", engine="x", text="", warnings=(), expense=Expense(confidence=0))


async def begin_extraction(site, http, file_id):
    """Begin an extraction whose step then ends without a report."""
    queued = await post(http, f"/api/extract/{file_id}", 202, json={"async": True})
    task = await find_task(site.ledger, queued["task_id"])
    assert task is not None
    async with site.ledger.transaction() as tx:
        assert await start_attempt(tx, task, site.pipeline.context.run, Status.READING)
    return task


async def test_an_extraction_that_ended_without_a_word_is_due_again(site, http):
    file_id = await upload(http, RECEIPT)
    task = await begin_extraction(site, http, file_id)
    async with site.pipeline.context.hand.hold(task.id):
        await site.pipeline.recover()
        assert (await get(http, f"/api/task/{task.id}"))["state"] == "PROCESSING"
    async with site.pipeline.context.hand.hold(file_id):  # whoever files it is no matter
        await site.pipeline.recover()
    shown = await get(http, f"/api/task/{task.id}")
    assert (shown["state"], shown["attempt"]) == ("PENDING", 1)  # an interruption is not counted against it
    again = await find_task(site.ledger, task.id)
    assert again is not None
    assert again.attempt == task.attempt + 1


async def test_an_upload_that_takes_the_daemon_down_again_and_again_is_not_read_any_more_and_stays(tmp_path):
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        task = await begin_extraction(site, http, file_id)
        async with site.ledger.transaction() as tx:
            await update_document(tx, task.document, unclean_ends=ALONE_AFTER + 9, unclean_alone=GIVEN_UP_AFTER)
        site.pipeline.context.run = "the next"
        await recover.begin(site.pipeline.context)
        shown = await get(http, f"/api/task/{task.id}")
        assert (shown["state"], shown["code"]) == ("FAILURE", "crashed-daemon")
        document = await find_document(site.ledger, file_id)
        assert document is not None
        assert document.state is DocumentState.UPLOADED
        assert await site.pipeline.recover() == []


async def test_a_part_without_a_row_is_cleared_away_and_one_with_a_row_gets_its_name(site, http):
    claims = site.pipeline.context.claims
    (claims / "20240115_120000_x.pdf").mkdir(parents=True)
    (claims / "20240115_120000_x.pdf" / ".part").write_bytes(RECEIPT)
    file_id = await upload(http, RECEIPT, "y.pdf")
    (claims / file_id / "y.pdf").rename(claims / file_id / ".part")
    assert await site.pipeline.recover() == []
    assert [path.name for path in claims.iterdir() if path.is_dir()] == [file_id]
    assert [path.name for path in (claims / file_id).iterdir()] == ["y.pdf"]


async def test_an_upload_that_was_away_while_it_was_to_be_filed_is_an_upload_again(site, http):
    file_id = await upload(http, RECEIPT)
    path = site.pipeline.context.claims / file_id / "receipt.pdf"
    said = {"vendor": "Adobe", "amount": 1, "date": "2024-01-15"}
    queued = await post(http, "/api/process-async", 202, json={"file_id": file_id, "expense_data": said})
    away = site.settings.state.path / "away.pdf"
    path.rename(away)
    task = await find_task(site.ledger, queued["task_id"])
    assert task is not None
    ended = await site.pipeline.follow(task)
    assert ended.error is not None
    assert ended.error.code == "gone"
    assert (await post(http, f"/api/extract/{file_id}", 410))["code"] == "gone"
    away.rename(path)
    await site.pipeline.recover()
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert document.state is DocumentState.UPLOADED
    assert (await post(http, f"/api/extract/{file_id}"))["success"] is True


async def rest_in_review(site, file):
    """Put a document into review."""
    task = await site.add_in_review(file)
    document = await site.document(task)
    place, inbox = document.place.path, Place(Root.INBOX, file)
    new = NewFiling(document.number, Outcome.REVIEW, place, document.sha256, "{}", None, inbox)
    async with site.ledger.transaction() as tx:
        await insert_filing(tx, new)
        filing = await find_intent(tx, document.number)
        assert filing is not None
        await set_filing_state(tx, filing, FilingState.CLOSED)
    return task


async def test_a_document_that_is_filed_while_others_are_looked_after_is_not_taken_for_gone(site, http):
    taken_away = [await rest_in_review(site, f"{number}.pdf") for number in range(120)]
    task = await rest_in_review(site, "wanted.pdf")
    for path in (site.settings.archive.path / "_review").glob("[0-9]*.pdf"):
        path.unlink()
    recovery = asyncio.create_task(site.pipeline.recover())
    async with asyncio.timeout(10):
        while (await site.document(taken_away[0])).state is not DocumentState.GONE:
            await asyncio.sleep(0)
    said = {"vendor": "Adobe", "amount": 5, "date": "2024-01-15", "currency": "USD"}
    shown = await post(http, "/api/process", json={"file_id": task.document_id, "expense_data": said})
    assert not recovery.done()
    await recovery
    assert (await site.document(taken_away[-1])).state is DocumentState.GONE
    document = await site.document(task)
    assert (document.state, document.place.path) == (DocumentState.FILED, shown["path"])


async def test_the_ledger_lets_go_of_what_nobody_can_ask_for_any_more(site, http):
    dropped = await site.add_filed()
    file_id = await upload(http, RECEIPT)
    await post(http, f"/api/extract/{file_id}")
    fresh = (await get(http, f"/api/documents/{file_id}"))["tasks"]
    async with site.ledger.transaction() as tx:
        await keep_reading(tx, "00", "of another day", NOTHING_READ)
        await tx.execute("UPDATE tasks SET updated_at = '2020-01-01T00:00:00.000000Z' WHERE origin = 'drop'")
    assert fresh[0]["attempts"]

    await site.pipeline.recover()
    rows = await site.ledger.all("SELECT recipe FROM readings")
    assert [row["recipe"] for row in rows] == [name_recipe(site.settings, site.pipeline.context.now().date())]
    assert (await get(http, f"/api/documents/{file_id}"))["tasks"] == fresh, "it has not expired"

    newest = await newest_event_id(site.ledger)
    async with site.ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET updated_at = '2020-01-01T00:00:00.000000Z'")
    await site.pipeline.recover()
    assert (await get(http, f"/api/documents/{file_id}"))["tasks"] == fresh_but_old(fresh), "once an hour is enough"
    site.pipeline.context.pruned_at = None
    await site.pipeline.recover()
    shown = await get(http, f"/api/documents/{file_id}")
    assert shown["tasks"][0]["attempts"] == []
    assert [event["id"] for event in shown["events"]] == [newest], "clients resume after it"
    kept = await get(http, f"/api/documents/{dropped.document_id}")
    assert len(kept["events"]) == 3
    assert len(kept["tasks"][0]["attempts"]) == 1


def fresh_but_old(tasks):
    return [task | {"updated_at": "2020-01-01T00:00:00.000000Z"} for task in tasks]


async def test_trouble_with_a_name_that_is_not_utf_8_can_be_recorded(site):
    loop = site.settings.archive.path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(SourceUnreadable) as caught:
        await site.pipeline.context.is_there(Place(Root.ARCHIVE, "loop/bad\udcff.pdf"))
    assert caught.value.message.encode().startswith("bad\N{REPLACEMENT CHARACTER}.pdf".encode())
