"""Every answer has the shape that the served OpenAPI document gives it, which allows no further keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jsonschema_rs
import pytest
from tests.e2e import papers
from tests.integration.web.rig import RESULT, Site, form, listen

from expensed.errors import Fault
from expensed.ledger.task_moves import hand_back
from expensed.ledger.tasks import find_task
from expensed.model.admission import WaitingFile
from expensed.model.expense import Candidate
from expensed.model.states import AttemptOutcome, DocumentState, TaskState
from expensed.web.schema.openapi import JSON

RECEIPT = papers.pdf(papers.receipt_lines(1))
SAID = {"vendor": "Adobe Systems", "amount": 52.99, "date": "2024-01-15", "description": "Monthly subscription"}
SHOWN = {"vendor": "Adobe", "amount": "47.10", "date": None}


class Contract:
    """The served document, and the models of answers that were seen."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[str] = set()

    def check(self, reference: str, shown: Any) -> None:
        schema = {"$ref": reference, "components": self.document["components"]}
        jsonschema_rs.Draft202012Validator(schema).validate(shown)
        self.seen.add(reference.rpartition("/")[2])

    def check_answer(self, route: str, status: int, shown: Any) -> None:
        method, _, path = route.partition(" ")
        content = self.document["paths"][path][method.lower()]["responses"][str(status)]["content"]
        self.check(content[JSON]["schema"]["$ref"], shown)

    def answers(self) -> Iterator[str]:
        """Return the models that a route declares for its answers."""
        for methods in self.document["paths"].values():
            for operation in methods.values():
                for response in operation["responses"].values():
                    if reference := response.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref"):
                        yield reference.rpartition("/")[2]


class Asker:
    """Queries a route and checks the answer."""

    def __init__(self, http: aiohttp.ClientSession, contract: Contract) -> None:
        self.http = http
        self.contract = contract

    async def __call__(self, route: str, status: int = 200, how: dict[str, Any] | None = None, **names: str) -> Any:
        method, _, path = route.partition(" ")
        async with self.http.request(method, path.format(**names), **(how or {})) as answer:
            assert answer.status == status, await answer.text()
            shown = await answer.json()
        self.contract.check_answer(route, status, shown)
        return shown


@pytest.fixture
async def ask(http: aiohttp.ClientSession) -> Asker:
    async with http.get("/api/openapi.json") as answer:
        return Asker(http, Contract(await answer.json()))


async def add_of_every_kind(site: Site) -> None:
    """Add documents and tasks in every state."""
    filed = await site.add_filed("filed.pdf", turns=(0,), kind="application/pdf", text="Adobe\n52.99")
    others = {"amount": (Candidate(value="25.99", confidence=0.1, page=1, box=(0.7, 0.4, 0.8, 0.42), text="25.99"),)}
    await site.add_in_review("review.pdf", result=replace(RESULT, candidates=others))
    twin = await site.add("twin.pdf")
    await site.end(twin, TaskState.SUCCESS, state=DocumentState.DUPLICATE, first=filed.document)
    broken = Fault("corrupt", "The file is broken.", "Scan it anew.")
    failed = await site.add("failed.pdf")
    await site.begin(failed)
    await site.end(failed, TaskState.FAILURE, broken, state=DocumentState.FAILED, failure=broken)
    again = await site.add("again.pdf")
    await site.begin(again)
    async with site.ledger.transaction() as tx:
        await hand_back(tx, again, outcome=AttemptOutcome.FAILED, delay_s=60, error=broken, counts=True)
    await site.begin(await site.add("running.pdf"))
    await site.add("waiting.pdf")


async def read_and_file(site: Site, ask: Asker) -> None:
    """Do what a client does with one upload after another."""
    with_form = {"data": form(RECEIPT)}
    uploaded = await ask("POST /api/upload", how=with_form)
    await ask("POST /api/upload", 415, {"data": form(b"no receipt")})
    read = await ask("POST /api/extract/{file_id}", file_id=uploaded["file_id"])
    await ask("GET /api/task/{task_id}", task_id=read["task_id"])
    queued = await ask("POST /api/extract/{file_id}", 202, {"json": {"async": True}}, file_id=uploaded["file_id"])
    await ask("POST /api/task/{task_id}/cancel", task_id=queued["task_id"])
    await ask("POST /api/task/{task_id}/retry", task_id=queued["task_id"])
    body = {"file_id": uploaded["file_id"], "expense_data": SAID, "original_extraction": SHOWN}
    filed = await ask("POST /api/process", how={"json": body})
    await ask("GET /api/task/{task_id}", task_id=filed["task_id"])
    await ask("PATCH /api/documents/{document_id}", how={"json": {"amount": 5}}, document_id=uploaded["file_id"])
    await ask("POST /api/process", 409, {"json": body})
    moving = {"document_id": uploaded["file_id"]}
    reread = await ask("POST /api/documents/{document_id}/reread", 202, **moving)
    task = await find_task(site.ledger, reread["task_id"])
    assert task is not None
    await site.pipeline.follow(task)
    await ask("POST /api/documents/{document_id}/discard", how={"json": {"not_an_expense": True}}, **moving)
    await ask("POST /api/documents/{document_id}/undiscard", **moving)
    await ask("POST /api/documents/{document_id}/undiscard", 409, **moving)
    await ask("POST /api/documents/{document_id}/discard", **moving)
    undone = await ask("POST /api/undo", how={"json": {}})
    await ask("POST /api/undo", how={"json": {"entry": undone["undone"][0]["undone_by"]}})
    await ask("POST /api/undo", how={"json": {"entry": 1}})
    await ask("GET /api/journal")
    await see_sellers(ask)
    await ask("POST /api/upload", how={"data": form(RECEIPT), "params": {"extract": "1"}})
    later = await ask("POST /api/upload", 202, {"data": form(RECEIPT + b"\n"), "params": {"extract": "1", "wait": "0"}})
    await ask("POST /api/process-async", 202, {"json": body | {"file_id": later["file_id"]}})


async def see_sellers(ask: Asker) -> None:
    """Do what a client does with what was learnt and with sellers' names."""
    lesson = str((await ask("GET /api/lessons"))["lessons"][0]["number"])
    await ask("GET /api/lessons/{lesson}", lesson=lesson)
    await ask("POST /api/lessons/{lesson}/forget", how={"json": {}}, lesson=lesson)
    await ask("POST /api/vendors/merge", how={"json": {"names": ["Fernbrook Ltd"], "into": "Fernbrook"}})
    await ask("GET /api/vendors")
    await ask("POST /api/vendors/separate", how={"json": {"name": "Fernbrook Ltd"}})


async def test_every_answer_is_of_the_shape_that_the_document_gives_it(site: Site, ask: Asker) -> None:
    await add_of_every_kind(site)
    await read_and_file(site, ask)
    site.waiting = [WaitingFile("cut.pdf", "It looks cut off.", 3, datetime.now(UTC))]
    await ask("GET /healthz")
    await ask("GET /readyz")
    for route in ("GET /api/stats", "GET /api/inbox", "GET /api/review"):
        await ask(route)
    site.trouble = "Redis is away"
    await ask("GET /readyz", 503)
    for row in (await ask("GET /api/tasks"))["tasks"]:
        await ask("GET /api/task/{task_id}", how={"params": {"trace": "1"}}, task_id=row["task_id"])
    shown = [
        await ask("GET /api/documents/{document_id}", document_id=row["document_id"])
        for row in (await ask("GET /api/documents"))["documents"]
    ]
    assert {document["state"] for document in shown} == {state.value for state in DocumentState} - {"gone"}
    async with listen(ask.http, until="now") as listener:
        ((_, snapshot),) = await listener.rest()
        ask.contract.check("#/components/schemas/Snapshot", snapshot)
    async with listen(ask.http, after=0, until="now") as listener:
        for _, event in await listener.rest():
            ask.contract.check("#/components/schemas/Event", event)
    assert set(ask.contract.answers()) <= ask.contract.seen


async def test_a_further_key_is_of_no_answers_shape(ask: Asker) -> None:
    shown = await ask("GET /healthz")
    with pytest.raises(jsonschema_rs.ValidationError):
        ask.contract.check_answer("GET /healthz", 200, shown | {"more": 1})
