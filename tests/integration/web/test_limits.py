from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from tests.e2e import papers
from tests.integration.web.rig import form, get, post, run_site, upload

from expensed.web.guards.limits import MOST_CLIENTS, Limits

RECEIPT = papers.pdf(papers.receipt_lines(1))


async def test_who_creates_work_too_fast_is_told_when_to_go_on(tmp_path):
    async with run_site(tmp_path, rate_burst=3, rate_per_s=0.5) as site, aiohttp.ClientSession(site.url) as http:
        for _ in range(3):
            await upload(http, RECEIPT)
        async with http.post("/api/upload", data=form(RECEIPT)) as answer:
            shown = await answer.json()
            assert (answer.status, shown["code"], answer.headers["Retry-After"]) == (429, "rate", "2")
            assert "web.rate_per_s" in shown["error"]
        for path in ("/api/extract/x", "/api/process", "/api/process-async", "/api/task/x/retry"):
            assert (await post(http, path, 429, json={}))["code"] == "rate"
        for _ in range(10):
            await get(http, "/api/tasks")  # looking costs nothing
        await asyncio.sleep(2)  # what Retry-After said
        await upload(http, RECEIPT)
        assert len(await site.ledger.all("SELECT 1 FROM documents")) == 4


async def test_clients_have_a_bucket_each_and_the_oldest_are_forgotten():
    limits = Limits(0.0001, 2)  # so slow that it forgives nothing while this runs
    assert [await limits.take("a") for _ in range(3)] == [None, None, 10_000.0]
    assert await limits.take("b") is None
    for number in range(MOST_CLIENTS - 2):
        assert await limits.take(f"client {number}") is None
    assert await limits.take("a") == 10_000.0, "as many as there may be are remembered"
    for number in range(MOST_CLIENTS):
        assert await limits.take(f"other {number}") is None
    assert await limits.take("a") is None, "one more, and the oldest is forgotten"


async def test_all_who_have_the_token_are_one_client_and_who_has_not_takes_nothing_from_it(tmp_path):
    limits: dict[str, Any] = {"token": "s3cret", "rate_burst": 2, "rate_per_s": 0.001}
    async with run_site(tmp_path, **limits) as site, aiohttp.ClientSession(site.url) as http:
        for _ in range(5):
            await post(http, "/api/upload", 401, data=form(RECEIPT))
        for status in (200, 200, 429):
            await post(http, "/api/upload", status, data=form(RECEIPT), headers={"Authorization": "Bearer s3cret"})


async def test_with_too_much_unfinished_no_more_is_taken(tmp_path):
    async with run_site(tmp_path, queue={"backlog_max": 2}) as site, aiohttp.ClientSession(site.url) as http:
        file_id = await upload(http, RECEIPT)
        for _ in range(2):
            await post(http, f"/api/extract/{file_id}", 202, json={"async": True})
        body = {"file_id": file_id, "expense_data": {"vendor": "Adobe", "amount": 1, "date": "2024-01-15"}}
        for path in (f"/api/extract/{file_id}", "/api/process-async"):
            async with http.post(path, json=body) as answer:
                shown = await answer.json()
                assert (answer.status, shown["code"]) == (429, "backlog")
                assert int(answer.headers["Retry-After"]) > 0
        shown = await post(http, "/api/upload?extract=1", 429, data=form(RECEIPT))
        assert shown["code"] == "backlog"
        assert shown["file_id"]  # it is uploaded all the same, and can be read later
        assert len(await site.ledger.all("SELECT 1 FROM documents")) == 2
