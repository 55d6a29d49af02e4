"""Discarding over HTTP: what is refused, and what stays as it was if it cannot be done."""

from __future__ import annotations

import aiohttp
from tests.integration.web.rig import Site, get, post

from expensed.model.states import DocumentState, Outcome


async def test_what_is_not_what_was_filed_stays_filed(site: Site, http: aiohttp.ClientSession) -> None:
    task = await site.add_filed("a.pdf")
    (site.settings.archive.path / "2024/Other/a.pdf").write_bytes(b"other bytes")
    refused = await post(http, f"/api/documents/{task.document_id}/discard", 409)
    assert refused["code"] == "altered"
    assert "correction" not in refused["hint"], "nothing was corrected"
    document = await site.document(task)
    assert (document.state, document.outcome, document.discarded) == (DocumentState.FILED, Outcome.FILED, None)
    assert (site.settings.archive.path / "2024/Other/a.pdf").read_bytes() == b"other bytes"


async def test_the_reason_of_a_discarded_document_can_be_changed(site: Site, http: aiohttp.ClientSession) -> None:
    first, second = await site.add_filed("a.pdf"), await site.add_in_review("b.pdf")
    here = f"/api/documents/{second.document_id}"
    done = await post(http, f"{here}/discard", json={"not_an_expense": True})
    assert done["path"] == "_discarded/b.pdf"
    assert await post(http, f"{here}/discard", json={"not_an_expense": True}) == done
    again = await post(http, f"{here}/discard", json={"duplicate_of": first.document_id})
    assert (again["path"], again["task_id"] != done["task_id"]) == ("_discarded/b.pdf", True)
    note = (site.settings.archive.path / "_discarded/b.pdf.why.txt").read_text()
    assert first.document_id in note
    shown = (await get(http, here))["discarded"]
    assert (shown["reason"], shown["path"]) == ("duplicate", "_review/b.pdf")


async def test_what_would_not_be_counted_at_all_is_refused(site: Site, http: aiohttp.ClientSession) -> None:
    first, second = await site.add_filed("a.pdf"), await site.add_in_review("b.pdf")
    here = f"/api/documents/{first.document_id}"
    for body, status, code in (
        ({"duplicate_of": first.document_id}, 409, "same-document"),
        ({"duplicate_of": "nope"}, 404, "not-found"),
        ({"duplicate_of": second.document_id, "not_an_expense": True}, 422, "invalid"),
    ):
        assert (await post(http, f"{here}/discard", status, json=body))["code"] == code
    await post(http, f"/api/documents/{second.document_id}/discard", json={"duplicate_of": first.document_id})
    refused = await post(http, f"{here}/discard", 409, json={"duplicate_of": second.document_id})
    assert refused["code"] == "not-counted"
    assert (await post(http, f"{here}/undiscard", 409))["code"] == "not-discarded"


async def test_a_retry_of_what_was_discarded_says_how_to_put_it_back(site: Site, http: aiohttp.ClientSession) -> None:
    task = await site.add_in_review("b.pdf")
    refused = await post(http, f"/api/task/{task.id}/retry", 409)
    reread = f"expensed reread {task.document_id} (over HTTP: POST /api/documents/{task.document_id}/reread)"
    assert refused["hint"] == f"To have it read again all the same: {reread}"
    await post(http, f"/api/documents/{task.document_id}/discard")
    refused = await post(http, f"/api/task/{task.id}/retry", 409)
    undo = f"expensed discard --undo {task.document_id}"
    over_http = f"(over HTTP: POST /api/documents/{task.document_id}/undiscard)"
    assert refused["hint"] == f"Put it back first: {undo} {over_http}"
