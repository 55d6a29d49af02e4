"""Taking back over HTTP what was done: with a real ledger, real folders, and the journal between them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from tests.integration.web.rig import FILED, RESULT, Site, as_json, get, post, run_site, upload

from expensed.archive.sidecar import sidecar_path
from expensed.errors import ArchiveFull, Fault
from expensed.ledger.documents import update_document
from expensed.ledger.lessons import find_lesson
from expensed.ledger.rows import Former, Task, TaskInput
from expensed.ledger.task_moves import direct_task, insert_task
from expensed.ledger.tasks import get_task
from expensed.model.expense import Expense, Said, SamePaper
from expensed.model.states import DocumentState, Outcome, Standing, Step, TaskOrigin, TaskState
from expensed.pipeline.filing import process
from expensed.pipeline.requests.discard import NEVER_FILED
from expensed.pipeline.requests.undo import TAKEN_BACK

SAID = {"vendor": "Adobe Systems", "amount": 13, "date": "2024-01-16", "category": "Other"}
COMPANIONS = (".json", ".why.txt")


async def undo(http: aiohttp.ClientSession, **body: Any) -> dict[str, Any]:
    """Undo one thing, which must succeed; return its entry."""
    shown = await post(http, "/api/undo", json=body)
    assert (shown["refused"], shown["waiting"], len(shown["undone"])) == ([], [], 1), shown
    entry: dict[str, Any] = shown["undone"][0]
    return entry


async def refuse(http: aiohttp.ClientSession, **body: Any) -> dict[str, Any]:
    """Try to undo one thing, which must be refused; return why."""
    shown = await post(http, "/api/undo", json=body)
    assert (shown["undone"], shown["waiting"], len(shown["refused"])) == ([], [], 1), shown
    refused: dict[str, Any] = shown["refused"][0]
    return refused


async def correct(http: aiohttp.ClientSession, document_id: str, **said: Any) -> None:
    async with http.patch(f"/api/documents/{document_id}", json=said) as answer:
        assert answer.status == 200, await answer.text()


async def discard(http: aiohttp.ClientSession, document_id: str, **grounds: Any) -> None:
    await post(http, f"/api/documents/{document_id}/discard", json=grounds)


async def file(http: aiohttp.ClientSession, document_id: str, **said: Any) -> None:
    await post(http, "/api/process", json={"file_id": document_id, "expense_data": said})


async def list_sentences(http: aiohttp.ClientSession, **query: str) -> list[str]:
    """Return the sentences of the journal, latest first."""
    return [entry["sentence"] for entry in (await get(http, "/api/journal", params=query))["entries"]]


async def look(site: Site, task: Task) -> dict[str, Any]:
    """Return all that must be as it was: the ledger's row and lessons, and what lies in the archive for it."""
    document = await site.document(task)
    archive = site.settings.archive.path
    path = archive / document.place.path
    sidecar = json.loads(sidecar_path(path).read_text())
    taught = await find_lesson(site.ledger, task.document)
    assert sidecar.pop("lessons") == ([] if taught is None else [as_json(taught)])
    del sidecar["times"]
    note = path.with_name(f"{path.name}.why.txt")
    files = (each.relative_to(archive) for each in archive.rglob("*") if each.is_file())
    return {
        "row": as_json(replace(document, updated_at="", text=None)),
        "taught": taught,
        "bytes": path.read_bytes(),
        "sidecar": sidecar,
        "note": note.read_text() if note.exists() else None,
        "files": sorted(str(each) for each in files if not each.name.startswith(".") and each.parts[0] != ".expensed"),
    }


async def arrive(site: Site, file: str, result: Expense = FILED, outcome: Outcome = Outcome.FILED, **how: Any) -> Task:
    """Have a dropped file that was read filed by expensed itself."""
    content = how.pop("content", file.encode())
    task = await site.add(file, outcome=outcome, result=result, sha256=hashlib.sha256(content).hexdigest(), **how)
    path = site.settings.inbox.path / (await site.document(task)).place.path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    stamp = path.stat()
    async with site.ledger.transaction() as tx:
        await update_document(tx, task.document, size=stamp.st_size, mtime_ns=stamp.st_mtime_ns)
        await direct_task(tx, task, Step.PROCESS, Standing.DUE)
    ended = await site.pipeline.follow(await get_task(site.ledger, task.number))
    assert ended.standing is Standing.ENDED, ended
    return task


async def in_place(http: aiohttp.ClientSession, document_id: str) -> None:
    await correct(http, document_id, description="Rolls")


async def to_another_name(http: aiohttp.ClientSession, document_id: str) -> None:
    await correct(http, document_id, vendor="Adobe Systems", amount=13)


async def to_a_third_name(http: aiohttp.ClientSession, document_id: str) -> None:
    await correct(http, document_id, amount=14)


async def set_aside(http: aiohttp.ClientSession, document_id: str) -> None:
    await discard(http, document_id, not_an_expense=True)


async def file_as_said(http: aiohttp.ClientSession, document_id: str) -> None:
    await file(http, document_id, **SAID)


@pytest.mark.parametrize("do", [in_place, to_another_name, set_aside])
async def test_what_was_done_to_a_filed_document_is_undone_done_again_and_undone(site, http, do) -> None:
    task = await arrive(site, "scan.pdf")
    await undo_and_do_again(site, http, task, do)


@pytest.mark.parametrize("do", [file_as_said, set_aside])
async def test_what_was_done_to_a_document_in_review_is_undone_done_again_and_undone(site, http, do) -> None:
    task = await arrive(site, "scan.pdf", RESULT, Outcome.REVIEW)
    await undo_and_do_again(site, http, task, do)


async def test_putting_back_is_undone_done_again_and_undone(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await set_aside(http, task.document_id)

    async def put_back(http: aiohttp.ClientSession, document_id: str) -> None:
        await post(http, f"/api/documents/{document_id}/undiscard")

    await undo_and_do_again(site, http, task, put_back)


async def undo_and_do_again(site: Site, http: aiohttp.ClientSession, task: Task, do: Any) -> None:
    """Do something to a document, undo that, undo the undo, and once more: each time all is as it was."""
    before = await look(site, task)
    await do(http, task.document_id)
    after = await look(site, task)
    assert before != after
    entry = await undo(http)
    assert await look(site, task) == before
    for _ in range(2):
        redone = await undo(http, entry=entry["undone_by"])
        assert await look(site, task) == after
        assert (await get(http, "/api/journal"))["entries"][0]["undoes"] == redone["number"]
        entry = await undo(http)
        assert await look(site, task) == before
    entries = {each["number"]: each for each in (await get(http, "/api/journal"))["entries"]}
    assert entries[entry["number"]]["undone_by"] == max(entries)


async def test_the_last_thing_is_undone_then_the_one_before_it(site, http) -> None:
    task = await arrive(site, "scan.pdf", RESULT, Outcome.REVIEW)
    seen = [await look(site, task)]
    for do in (file_as_said, in_place, to_a_third_name, set_aside):
        await do(http, task.document_id)
        seen.append(await look(site, task))
    arrived = await arrive(site, "later.pdf", replace(FILED, vendor="Other"))
    seen = [{**each, "files": []} for each in seen]
    for expected in seen[-2::-1]:
        await undo(http)
        assert {**(await look(site, task)), "files": []} == expected
    assert (await site.document(arrived)).state is DocumentState.FILED, "nobody has asked to take that back"
    refused = await post(http, "/api/undo", 404)
    assert refused["code"] == "nothing-to-undo"


async def test_the_journal_says_in_plain_words_what_was_done(site, http) -> None:
    task, other = await arrive(site, "scan.pdf", RESULT, Outcome.REVIEW), await site.add_filed("other.pdf")
    here = task.document_id
    await file(http, here, vendor="Adobe Systems")
    await correct(http, here, amount="13", description="Two\nlines", date="2024-01-16")
    await correct(http, here, items=[{"description": "Licence", "total": 13}])
    await discard(http, here, duplicate_of=other.document_id)
    await post(http, f"/api/documents/{here}/undiscard")
    first = (await undo(http))["undone_by"]
    await undo(http, entry=first)
    path = "2024/Software & Services/2024-01-16_Adobe-Systems_13.00-USD.pdf"
    filed = "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"
    assert await list_sentences(http, document=here) == [
        f"Restored entry 6: Put back as {path}.",
        f"Took back entry 6: Put back as {path}.",
        f"Put back as {path}.",
        f"Discarded as a duplicate of {other.document_id}.",
        "Corrected the items.",
        "Corrected amount from 52.99 to 13.00, date from 2024-01-15 to 2024-01-16 and description to Two lines.",
        f"Filed as {filed}. Corrected vendor from Adobe to Adobe Systems.",
        "Sent to review, as _review/scan.pdf.",
    ]


async def test_the_journal_comes_in_pages_and_since_a_time(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    for amount in range(1, 6):
        await correct(http, task.document_id, amount=amount)
    page = await get(http, "/api/journal", params={"limit": "4"})
    assert [each["number"] for each in page["entries"]] == [6, 5, 4, 3]
    rest = await get(http, "/api/journal", params={"limit": "4", "before": str(page["next"])})
    assert ([each["number"] for each in rest["entries"]], rest["next"]) == ([2, 1], None)
    moment = page["entries"][2]["at"]
    since = await get(http, "/api/journal", params={"since": moment})
    assert [each["number"] for each in since["entries"]] == [6, 5, 4]
    assert (await get(http, "/api/journal", params={"since": "2024-01-15T10:00:00+25:00"}, status=422))[
        "code"
    ] == "invalid"
    assert (await get(http, "/api/journal", params={"document": "nope"}, status=404))["code"] == "not-found"


async def test_an_older_entry_is_refused_while_a_later_one_stands(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await correct(http, task.document_id, amount=13)
    await correct(http, task.document_id, amount=14)
    refused = await refuse(http, entry=2)
    assert refused["code"] == "changed-since"
    assert refused["error"].endswith("Entry 3: Corrected amount from 13.00 to 14.00.")
    assert "expensed undo --entry 3" in refused["hint"]
    await undo(http)
    await undo(http, entry=2)
    assert (await refuse(http, entry=2))["code"] == "already-undone"
    assert (await refuse(http, entry=4))["code"] == "changed-since", "that undo is older than the other one"
    assert (await post(http, "/api/undo", 404, json={"entry": 99}))["code"] == "no-such-entry"
    assert (await post(http, "/api/undo", 404, json={"document_id": "nope"}))["code"] == "not-found"


async def test_what_expensed_filed_by_itself_goes_to_review_and_is_filed_again_if_a_person_says_so(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    filed = await look(site, task)
    entry = await undo(http, document_id=task.document_id)
    document = await site.document(task)
    assert (document.state, document.place.path) == (DocumentState.REVIEW, "_review/scan.pdf")
    assert document.result == replace(FILED, needs_review=True, reasons=(TAKEN_BACK,))
    assert TAKEN_BACK in (await look(site, task))["note"]
    assert (await post(http, "/api/undo", 404, json={"document_id": task.document_id}))["code"] == "nothing-to-undo"
    await undo(http, entry=entry["undone_by"])
    assert await look(site, task) == filed


async def test_what_arrived_and_waits_for_a_person_has_nothing_to_take_back(site, http) -> None:
    task = await arrive(site, "scan.pdf", RESULT, Outcome.REVIEW)
    assert (await refuse(http, document_id=task.document_id))["code"] == "is-review"


async def test_all_since_a_time_is_undone_latest_first(site, http) -> None:
    one = await arrive(site, "one.pdf", RESULT, Outcome.REVIEW)
    two = await arrive(site, "two.pdf", replace(FILED, vendor="Other"))
    await correct(http, two.document_id, amount=1)
    await undo(http)
    before = [await look(site, each) for each in (one, two)]
    since = (await get(http, "/api/journal"))["entries"][0]["number"]
    await correct(http, two.document_id, amount=2)
    moment = (await get(http, "/api/journal"))["entries"][0]["at"]
    three = await arrive(site, "three.pdf", replace(FILED, vendor="Third"))
    four = await arrive(site, "four.pdf", replace(RESULT, vendor="Fourth"), Outcome.REVIEW)
    await file_as_said(http, one.document_id)
    await correct(http, two.document_id, amount=3)
    await undo(http)
    await undo(http)
    await undo(http, entry=(await get(http, "/api/journal"))["entries"][0]["number"])
    await set_aside(http, two.document_id)
    shown = await post(http, "/api/undo", json={"since": moment})
    assert shown["refused"] == shown["waiting"] == []
    numbers = [each["number"] for each in shown["undone"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (await site.document(three)).state is DocumentState.REVIEW
    assert (await site.document(four)).state is DocumentState.REVIEW
    after = [await look(site, each) for each in (one, two)]
    assert [{**each, "files": []} for each in after] == [{**each, "files": []} for each in before]
    assert since < min(numbers)
    again = await post(http, "/api/undo", json={"since": moment})
    assert again["undone"] == again["refused"] == [], "all is as it was at that time"


async def test_an_undo_since_a_time_is_undone_with_the_rest(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await correct(http, task.document_id, amount=13)
    corrected = await look(site, task)
    await undo(http)
    moment = (await get(http, "/api/journal"))["entries"][0]["at"]
    await set_aside(http, task.document_id)
    shown = await post(http, "/api/undo", json={"since": moment})
    assert ([each["number"] for each in shown["undone"]], shown["refused"]) == ([4, 3], [])
    assert await look(site, task) == corrected


async def test_more_than_one_request_takes_back_goes_on_from_its_next(site, http, monkeypatch) -> None:
    monkeypatch.setattr("expensed.pipeline.requests.undo.MOST_AT_ONCE", 2)
    tasks = [await arrive(site, f"{name}.pdf", replace(FILED, vendor=name)) for name in ("a", "b", "c", "d", "e")]
    found, before = [], None
    while True:
        body = {"since": "2024-01-15"} | ({"before": before} if before else {})
        shown = await post(http, "/api/undo", json=body)
        found.append([each["number"] for each in shown["undone"]])
        before = shown["next"]
        if before is None:
            break
    assert found == [[5, 4], [3, 2], [1]]
    assert {(await site.document(task)).state for task in tasks} == {DocumentState.REVIEW}


async def test_what_a_lesson_did_is_undone_where_no_person_has_looked(site, http) -> None:
    used, seen, other = [await arrive(site, f"{name}.pdf", replace(FILED, vendor=name)) for name in ("a", "b", "c")]
    await correct(http, seen.document_id, description="Seen")
    async with site.ledger.transaction() as tx:
        for task in (used, seen):
            await tx.execute(
                "UPDATE documents SET result = json_set(result, '$.lessons', json('[3, 7]')) WHERE number = ?",
                task.document,
            )
    shown = await post(http, "/api/undo", json={"lesson": 7})
    assert [each["document_id"] for each in shown["undone"]] == [used.document_id]
    assert [each["code"] for each in shown["refused"]] == ["changed-since"]
    assert (await site.document(used)).state is DocumentState.REVIEW
    assert (await site.document(other)).state is DocumentState.FILED
    assert (await post(http, "/api/undo", json={"lesson": 8}))["undone"] == []


async def test_a_document_that_is_gone_or_was_altered_stays_as_it_is(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await to_another_name(http, task.document_id)
    document = await site.document(task)
    path = site.settings.archive.path / document.place.path
    path.write_bytes(b"other bytes")
    assert (await refuse(http))["code"] == "altered"
    assert await site.document(task) == document
    assert path.read_bytes() == b"other bytes"
    path.unlink()
    assert (await refuse(http))["code"] == "gone"
    assert [each["undone_by"] for each in (await get(http, "/api/journal"))["entries"]] == [None, None]


async def test_a_former_name_that_is_taken_is_left_alone(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    before = (await site.document(task)).place.path
    await to_another_name(http, task.document_id)
    other = site.settings.archive.path / before
    other.write_bytes(b"a person's own")
    await undo(http)
    document = await site.document(task)
    assert document.place.path == before.replace(".pdf", "_2.pdf")
    assert (site.settings.archive.path / document.place.path).read_bytes() == b"scan.pdf"
    assert other.read_bytes() == b"a person's own"


async def test_a_twin_stays_a_duplicate_and_its_first_keeps_it(site, http) -> None:
    first = await arrive(site, "scan.pdf")
    twin = await arrive(site, "twin.pdf", outcome=Outcome.DUPLICATE, first=first.document, content=b"scan.pdf")
    assert (await site.document(twin)).state is DocumentState.DUPLICATE
    refused = await refuse(http, document_id=twin.document_id)
    assert (refused["code"], "stays a duplicate" in refused["error"]) == ("replaced", True)
    entry = await undo(http, document_id=first.document_id)
    document = await site.document(twin)
    assert (document.state, document.first) == (DocumentState.DUPLICATE, first.document)
    await undo(http, entry=entry["undone_by"])
    await discard(http, twin.document_id)
    await undo(http)
    assert (await site.document(twin)).first == first.document


async def test_another_scan_is_released_taken_back_and_released_again(site, http) -> None:
    first = await arrive(site, "scan.pdf")
    same = replace(FILED, same_paper=SamePaper(document=first.document_id, reason="prints the same number"))
    scan = await arrive(site, "scan2.pdf", same, Outcome.DUPLICATE, first=first.document)
    before = await look(site, scan)
    await file_as_said(http, scan.document_id)
    released = await look(site, scan)
    assert (await list_sentences(http))[0].startswith("Filed as an expense of its own, as 2024/Other/")
    entry = await undo(http)
    assert await look(site, scan) == before
    await undo(http, entry=entry["undone_by"])
    assert await look(site, scan) == released
    await undo(http)
    await file_as_said(http, scan.document_id)
    assert (await site.document(scan)).state is DocumentState.FILED, "the same may be said again"
    await undo(http)
    await undo(http, document_id=scan.document_id)
    document = await site.document(scan)
    assert document.state is DocumentState.REVIEW
    assert document.result is not None
    assert [first.document_id in reason for reason in document.result.reasons] == [True, False]


async def test_another_scan_whose_first_was_discarded_stays_released(site, http) -> None:
    first = await arrive(site, "scan.pdf")
    same = replace(FILED, same_paper=SamePaper(document=first.document_id, reason="prints the same number"))
    scan = await arrive(site, "scan2.pdf", same, Outcome.DUPLICATE, first=first.document)
    await file_as_said(http, scan.document_id)
    released = await look(site, scan)
    await set_aside(http, first.document_id)
    assert (await refuse(http, document_id=scan.document_id))["code"] == "first-gone"
    assert {**(await look(site, scan)), "files": []} == {**released, "files": []}


async def test_what_has_been_filed_again_meanwhile_stays_discarded(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await set_aside(http, task.document_id)
    again = await arrive(site, "again.pdf", replace(FILED, vendor="Other"), content=b"scan.pdf")
    refused = await refuse(http)
    assert (refused["code"], again.document_id in refused["error"]) == ("replaced", True)
    assert (await site.document(task)).state is DocumentState.DISCARDED


async def test_a_filed_upload_waits_in_review_once_its_filing_is_taken_back(site, http) -> None:
    file_id = await upload(http, b"%PDF-1.4 nothing")
    await file(http, file_id, **SAID, currency="EUR")
    entry = await undo(http)
    shown = await get(http, f"/api/documents/{file_id}")
    assert (shown["state"], shown["path"], shown["data"]["reasons"]) == ("review", "_review/receipt.pdf", [NEVER_FILED])
    assert shown["corrections"] is None
    await undo(http, entry=entry["undone_by"])
    assert (await get(http, f"/api/documents/{file_id}"))["state"] == "filed"
    await discard(http, file_id)
    await undo(http)
    assert (await get(http, f"/api/documents/{file_id}"))["data"]["vendor"] == "Adobe Systems"


async def test_a_failed_document_that_was_discarded_lies_among_the_failed_again(site, http) -> None:
    failure = Fault("corrupt", "The file is broken.", "Scan it again.")
    failed = {"state": DocumentState.FAILED, "outcome": Outcome.FAILED, "failure": failure, "result": None}
    task = await site.add_filed("broken.pdf", folder="_failed", **failed)
    await set_aside(http, task.document_id)
    entry = await undo(http)
    document = await site.document(task)
    assert (document.state, document.place.path) == (DocumentState.FAILED, "_failed/broken.pdf")
    assert (document.failure, document.discarded) == (failure, None)
    await undo(http, entry=entry["undone_by"])
    assert (await site.document(task)).state is DocumentState.DISCARDED


async def test_what_an_earlier_version_accepted_is_carried_out_but_cannot_be_undone(site, http) -> None:
    task = await site.add_filed("scan.pdf", folder="2024/Software & Services")
    former = Former(outcome=Outcome.FILED, result=FILED, corrections=None)
    async with site.ledger.transaction() as tx:
        number = await insert_task(
            tx,
            task.document,
            origin=TaskOrigin.PROCESS,
            step=Step.PROCESS,
            input=TaskInput(Said(vendor="Adobe"), None, former),
        )
    ended = await site.pipeline.follow(await get_task(site.ledger, number))
    assert ended.state is TaskState.SUCCESS
    assert (await get(http, "/api/journal"))["entries"] == []


async def test_links_to_papers_that_came_meanwhile_stay(site, http) -> None:
    task = await arrive(site, "scan.pdf")
    await correct(http, task.document_id, amount=13)
    other = await site.add_filed("other.pdf")
    async with site.ledger.transaction() as tx:
        result = (await site.document(task)).result
        assert result is not None
        await update_document(tx, task.document, result=replace(result, same_purchase=(other.document_id,)))
    await undo(http)
    result = (await site.document(task)).result
    assert result is not None
    assert (str(result.amount), result.same_purchase) == ("52.99", (other.document_id,))


async def test_with_the_archive_full_it_is_undone_later_or_not_at_all(site, http, monkeypatch) -> None:
    task = await arrive(site, "scan.pdf")
    await to_another_name(http, task.document_id)
    corrected = await look(site, task)

    def apply_filing(order: object) -> None:
        raise ArchiveFull("The archive has no room.")

    monkeypatch.setattr(process, "apply_filing", apply_filing)
    shown = await post(http, "/api/undo", 202)
    (waiting,) = shown["waiting"]
    assert (waiting["entry"], waiting["last_error"], shown["undone"]) == (2, "The archive has no room.", [])
    assert (await post(http, "/api/undo", 202))["waiting"][0]["task_id"] == waiting["task_id"], "it is asked for once"
    await post(http, f"/api/task/{waiting['task_id']}/cancel")
    assert await look(site, task) == corrected
    monkeypatch.undo()
    assert (await undo(http))["number"] == 2


async def test_what_was_taken_back_is_not_taken_for_done(site, http) -> None:
    task = await arrive(site, "scan.pdf", RESULT, Outcome.REVIEW)
    await file_as_said(http, task.document_id)
    await undo(http)
    await file_as_said(http, task.document_id)
    assert (await site.document(task)).state is DocumentState.FILED
    await correct(http, task.document_id, amount=14)
    await undo(http)
    await correct(http, task.document_id, amount=14)
    result = (await site.document(task)).result
    assert result is not None
    assert str(result.amount) == "14.00"


@pytest.mark.parametrize(
    "body",
    [
        {"entry": 1, "since": "2024-01-15"},
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"entry": 0},
        {"before": 3},
        {"what": "all"},
    ],
)
async def test_what_nobody_can_mean_is_refused(http, body) -> None:
    assert (await post(http, "/api/undo", 422, json=body))["code"] == "invalid"


async def test_the_journal_outlives_the_daemon(tmp_path) -> None:
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        task = await arrive(site, "scan.pdf")
        before = await look(site, task)
        await to_another_name(http, task.document_id)
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        await undo(http)
        assert await look(site, task) == before
