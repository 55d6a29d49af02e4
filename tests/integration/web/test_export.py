"""Exports while they are sent: page by page, to clients of any pace."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from tests.integration.web.rig import FILED

from expensed.ledger.documents import update_document
from expensed.web.routes import export

MUCH = "x" * 1_500_000
"""So much text that ten documents fill every buffer between the ledger and a client that does not read."""


async def test_an_export_reads_page_by_page_what_is_sent(site, http, monkeypatch):
    monkeypatch.setattr(export, "PAGE", 2)
    for number in range(10):
        await site.add_filed(f"{number}.pdf", result=replace(FILED, description=MUCH))
    last = await site.add_filed("last.pdf")
    async with http.get("/api/export?format=jsonl") as answer:
        assert (await answer.content.readany())[:1] == b"{"
        async with site.ledger.transaction() as tx:
            await update_document(tx, last.document, result=replace(FILED, vendor="Corrected"))
        rows = (await answer.text()).splitlines()
    assert json.loads(rows[-1])["file"] == "last.pdf"
    assert json.loads(rows[-1])["vendor"] == "Corrected", "all was read before the first was sent"


async def test_an_export_is_in_the_order_of_dates(site, http):
    for number, day in enumerate((date(2024, 3, 1), date(2023, 5, 1), None, date(2024, 1, 1), date(2023, 5, 1))):
        await site.add_filed(f"{number}.pdf", result=replace(FILED, date=day))
    async with http.get("/api/export?format=jsonl") as answer:
        rows = [json.loads(line) for line in (await answer.text()).splitlines()]
    assert [row["file"] for row in rows] == ["1.pdf", "4.pdf", "3.pdf", "0.pdf", "2.pdf"]


async def test_an_export_of_nothing_is_its_head(site, http):
    async with http.get("/api/export?format=csv&q=nowhere") as answer:
        assert (answer.status, (await answer.text()).count("\n")) == (200, 1)
