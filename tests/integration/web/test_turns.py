"""Many clients that ask for much at once: each waits for its turn, and nobody else waits for them all."""

from __future__ import annotations

import asyncio

from tests.integration.web.rig import get

from expensed.ledger.store import Purpose


async def test_searches_at_once_are_answered_one_after_another(site, http, monkeypatch):
    await site.add_filed("a.pdf")
    ask, under_way, most = site.ledger.all, 0, 0

    async def note(sql, *values, by=Purpose.PROMPT):
        nonlocal under_way, most
        under_way += by is Purpose.SEARCH
        most = max(most, under_way)
        try:
            return await ask(sql, *values, by=by)
        finally:
            under_way -= by is Purpose.SEARCH

    with monkeypatch.context() as noting:
        noting.setattr(site.ledger, "all", note)
        found = await asyncio.gather(*(get(http, "/api/documents", params={"q": "a"}) for _ in range(8)))
    assert [len(each["documents"]) for each in found] == [1] * 8
    assert most == 1
