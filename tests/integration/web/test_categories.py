"""Categories as people give them over HTTP: those of the settings, and any that a document has already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from tests.integration.web.rig import FILED, Site, get, run_site

OWN = {"Hosting": {"instead_of": "Software & Services"}, "Hobby": {"words": ["yarn"]}}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A site with categories of its own."""
    async with run_site(tmp_path, categories={"own": OWN}) as site:
        yield site


@pytest.fixture
async def http(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(site.url) as http:
        yield http


@pytest.mark.parametrize(
    ("typed", "category"),
    [("hobby", "Hobby"), ("Software & Services", "Hosting"), ("host", "Hosting"), ("travel", "Travel & Lodging")],
)
async def test_what_is_typed_means_a_category_in_force(site, http, typed, category):
    await site.add_filed()
    task = await site.add_in_review()
    async with http.post(
        "/api/process-async", json={"file_id": task.document_id, "expense_data": {"category": typed}}
    ) as answer:
        assert answer.status == 202, await answer.text()
    document = await site.document(task)
    assert document.result is not None
    assert document.result.category == category


async def test_any_other_is_refused_with_those_in_force(site, http):
    task = await site.add_in_review()
    body = {"file_id": task.document_id, "expense_data": {"category": "Things"}}
    async with http.post("/api/process-async", json=body) as answer:
        assert answer.status == 422
        error = (await answer.json())["error"]
    assert "must be one of" in error
    assert "Hosting" in error
    assert "Software & Services" not in error


async def test_one_that_a_document_has_can_be_sent_back_and_looked_for(site, http):
    await site.add_filed(result=replace(FILED, category="Garden"))
    task = await site.add_in_review()
    body = {"file_id": task.document_id, "expense_data": {"category": "Garden", "payer": "Anna", "project": "Roof"}}
    async with http.post("/api/process-async", json=body) as answer:
        assert answer.status == 202, await answer.text()
    document = await site.document(task)
    assert document.result is not None
    assert (document.result.category, document.result.payer, document.result.project) == ("Garden", "Anna", "Roof")
    for typed in ("Garden", "garden"):
        assert len((await get(http, "/api/documents", params={"category": typed}))["documents"]) == 2


async def test_documents_of_a_category_that_was_replaced_since_are_still_found(site, http):
    await site.add_filed()
    assert len((await get(http, "/api/documents", params={"category": "Software & Services"}))["documents"]) == 1
    assert (await get(http, "/api/documents", params={"category": "hosting"}))["documents"] == []


async def test_page_and_description_name_those_in_force(site, http):
    parameters = (await get(http, "/api/openapi.json"))["paths"]["/api/documents"]["get"]["parameters"]
    (category,) = (each for each in parameters if each["name"] == "category")
    names = list(site.settings.categories.known.names)
    assert category["schema"]["examples"] == names
    async with http.get("/", headers={"Accept": "text/html"}) as answer:
        page = await answer.text()
    assert '"Hosting"' in page
    assert "Software & Services" not in page
