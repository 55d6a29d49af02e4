"""GET /api/review: what waits for a person, what else it might be, and a picture of each place."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from tests.e2e import papers
from tests.integration.web.rig import RESULT, get, post

from expensed.model.expense import Candidate

DOUBTED = replace(
    RESULT,
    reasons=("The amount 52.99 is probably right, but no sum confirms it. It might also be 25.99.", "It is creased."),
    candidates={
        "amount": (
            Candidate(value="25.99", confidence=0.04, page=1, box=(0.7, 0.4, 0.8, 0.42), text="Subtotal 25.99"),
            Candidate(value="5.99", confidence=0.01),
        )
    },
    looks_like="20240101_first.pdf",
)


async def test_each_document_says_what_is_doubtful_and_what_else_it_might_be(site, http):
    task = await site.add_in_review(result=DOUBTED, turns=(0,))
    await site.add_filed("filed.pdf")
    shown = await get(http, "/api/review")
    ((document,), following) = shown["documents"], shown["next"]
    here = f"/api/documents/{task.document_id}"
    assert (following, document["document_id"], document["looks_like"]) == (
        None,
        task.document_id,
        "20240101_first.pdf",
    )
    assert document["doubts"] == [
        {"field": "amount", "sentence": "52.99 USD is probably right; no sum confirms it. Also on the paper: 25.99."},
        {"field": None, "sentence": "It is creased."},
    ]
    amount = document["fields"]["amount"]
    assert (amount["value"], amount["is_doubtful"], document["fields"]["date"]["is_doubtful"]) == ("52.99", True, False)
    assert amount["crop"] == f"{here}/page/1/crop.png?box=0.7000,0.5000,0.8000,0.5200"
    assert [(each["value"], each["crop"]) for each in amount["candidates"]] == [
        ("25.99", f"{here}/page/1/crop.png?box=0.7000,0.4000,0.8000,0.4200"), ("5.99", None)
    ]  # fmt: skip
    assert (document["lacking"], document["path"], document["pages"]) == ([], "_review/scan.pdf", 1)


async def test_they_come_newest_first_page_by_page(site, http):
    tasks = [await site.add_in_review(f"{number}.pdf") for number in range(3)]
    first = await get(http, "/api/review", params={"limit": "2"})
    second = await get(http, "/api/review", params={"limit": "2", "before": str(first["next"])})
    found = [each["document_id"] for page in (first, second) for each in page["documents"]]
    assert found == [task.document_id for task in reversed(tasks)]
    assert second["next"] is None


async def test_the_place_of_a_value_is_drawn_with_what_stands_around_it(site, http):
    task = await site.add_in_review(content=papers.pdf(papers.receipt_lines(1)), kind="application/pdf", turns=(0,))
    crop = f"/api/documents/{task.document_id}/page/1/crop.png"
    async with http.get(crop, params={"box": "0.1,0.1,0.4,0.15"}) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        picture = Image.open(io.BytesIO(await answer.read()))
    assert max(picture.size) <= 1000
    assert picture.width > 2 * picture.height
    async with http.get(f"/api/documents/{task.document_id}/page/7/crop.png", params={"box": "0,0,1,1"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "no-such-page")


@pytest.mark.parametrize("box", ["", "1,2", "0,0,0,1", "0.5,0,0.4,1", "0,0,1,1.1", "nan,0,1,1", "a,b,c,d"])
async def test_a_box_that_is_none_is_refused_in_one_sentence(site, http, box):
    task = await site.add_in_review()
    refused = await get(http, f"/api/documents/{task.document_id}/page/1/crop.png", 422, params={"box": box})
    assert (refused["code"], refused["error"].startswith("box must")) == ("invalid", True)


async def test_what_a_person_files_keeps_no_candidates(site, http):
    task = await site.add_in_review(result=replace(DOUBTED, looks_like=RESULT.looks_like))
    filed = await post(http, "/api/process", json={"file_id": task.document_id, "expense_data": {"amount": 25.99}})
    assert (filed["data"]["amount"], filed["data"]["candidates"]) == (25.99, {})
    assert (await get(http, "/api/review"))["documents"] == []
