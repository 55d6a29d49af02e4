"""Lessons over HTTP: listed page by page, and forgotten even while the archive is away."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
from tests.integration.web.rig import Site, get, post, run_site

from expensed.archive.sidecar import sidecar_path


async def teach(site: Site, http: aiohttp.ClientSession, file: str, vendor: str) -> str:
    """Correct a filed document; return its id."""
    document = (await site.document(await site.add_filed(file))).id
    async with http.patch(f"/api/documents/{document}", json={"vendor": vendor}) as answer:
        assert answer.status == 200, await answer.text()
    return document


async def test_lessons_are_listed_page_by_page(tmp_path: Path) -> None:
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        ids = [await teach(site, http, f"{number}.pdf", f"Seller {number}") for number in range(3)]
        page = await get(http, "/api/lessons?limit=2")
        assert [each["document_id"] for each in page["lessons"]] == ids[:0:-1]
        rest = await get(http, f"/api/lessons?limit=2&before={page['next']}")
        assert ([each["vendor"] for each in rest["lessons"]], rest["next"]) == (["Seller 0"], None)
        one = await get(http, f"/api/lessons/{rest['lessons'][0]['number']}")
        assert (one["lesson"], one["documents"]) == (rest["lessons"][0], [])
        assert (await get(http, "/api/lessons/99", 404))["code"] == "no-such-lesson"
        assert (await post(http, f"/api/lessons/{2**63}/forget", 404))["code"] == "no-such-lesson"


async def test_a_sidecar_tells_later_that_a_lesson_is_forgotten_if_the_archive_is_away(tmp_path: Path) -> None:
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        document = await teach(site, http, "scan.pdf", "Adobe Systems")
        path = (await get(http, f"/api/documents/{document}"))["path"]
        archive, away = site.settings.archive.path, tmp_path / "away"
        archive.rename(away)
        number = (await get(http, "/api/lessons"))["lessons"][0]["number"]
        forgotten = (await post(http, f"/api/lessons/{number}/forget"))["lesson"]["forgotten_at"]
        assert forgotten is not None
        away.rename(archive)
        await site.pipeline.recover()
        (lesson,) = json.loads(sidecar_path(archive / path).read_text())["lessons"]
        assert lesson["forgotten_at"] == forgotten
        assert await site.ledger.one("SELECT number FROM lessons WHERE NOT is_told") is None
