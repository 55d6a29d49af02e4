from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.e2e import papers
from tests.integration.web.rig import RESULT, as_json

from expensed.errors import Fault
from expensed.ledger.filings import find_intent
from expensed.model.expense import Evidence
from expensed.model.place import Place
from expensed.model.states import DocumentState, Root, TaskState
from expensed.pipeline.upkeep.audit import audit_document

LIST = "/api/documents"


async def get(http, path, status=200, **params):
    async with http.get(path, params=params) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def patch(http, task, said, status=200):
    async with http.patch(f"{LIST}/{task.document_id}", json=said) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


def ids(shown):
    return [document["document_id"] for document in shown["documents"]]


async def add_four(site):
    cafe = await site.add_filed(
        "a.pdf", result=replace(RESULT, vendor="Café Zoë", date=date(2024, 1, 15)), text="Milch 2.50"
    )
    books = await site.add_filed(
        "b_scan.pdf", result=replace(RESULT, vendor="Harbour Books", date=date(2024, 3, 1), category="Other")
    )
    review = await site.add_in_review("c.pdf")
    waiting = await site.add("d.pdf")
    return cafe, books, review, waiting


async def test_documents_are_listed_newest_first_and_page_by_page(site, http):
    tasks = await add_four(site)
    newest_first = [task.document_id for task in reversed(tasks)]
    first = await get(http, LIST, limit="3")
    second = await get(http, LIST, limit="3", before=str(first["next"]))
    assert ids(first) + ids(second) == newest_first
    assert second["next"] is None
    assert second["documents"][0] | {"created_at": "", "updated_at": ""} == {
        "document_id": tasks[0].document_id, "file": "a.pdf", "state": "filed", "vendor": "Café Zoë", "amount": 52.99,
        "date": "2024-01-15", "category": "Software & Services", "confidence": 92, "currency": "USD", "kind": None,
        "description": None, "tax": None, "invoice_number": None, "legal_name": None, "legal_form": None,
        "amount_due": None, "payment_method": None, "due_date": None, "payer": None, "project": None,
        "needs_review": True, "reasons": ["The vendor is not sure."], "error": None, "path": "2024/Other/a.pdf",
        "created_at": "", "updated_at": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "CAFE"}, [0]),
        ({"q": "zoe milch"}, [0]),
        ({"q": "zoe books"}, []),
        ({"q": "scan"}, [1]),
        ({"q": "harb"}, [1]),
        ({"q": "2.50"}, [0]),
        ({"q": "***"}, []),
        ({"q": ""}, [3, 2, 1, 0]),
        ({"q": "", "state": "", "vendor": "", "category": "", "from": "", "to": "", "limit": ""}, [3, 2, 1, 0]),
        ({"vendor": "books"}, [1]),
        ({"vendor": "b.pdf"}, []),
        ({"vendor": "café", "q": "books"}, []),
        ({"vendor": '")'}, []),
        ({"state": "filed"}, [1, 0]),
        ({"state": "REVIEW"}, [2]),
        ({"category": "software & services"}, [2, 0]),
        ({"from": "2024-01-16"}, [1]),
        ({"to": "2024-01-15"}, [2, 0]),
        ({"from": "2024-01-15", "to": "2024-01-15", "state": "filed"}, [0]),
    ],
)
async def test_documents_are_found_by_what_is_known_of_them(site, http, query, found):
    tasks = await add_four(site)
    assert ids(await get(http, LIST, **query)) == [tasks[index].document_id for index in found]


async def test_what_is_corrected_is_found_by_its_new_name_only(site, http):
    task = await site.add_filed()
    assert ids(await get(http, LIST, q="adobe")) == [task.document_id]
    await patch(http, task, {"vendor": "Öbst & Söhne"})
    assert ids(await get(http, LIST, q="adobe")) == []
    assert ids(await get(http, LIST, q="sohne obst")) == [task.document_id]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(max_size=40), vendor=st.text(max_size=20))
async def test_no_query_is_an_error(site, http, words, vendor):
    async with http.get(
        f"{LIST}?q={quote(words, errors='replace')}&vendor={quote(vendor, errors='replace')}"
    ) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"state": "lost"}, "state"),
        ({"category": "Things"}, "must be one of"),
        ({"from": "yesterday"}, "from must be a date"),
        ({"limit": "0"}, "limit"),
        ({"before": "-1"}, "before"),
        ({"q": "x" * 501}, "q"),
        ({"vendors": "x"}, "vendors is not known here"),
    ],
)
async def test_a_mistake_in_the_query_is_named(http, query, word):
    shown = await get(http, LIST, 422, **query)
    assert shown["code"] == "invalid"
    assert word in shown["error"]


async def test_one_document_is_shown_with_all_that_is_known_of_it(site, http):
    task = await site.add_filed(turns=(0, 1), kind="application/pdf", text="Adobe\n52.99")
    twin = await site.add("twin.pdf")
    await site.end(twin, TaskState.SUCCESS, state=DocumentState.DUPLICATE, first=task.document)
    here = f"{LIST}/{task.document_id}"
    shown = await get(http, here)
    assert (shown["document_id"], shown["file"], shown["state"]) == (task.document_id, "scan.pdf", "filed")
    assert (shown["data"]["amount"], shown["text"], shown["pages"]) == (52.99, "Adobe\n52.99", 2)
    assert shown["duplicates"] == [twin.document_id]
    assert shown["links"] == {
        "self": here, "file": f"{here}/file", "pages": [f"{here}/page/1.png", f"{here}/page/2.png"]
    }  # fmt: skip
    assert [task["task_id"] for task in shown["tasks"]] == [task.id]
    assert [(try_["attempt"], try_["outcome"]) for try_ in shown["tasks"][0]["attempts"]] == [(1, "done")]
    assert [event["state"] for event in shown["events"]] == ["PENDING", "PROCESSING", "SUCCESS"]
    assert str(site.settings.archive.path) not in json.dumps(shown)
    other = await get(http, f"{LIST}/{twin.document_id}")
    assert (other["duplicate_of"], other["data"]["vendor"]) == (task.document_id, "Adobe")


@pytest.mark.parametrize("name", ["nope", "%00", "..%2F..%2Fetc%2Fpasswd", "%FF", "%ED%A0%80", "a%20b", "\N{SNOWMAN}"])
@pytest.mark.parametrize("rest", ["", "/file", "/page/1.png"])
async def test_an_unknown_document_is_not_found_whatever_it_is_called(site, http, name, rest):
    async with http.get(f"{site.url}{LIST}/{name}{rest}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "not-found")


async def test_the_original_comes_back_byte_for_byte(site, http):
    content = bytes(range(256)) * 40
    task = await site.add_filed("Rechnung „5 €“.pdf", content, kind="application/pdf")
    async with http.get(f"{LIST}/{task.document_id}/file") as answer:
        assert await answer.read() == content
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.content_disposition is not None
        assert (answer.content_disposition.type, answer.content_disposition.filename) == (
            "inline", "Rechnung „5 €“.pdf"
        )  # fmt: skip
        etag = answer.headers["ETag"]
    async with http.get(f"{LIST}/{task.document_id}/file", headers={"Range": "bytes=10-19"}) as answer:
        assert (answer.status, await answer.read()) == (206, content[10:20])
    async with http.get(f"{LIST}/{task.document_id}/file", headers={"Range": "bytes=99999-"}) as answer:
        assert answer.status == 416
    async with http.get(f"{LIST}/{task.document_id}/file", headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304
    async with http.head(f"{LIST}/{task.document_id}/file") as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(content)))


async def test_what_a_browser_could_run_is_handed_out_to_be_saved(site, http):
    task = await site.add_filed(
        'a"\r\nX-Evil: 1;.xml', b"<svg onload='alert(1)'/>", folder="2024", kind="application/xml"
    )
    async with http.get(f"{LIST}/{task.document_id}/file") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="a___X-Evil_ 1;.xml"')
        assert "X-Evil" not in answer.headers


async def test_neither_a_link_nor_a_packed_file_beside_it_is_taken_for_the_document(site, http, tmp_path):
    task = await site.add_filed()
    path = site.settings.archive.path / "2024/Other/scan.pdf"
    path.with_name("scan.pdf.gz").write_bytes(b"other bytes")
    async with http.get(f"{LIST}/{task.document_id}/file", headers={"Accept-Encoding": "gzip"}) as answer:
        assert await answer.read() == b"scan.pdf"
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    path.unlink()
    path.symlink_to(secret)
    async with http.get(f"{LIST}/{task.document_id}/file") as answer:
        assert answer.status == 503
        assert b"secret" not in await answer.read()


async def test_a_page_is_drawn_neither_through_a_link_nor_from_a_pipe(site, http, tmp_path):
    task = await site.add_filed()
    path = site.settings.archive.path / "2024/Other/scan.pdf"
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(papers.pdf(papers.receipt_lines(1)))
    for put in (lambda: path.symlink_to(secret), lambda: os.mkfifo(path)):
        path.unlink()
        put()
        async with asyncio.timeout(10), http.get(f"{LIST}/{task.document_id}/page/1.png") as answer:
            assert (answer.status, (await answer.json())["code"]) == (503, "source-unreadable")


async def test_a_file_that_was_taken_away_is_gone(site, http):
    task = await site.add_in_review()
    (site.settings.archive.path / "_review/scan.pdf").unlink()
    for rest in ("file", "page/1.png"):
        async with http.get(f"{LIST}/{task.document_id}/{rest}") as answer:
            assert (answer.status, (await answer.json())["code"]) == (410, "gone")


async def test_a_page_is_drawn_with_marks_where_they_are_asked_for(site, http):
    fields = {
        "amount": Evidence(value="52.99", confidence=0.9, page=1, box=(0.1, 0.1, 0.5, 0.2)),
        "date": Evidence(value="2024-01-15", confidence=0.9),
    }
    task = await site.add_filed(content=papers.pdf(papers.receipt_lines(1)), result=replace(RESULT, fields=fields))
    pictures = []
    for query in ("", "?marks=1"):
        async with http.get(f"{LIST}/{task.document_id}/page/1.png{query}") as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            pictures.append(await answer.read())
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]
    for page in ("0", "2", "999999999"):
        async with http.get(f"{LIST}/{task.document_id}/page/{page}.png") as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "no-such-page")


async def test_a_filed_document_that_is_corrected_moves_to_its_right_place(site, http):
    task = await site.add_filed(folder="2024/Software & Services", kind="application/pdf")
    shown = await patch(http, task, {"amount": 25.99, "vendor": "Adobe Systems"})
    path = "2024/Software & Services/2024-01-15_Adobe-Systems_25.99-USD.pdf"
    assert (shown["success"], shown["state"], shown["path"]) == (True, "filed", path)
    assert (shown["data"]["amount"], shown["data"]["confidence"]) == (25.99, 100)
    files = sorted(path.name for path in site.settings.archive.path.glob("[!.]*/**/*") if path.is_file())
    assert files == ["2024-01-15_Adobe-Systems_25.99-USD.pdf", "2024-01-15_Adobe-Systems_25.99-USD.pdf.json"]
    document = await site.document(task)
    assert document.place == Place(Root.ARCHIVE, path)
    assert as_json(document.corrections) == {
        "said": {"amount": 25.99, "vendor": "Adobe Systems"}, "original": {"amount": 52.99, "vendor": "Adobe"}
    }  # fmt: skip
    assert audit_document(site.settings, document) == []


async def test_what_the_name_does_not_tell_changes_the_sidecar_only(site, http):
    name = "2024-01-15_Adobe_52.99-USD_2.pdf"
    task = await site.add_filed(name, folder="2024/Software & Services", kind="application/pdf")
    shown = await patch(http, task, {"description": "Monthly subscription"})
    path = site.settings.archive.path / "2024/Software & Services" / name
    assert shown["path"] == f"2024/Software & Services/{name}"
    sidecar = json.loads(path.with_name(f"{name}.json").read_text(encoding="utf-8"))
    assert sidecar["result"]["description"] == "Monthly subscription"
    assert sidecar["corrections"]["said"] == {"description": "Monthly subscription"}
    assert path.read_bytes() == name.encode()
    assert audit_document(site.settings, await site.document(task)) == []


async def test_a_correction_never_takes_the_place_of_another_document(site, http):
    name = "2024-01-15_Adobe_5.00-USD.pdf"
    other = await site.add_filed(name, folder="2024/Software & Services", kind="application/pdf")
    task = await site.add_filed(kind="application/pdf")
    shown = await patch(http, task, {"amount": 5})
    assert shown["path"] == "2024/Software & Services/2024-01-15_Adobe_5.00-USD_2.pdf"
    assert audit_document(site.settings, await site.document(other)) == []


async def test_a_foreign_file_in_the_sidecars_place_is_left_alone(site, http):
    name = "2024-01-15_Adobe_52.99-USD.pdf"
    task = await site.add_filed(name, folder="2024/Software & Services", kind="application/pdf")
    foreign = site.settings.archive.path / f"2024/Software & Services/{name}.json"
    foreign.write_text('{"mine": true}')
    assert (await patch(http, task, {"description": "x"}))["state"] == "filed"
    assert foreign.read_text() == '{"mine": true}'


async def test_a_correction_said_again_is_one_correction(site, http):
    task = await site.add_filed(kind="application/pdf")
    first = await patch(http, task, {"amount": 5})
    assert await patch(http, task, {"amount": 5}) == first
    second = await patch(http, task, {"amount": 6})
    assert second["task_id"] != first["task_id"]
    document = await site.document(task)
    assert as_json(document.corrections) == {"said": {"amount": 6}, "original": {"amount": 52.99}}


async def test_the_same_correction_sent_several_times_at_once_moves_once(site, http):
    task = await site.add_filed(kind="application/pdf")
    shown = await asyncio.gather(*(patch(http, task, {"amount": 5}) for _ in range(4)))
    assert len({each["task_id"] for each in shown}) == 1
    files = [path.name for path in site.settings.archive.path.rglob("*.pdf") if path.is_file()]
    assert files == ["2024-01-15_Adobe_5.00-USD.pdf"]


async def test_other_bytes_than_those_that_were_filed_are_never_taken_for_them(site, http):
    said = {"vendor": "Adobe Systems"}
    task = await site.add_filed("a.pdf", content=b"as it was filed")
    before = await site.document(task)
    path = site.settings.archive.path / "2024/Other/a.pdf"
    path.write_bytes(b"as it was ruined")
    shown = await patch(http, task, said, 409)
    after = await site.document(task)
    assert after.sha256 == before.sha256
    assert path.read_bytes() == b"as it was ruined"
    assert shown["code"] == "altered"
    assert "not those that were filed" in shown["error"]
    assert "restore it from a backup" in shown["hint"]
    assert [getattr(after, key) for key in ("state", "place", "outcome", "result", "corrections")] == [
        getattr(before, key) for key in ("state", "place", "outcome", "result", "corrections")
    ]
    assert await find_intent(site.ledger, task.document) is None
    path.write_bytes(b"as it was filed")
    assert (await patch(http, task, said))["state"] == "filed"


async def test_a_document_in_review_is_filed_by_its_correction(site, http):
    task = await site.add_in_review()
    shown = await patch(http, task, {"vendor": "Adobe Systems"})
    assert (shown["state"], shown["path"]) == (
        "filed", "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"
    )  # fmt: skip


async def test_what_cannot_be_corrected_says_why(site, http):
    waiting = await site.add()
    assert (await patch(http, waiting, {"amount": 5}, 409))["code"] == "busy"
    await site.end(waiting, TaskState.FAILURE, Fault("x", "y"), state=DocumentState.FAILED)
    assert (await patch(http, waiting, {"amount": 5}, 409))["code"] == "is-failed"
    filed = await site.add_filed("away.pdf")
    (site.settings.archive.path / "2024/Other/away.pdf").unlink()
    assert (await patch(http, filed, {"amount": 5}, 410))["code"] == "gone"
    for said in ({}, {"amount": None}, {"colour": "blue"}):
        shown = await patch(http, filed, said, 422)
        assert "name at least one of vendor, amount" in shown["error"]
    async with http.patch(f"{LIST}/nope", json={"amount": 5}) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("query", "kind", "first", "second"),
    [
        ("", "text/csv", "date,vendor,amount,currency,", "2024-01-15,Adobe,52.99,USD,"),
        ("?format=beancount&account=Assets:Bank", "text/plain", "", "Expenses:Software-Services"),
    ],
)
async def test_what_is_filed_is_exported_and_nothing_else(site, http, query, kind, first, second):
    filed = await site.add("a.pdf")
    place = Place(Root.ARCHIVE, "2024/Software & Services/a.pdf")
    await site.end(filed, TaskState.SUCCESS, state=DocumentState.FILED, place=place, result=RESULT)
    await site.add_in_review()
    async with http.get(f"/api/export{query}") as answer:
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, kind)
        assert json.loads(answer.headers["X-Expensed-Left-Out"]) == {"review": 1}
    assert text.startswith(first)
    assert second in text
    assert text.count("Adobe") == 1
    async with http.get("/api/export?format=xls") as answer:
        assert answer.status == 422


async def test_an_export_comes_in_the_order_of_its_dates_and_counts_what_it_leaves_out(site, http):
    for name, day in (("a.pdf", "2024-05-02"), ("b.pdf", None), ("c.pdf", "2023-12-31"), ("d.pdf", "2024-05-02")):
        task = await site.add(name)
        result = replace(RESULT, date=date.fromisoformat(day) if day else None)
        await site.end(task, TaskState.SUCCESS, state=DocumentState.FILED, result=result)
    await site.add_in_review()
    await site.add("waits.pdf")

    async def export(query):
        async with http.get(f"/api/export?format=jsonl{query}") as answer:
            names = [json.loads(line)["file"][0] for line in (await answer.text()).splitlines()]
            return names, json.loads(answer.headers["X-Expensed-Left-Out"])

    assert await export("") == (["c", "a", "d", "b"], {"admitted": 1, "review": 1})
    assert await export("&from=2024&to=2024-05") == (["a", "d"], {"admitted": 1, "review": 1})
    assert await export("&from=2025") == ([], {"admitted": 1})
    assert await export("&state=filed&to=2023") == (["c"], {})


async def test_neither_one_document_nor_the_tasks_of_one_file_cost_a_look_at_all_the_others(site, http, monkeypatch):
    task = await site.add_filed()
    ask, asked = site.ledger.all, []

    async def ask_and_note(sql, *values, **how):
        asked.append((sql, values))
        return await ask(sql, *values, **how)

    with monkeypatch.context() as noting:
        noting.setattr(site.ledger, "all", ask_and_note)
        await get(http, f"{LIST}/{task.document_id}")
        await get(http, "/api/tasks", file="scan.pdf")
    with closing(sqlite3.connect(site.ledger.path)) as connection:
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall() for sql, values in asked]
    ways = [way for plan in plans for *_, way in plan]
    assert any("SEARCH events USING INDEX events_document" in way for way in ways)
    assert [way for way in ways if way.startswith("SCAN") and "SUBQUERY" not in way and "CONSTANT" not in way] == []
