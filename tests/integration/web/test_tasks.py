from __future__ import annotations

import asyncio

import aiohttp
import pytest
from tests.integration.web.rig import RESULT, as_json, run_site

from expensed.errors import Fault
from expensed.ledger.store import timestamp
from expensed.ledger.task_moves import hand_back
from expensed.model.place import Place
from expensed.model.states import AttemptOutcome, DocumentState, Root, Status, TaskState

BROKEN = Fault("corrupt", "The file is broken.", "Scan it anew.")


async def get(http, path, status=200, **params):
    async with http.get(path, params=params) as answer:
        assert answer.status == status
        assert answer.content_type == "application/json"
        return await answer.json()


async def test_a_task_that_waits_is_shown_as_in_the_seed(site, http):
    task = await site.add()
    shown = await get(http, f"/api/task/{task.id}")
    assert list(shown)[:2] == ["state", "status"]
    assert (shown["state"], shown["status"]) == ("PENDING", "Task is waiting in queue")
    assert not {"error", "result", "code", "trace"} & set(shown)
    assert (shown["document_id"], shown["file"], shown["attempt"]) == (task.document_id, "scan.pdf", 1)


async def test_a_task_at_work_says_how_far_it_is(site, http):
    task = await site.add()
    await site.begin(task)
    shown = await get(http, f"/api/task/{task.id}")
    assert (shown["state"], shown["status"]) == ("PROCESSING", "Running OCR...")
    await site.say(task, Status.CURRENCY)
    assert (await get(http, f"/api/task/{task.id}"))["status"] == "Detecting currency..."


async def test_a_task_that_succeeded_brings_its_result(site, http):
    task = await site.add()
    place = Place(Root.ARCHIVE, "2024/Software & Services/2024-01-15_Adobe_52.99-USD.pdf")
    await site.end(task, TaskState.SUCCESS, state=DocumentState.FILED, result=RESULT, place=place)
    shown = await get(http, f"/api/task/{task.id}")
    assert (shown["state"], shown["status"]) == ("SUCCESS", "Completed")
    assert shown["result"] == {
        "success": True,
        "data": as_json(RESULT),
        "file_id": task.document_id,
        "path": place.path,
        "document_state": "filed",
    }


async def test_a_task_that_failed_is_an_answer_of_200_with_a_sentence(site, http):
    task = await site.add()
    await site.end(task, TaskState.FAILURE, BROKEN, state=DocumentState.FAILED)
    shown = await get(http, f"/api/task/{task.id}")
    assert [shown[key] for key in ("state", "status", "error", "code", "hint")] == [
        "FAILURE", "Failed", "The file is broken.", "corrupt", "Scan it anew."
    ]  # fmt: skip


async def test_a_duplicate_shows_what_was_read_of_the_first(site, http):
    first = await site.add("first.pdf")
    await site.end(first, TaskState.SUCCESS, state=DocumentState.FILED, result=RESULT)
    twin = await site.add("twin.pdf")
    await site.end(twin, TaskState.SUCCESS, state=DocumentState.DUPLICATE, first=first.document)
    result = (await get(http, f"/api/task/{twin.id}"))["result"]
    assert result["data"] == as_json(RESULT) | {"duplicate_of": first.document_id}
    assert result["document_state"] == "duplicate"


async def test_a_task_that_was_handed_back_says_why_and_when_it_is_tried_again(site, http):
    task = await site.add()
    await site.begin(task)
    async with site.ledger.transaction() as tx:
        await hand_back(tx, task, outcome=AttemptOutcome.FAILED, delay_s=60, error=BROKEN)
    shown = await get(http, f"/api/task/{task.id}")
    assert (shown["state"], shown["attempt"], shown["last_error"]) == ("PENDING", 2, "The file is broken.")
    assert shown["next_attempt_at"] > timestamp()
    assert "error" not in shown


async def test_an_unknown_task_is_404_and_never_pending(http):
    for task_id in ("550e8400-e29b-41d4-a716-446655440000", "x", "%00", "..%2F..%2Fetc", "%ff"):
        async with http.get(f"/api/task/{task_id}") as answer:
            assert answer.status == 404
            shown = await answer.json()
            assert shown["success"] is False
            assert set(shown) == {"success", "error", "code", "hint"}


async def test_a_trace_is_shown_only_where_asked_for_and_without_folders(site, http):
    task = await site.add()
    trace = 'File "/opt/expensed/lib/python3.11/site-packages/expensed/reading/pdf/pages.py", line 7, in read\nOSError'
    async with site.ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET trace = ? WHERE number = ?", trace, task.number)
    await site.end(task, TaskState.FAILURE, BROKEN)
    assert "trace" not in await get(http, f"/api/task/{task.id}")
    shown = await get(http, f"/api/task/{task.id}", trace="1")
    assert shown["trace"] == 'File "expensed/reading/pdf/pages.py", line 7, in read\nOSError'


async def test_the_list_is_newest_first_and_comes_in_pages(site, http):
    ids = [(await site.add()).id for _ in range(7)]
    pages = [await get(http, "/api/tasks", limit="3")]
    while (following := pages[-1]["next"]) is not None:
        pages.append(await get(http, "/api/tasks", limit="3", before=str(following)))
    assert [page["success"] for page in pages] == [True, True, True]
    assert [task["task_id"] for page in pages for task in page["tasks"]] == ids[::-1]
    assert set(pages[0]["tasks"][0]) == {
        "task_id", "document_id", "file", "step", "state", "status", "attempt", "error", "created_at", "updated_at"
    }  # fmt: skip


async def test_the_list_can_be_narrowed_to_a_state_or_a_file(site, http):
    name = "Rechnung über 5 € – \N{GRINNING FACE}.pdf"
    named, other = await site.add(name), await site.add("other.pdf")
    await site.begin(other)
    await site.end(other, TaskState.FAILURE, BROKEN)
    assert [t["task_id"] for t in (await get(http, "/api/tasks", state="PENDING"))["tasks"]] == [named.id]
    (failed,) = (await get(http, "/api/tasks", state="failure"))["tasks"]
    assert (failed["task_id"], failed["error"]) == (other.id, "The file is broken.")
    for wanted in (name, named.document_id):
        (found,) = (await get(http, "/api/tasks", file=wanted))["tasks"]
        assert (found["task_id"], found["file"]) == (named.id, name)
    assert (await get(http, "/api/tasks", file="nothing.pdf")) == {"success": True, "tasks": [], "next": None}


async def test_a_file_is_found_by_the_name_it_was_dropped_with(site, http):
    await site.add("two\N{REPLACEMENT CHARACTER}lines.pdf")  # as a name with a newline is shown
    assert len((await get(http, "/api/tasks", file="two\nlines.pdf"))["tasks"]) == 1


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"state": "LOST"}, "state"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"before": "99999999999999999999"}, "before"),
        ({"stat": "PENDING"}, "stat is not known here"),
    ],
)
async def test_a_mistake_in_the_query_is_named(http, query, word):
    shown = await get(http, "/api/tasks", 422, **query)
    assert shown["code"] == "invalid"
    assert word in shown["error"]


async def test_names_go_out_as_utf_8_and_compact(site, http):
    await site.add("é.pdf")
    async with http.get("/api/tasks") as answer:
        body = await answer.read()
    assert '"file":"é.pdf","step":'.encode() in body


async def test_a_failed_document_is_tried_again_under_the_same_task(site, http):
    task = await site.add(place=Place(Root.ARCHIVE, "_failed/scan.pdf"))
    await site.begin(task)
    await site.end(task, TaskState.FAILURE, BROKEN, state=DocumentState.FAILED)
    path = f"/api/task/{task.id}/retry"
    async with http.post(path) as answer:
        assert answer.status == 410  # someone took it away
        assert (await answer.json())["code"] == "gone"
    failed = site.settings.archive.path / "_failed"
    failed.mkdir()
    (failed / "scan.pdf").write_bytes(b"x")
    async with http.post(path, json={}) as answer:
        assert answer.status == 200
        shown = await answer.json()
    assert (shown["success"], shown["task_id"], shown["state"], shown["attempt"]) == (
        True,
        task.id,
        "PENDING",
        2,
    )
    async with http.post(path) as answer:
        assert answer.status == 409
        assert answer.headers["Retry-After"]
        assert (await answer.json())["code"] == "busy"


async def test_only_a_failed_document_can_be_tried_again(site, http):
    task = await site.add()
    await site.end(task, TaskState.SUCCESS, state=DocumentState.FILED)
    async with http.post(f"/api/task/{task.id}/retry") as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "not-failed")
    async with http.post("/api/task/nope/retry") as answer:
        assert answer.status == 404


async def test_many_can_ask_at_once(site, http):
    task = await site.add()
    shown = await asyncio.gather(*(get(http, f"/api/task/{task.id}") for _ in range(50)))
    assert {one["state"] for one in shown} == {"PENDING"}


async def test_the_trace_does_not_name_the_folders_even_where_they_have_blanks(tmp_path):
    folder = tmp_path / "My Papers"
    folder.mkdir()
    async with run_site(folder) as site, aiohttp.ClientSession(site.url) as http:
        task = await site.add()
        async with site.ledger.transaction() as tx:
            path = site.pipeline.context.claims / "x" / "scan.pdf"
            await tx.execute("UPDATE tasks SET trace = ? WHERE number = ?", f"No such file: '{path}'", task.number)
        async with http.get(f"/api/task/{task.id}?trace=1") as answer:
            shown = (await answer.json())["trace"]
        assert shown == "No such file: '.expensed/x/scan.pdf'"
