"""Commands read long lists page by page, from a real server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.integration.web.rig import run_site

from expensed.cli.http import paging
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, read_documents
from expensed.config.schema import Settings
from expensed.errors import RequestError


async def test_a_list_is_read_to_its_end_or_to_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    async with run_site(tmp_path) as site:
        tasks = [await site.add(f"{number}.pdf") for number in range(5)]
        await site.add("other.txt")
        client = Client(Settings.at(tmp_path, web={"port": site.server.port}))

        def read(limit: int | None, **filters: str | None) -> list[str]:
            return [row.document_id for row in read_documents(client, as_query(**filters), limit)]

        newest_first = [task.document_id for task in reversed(tasks)]
        assert await asyncio.to_thread(read, None, q="pdf") == newest_first
        for limit in (1, 2, 3, 5, 9):
            assert await asyncio.to_thread(read, limit, q="pdf", vendor=None) == newest_first[:limit]
        with pytest.raises(RequestError, match="from must be a date"):
            await asyncio.to_thread(read, None, from_="yesterday")
        client.close()
