"""Exports while they are sent: page by page, to clients of any pace."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.integration.web.rig import FILED, get

from expensed.ledger.documents import update_document
from expensed.model.breakdown import CheckedSum, Item, SumName, TaxLine
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


def with_taxes(*rates: str):
    return replace(FILED, taxes=tuple(TaxLine(rate=Decimal(rate), tax=Decimal(1)) for rate in rates))


async def read_lines(http, query: str) -> list[str]:
    async with http.get(f"/api/export?{query}") as answer:
        assert answer.status == 200
        text: str = await answer.text()
        return text.splitlines()


async def test_the_rates_that_occur_in_what_is_exported_have_columns(site, http):
    await site.add_filed("a.pdf", result=with_taxes("19.00", "7"))
    await site.add_filed("b.pdf", result=with_taxes("19", "5.5"))
    await site.add_filed("c.pdf", result=replace(with_taxes("25"), category="Other"))
    await site.add_filed("d.pdf", result=replace(FILED, category="Meals & Entertainment"))
    head, first, _ = await read_lines(http, "category=software")
    assert head.partition(",document_id,payer,project,")[2] == (
        "tax 5.5 %,net 5.5 %,tax 7 %,net 7 %,tax 19 %,net 19 %,tax other,net other"
    )
    assert first.endswith("_invoice.pdf,,,,,1.00,,1.00,,,")
    (head, _) = await read_lines(http, "category=meals")
    assert head.endswith(",document_id,payer,project")


async def test_of_too_many_rates_the_most_frequent_have_columns(site, http, monkeypatch):
    monkeypatch.setattr(export, "MOST_RATES", 2)
    monkeypatch.setattr(export, "COUNTED", 1)
    for number, rates in enumerate((("1", "2"), ("2", "3"), ("3", "2"))):
        await site.add_filed(f"{number}.pdf", result=with_taxes(*rates))
    head, first, *_ = await read_lines(http, "format=csv")
    assert head.partition(",document_id,payer,project,")[2] == "tax 2 %,net 2 %,tax 3 %,net 3 %,tax other,net other"
    assert first.endswith("_invoice.pdf,,,1.00,,,,1.00,")


async def test_items_are_exported_whole_and_line_by_line(site, http):
    items = (Item(description="Drill", total=Decimal("4.5")), Item(description="Bits", total=Decimal(1)))
    total = CheckedSum(name=SumName.TOTAL, value=Decimal("5.5"), proof="2 items add up to 5.50")
    await site.add_filed("a.pdf", result=replace(FILED, items=items, sums=(total,)))
    await site.add_filed("b.pdf")
    (row, other) = map(json.loads, await read_lines(http, "format=jsonl"))
    assert [item["description"] for item in row["items"]] == ["Drill", "Bits"]
    assert row["sums"] == [{"name": "total", "value": 5.5, "proof": "2 items add up to 5.50"}]
    assert other["items"] == other["taxes"] == other["sums"] == []
    assert [line.split(",")[4:6] for line in await read_lines(http, "items=1")] == [
        ["kind", "description"], ["goods", "Drill"], ["goods", "Bits"]
    ]  # fmt: skip


async def test_no_list_shows_items(site, http):
    await site.add_filed("a.pdf", result=replace(FILED, items=(Item(description="Drill"),)))
    (row,) = (await get(http, "/api/documents"))["documents"]
    assert "items" not in row


@pytest.mark.parametrize("kind", ["jsonl", "ledger"])
async def test_lines_of_items_are_csv(site, http, kind):
    refused = await get(http, f"/api/export?items=1&format={kind}", 422)
    assert refused["error"].startswith(f"items are lines only in csv; {kind} has")
