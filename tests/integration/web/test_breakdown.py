"""Items and taxes that a person corrects over HTTP: in the answer, the ledger, the sidecar and the search."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.integration.web.rig import FILED, RESULT, as_json, get, post

from expensed.archive.sidecar import sidecar_path
from expensed.ledger.documents import update_document
from expensed.model.breakdown import CheckedSum, Item, SumName, TaxLine
from expensed.pipeline.requests.merge import keep_said
from expensed.web.schema.breakdown import MOST_LINES

BOX = (0.1, 0.2, 0.3, 0.4)
ITEMS = (
    Item(description="Drill", quantity=Decimal(2), unit_price=Decimal("25.00"), total=Decimal("50.00"), page=1, box=BOX,
         proof="2 x 25.00"),
    Item(description="Bit", total=Decimal("2.89"), page=1, box=BOX),
)  # fmt: skip
TAXES = (TaxLine(rate=Decimal(19), net=Decimal("44.53"), tax=Decimal("8.46"), page=1, box=BOX, proof="as printed"),)
SUMS = (CheckedSum(name=SumName.TOTAL, value=Decimal("52.99")),)
READ = replace(FILED, items=ITEMS, taxes=TAXES, sums=SUMS, tax=Decimal("8.46"))
BIT = {"description": "Bit", "total": "2,99"}


async def patch(http, task, body, status=200):
    async with http.patch(f"/api/documents/{task.document_id}", json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


def sent_back(expense):
    """Return an expense as a client sends back what it got, with a float for each number."""
    return json.loads(json.dumps(as_json(expense)))


async def test_a_corrected_item_is_everywhere_and_the_one_that_was_read_is_kept(site, http):
    task = await site.add_filed(result=READ)
    first = sent_back(ITEMS[0])
    shown = (await patch(http, task, {"items": [first, BIT]}))["data"]
    assert shown["items"] == [first, {**sent_back(ITEMS[1]), "total": 2.99}]
    assert shown["sums"] == [{"name": "total", "value": 52.99, "proof": "2 items add up to 52.99"}]
    assert shown["fields"]["items"]["proof"] == "a person said so"
    assert shown["taxes"] == sent_back(TAXES)
    document = await site.document(task)
    corrections = as_json(document.corrections)
    assert corrections["original"]["items"] == sent_back(ITEMS)
    assert [item["total"] for item in corrections["said"]["items"]] == [50, 2.99]
    sidecar = json.loads(sidecar_path(site.settings.archive.path / document.place.path).read_text())
    assert sidecar["result"]["items"] == shown["items"]
    assert sidecar["corrections"] == corrections
    assert (await get(http, f"/api/documents/{task.document_id}"))["corrections"] == corrections

    again = await patch(http, task, {"items": [{"description": "Cordless screwdriver", "total": 52.99}]})
    assert again["data"]["sums"][0]["proof"] == "1 item adds up to 52.99"
    assert as_json((await site.document(task)).corrections)["original"]["items"] == sent_back(ITEMS)
    for words, count in (("screwdriv", 1), ("drill", 0), ("bit", 0)):
        assert len((await get(http, f"/api/documents?q={words}"))["documents"]) == count


async def test_a_corrected_tax_brings_its_total_along(site, http):
    task = await site.add_filed(result=READ)
    taxes = [{"rate": "7 %", "net": "49.52", "tax": 3.47, "is_included": True}]
    shown = (await patch(http, task, {"taxes": taxes}))["data"]
    assert shown["tax"] == 3.47
    assert shown["taxes"][0]["proof"] == "7 % of 49.52"
    assert shown["taxes"][0]["box"] == list(BOX)
    assert shown["sums"][0]["proof"] == "net 49.52 + tax 3.47"
    assert shown["items"] == sent_back(ITEMS)


async def test_a_request_that_is_repeated_is_not_done_twice(site, http):
    task = await site.add_filed(result=READ)
    said = {"items": [BIT], "vendor": "Obi"}
    first = await patch(http, task, said)
    assert (await patch(http, task, said))["task_id"] == first["task_id"]
    assert (await patch(http, task, {"items": first["data"]["items"]}))["task_id"] == first["task_id"]
    waiting = await site.add_in_review("other.pdf")
    body = {"file_id": waiting.document_id, "expense_data": {"items": [BIT], "taxes": []}}
    filed = await post(http, "/api/process", json=body)
    assert await post(http, "/api/process", json=body) == filed
    assert filed["data"]["items"][0]["total"] == 2.99


async def test_whoever_sends_back_what_was_read_corrects_no_line(site, http):
    task = await site.add_in_review()
    async with site.ledger.transaction() as tx:
        await update_document(tx, task.document, result=replace(READ, needs_review=True, reasons=RESULT.reasons))
    data = (await get(http, f"/api/documents/{task.document_id}"))["data"]
    body = {"file_id": task.document_id, "expense_data": data, "original_extraction": data}
    shown = await post(http, "/api/process", json=body)
    for name in ("items", "taxes", "sums"):
        assert shown["data"][name] == data[name]
    corrections = (await get(http, f"/api/documents/{task.document_id}"))["corrections"]
    for said in ("said", "original", "confirmed"):
        assert not {"items", "taxes"} & set(corrections[said])


async def test_what_a_person_said_of_lines_outlasts_another_reading(site, http):
    task = await site.add_filed(result=READ)
    await patch(http, task, {"items": [BIT]})
    document = await site.document(task)
    found = replace(FILED, vendor="Other", taxes=TAXES, items=(Item(description="Misread", total=Decimal("52.99")),),
                    sums=(replace(SUMS[0], proof="1 item adds up to 52.99"),))  # fmt: skip
    kept = keep_said(document, found)
    assert [item.description for item in kept.items] == ["Bit"]
    assert kept.sums == (replace(SUMS[0], proof="net 44.53 + tax 8.46"),)
    assert (kept.vendor, kept.taxes) == ("Other", TAXES)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"items": [{"description": "x", "total": 1.005}]}, "items.0.total has more than the 2 decimals of USD."),
        ({"items": [BIT, {}]}, "items.1 says nothing."),
        ({"items": [{"total": "1.00 EUR"}]}, "items.0.total must be a number without a currency"),
        ({"items": [{"total": "much"}]}, "items.0.total must be an amount such as"),
        ({"items": [{"total": True}]}, "items.0.total must be a number such as 4.50"),
        ({"items": [{"total": 1e13}]}, "items.0.total is larger than on any receipt"),
        ({"items": [{"category": "Toys", "total": 1}]}, "items.0.category must be one of"),
        ({"items": [{"kind": "loan", "total": 1}]}, "items.0.kind: Input should be 'goods', "),
        ({"items": [{"description": "x" * 2001}]}, "items.0.description: String should have at most 2000"),
        ({"items": "all"}, "items: Input should be a valid list"),
        ({"items": [BIT] * (MOST_LINES + 1)}, "items: List should have at most 2000 items"),
        ({"taxes": [{"rate": -1}]}, "taxes.0.rate must be a rate in percent"),
        ({"taxes": [{"rate": 19, "tax": "1.234"}]}, "taxes.0.tax may mean 1234 or 1.234"),
    ],
)
async def test_a_line_that_cannot_be_is_refused_with_its_place(site, http, said, complaint):
    task = await site.add_filed(result=READ)
    refused = await patch(http, task, said, 422)
    assert refused["error"].startswith(complaint)
    assert refused["code"] == "invalid"
    assert (await site.document(task)).corrections is None


async def test_hostile_words_are_one_harmless_line(site, http):
    task = await site.add_filed(result=READ)
    text = "=1+1\u202e\x1b[31m\n<b>"
    shown = await patch(http, task, {"items": [{"description": text, "unit": "\n", "total": 1}]})
    assert (shown["data"]["items"][0]["description"], shown["data"]["items"][0]["unit"]) == ("=1+1 [31m <b>", None)
    async with http.get("/api/export?items=1") as answer:
        assert "'=1+1 [31m <b>" in await answer.text()


async def test_as_many_lines_as_may_be_are_taken_in_a_moment(site, http):
    task = await site.add_filed(result=READ)
    lines = [{"description": f"Line {number}", "total": number / 100} for number in range(MOST_LINES)]
    shown = (await patch(http, task, {"items": lines}))["data"]
    assert len(shown["items"]) == MOST_LINES
    sent = [*shown["items"][:-1], BIT]
    assert (await patch(http, task, {"items": sent}))["data"]["items"][-1]["total"] == 2.99
