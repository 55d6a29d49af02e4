from __future__ import annotations

import asyncio
import os
import re
import resource
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from tests.e2e import papers
from tests.integration.web.rig import form, post, run_site, until, upload

from expensed.ledger.documents import find_document
from expensed.model.place import Place
from expensed.model.states import DocumentState, Root
from expensed.pipeline.context import UPLOADS_AT_ONCE
from expensed.web.sse.pace import Pace

RECEIPT = papers.pdf(papers.receipt_lines(1))


def left(site) -> list[str]:
    """Return everything in the claim folders, including folders, but not the inbox's mark."""
    claims = site.pipeline.context.claims
    return sorted(
        os.path.relpath(os.path.join(where, name), claims)
        for where, folders, files in os.walk(claims)  # a folder may go while one looks
        for name in (*folders, *files)
        if (where, name) != (os.fspath(claims), "mark")
    )


async def test_an_upload_is_answered_as_in_the_seed_and_lies_where_the_ledger_says(site, http):
    shown = await post(http, "/api/upload", data=form(RECEIPT, "invoice.pdf"))
    assert set(shown) == {"success", "file_id"}
    assert shown["success"] is True
    assert re.fullmatch(r"[0-9]{8}_[0-9]{6}_invoice\.pdf", shown["file_id"])
    document = await find_document(site.ledger, shown["file_id"])
    assert document is not None
    assert (document.state, document.origin, document.kind) == (DocumentState.UPLOADED, "upload", "application/pdf")
    assert document.place == Place(Root.INBOX, f".expensed/{shown['file_id']}/invoice.pdf")
    path = site.pipeline.context.locate(document.place)
    assert path.read_bytes() == RECEIPT
    assert path.stat().st_mode & 0o777 == 0o640
    assert (document.size, document.mtime_ns) == (len(RECEIPT), path.stat().st_mtime_ns)


async def test_ids_are_unique_within_a_second_too(site, http):
    ids = await asyncio.gather(*(upload(http, RECEIPT + b"\n" * number, "r.pdf") for number in range(12)))
    assert len(set(ids)) == 12
    assert all(re.fullmatch(r"[0-9]{8}_[0-9]{6}_([0-9]+_)?r\.pdf", name) for name in ids)
    assert len(left(site)) == 24


async def test_uploads_take_turns_at_the_disk_and_who_asks_for_something_else_does_not_wait(site, http):
    file_id = await upload(http, RECEIPT, "first.pdf")
    async with AsyncExitStack() as stack:
        for _ in range(UPLOADS_AT_ONCE):
            await stack.enter_async_context(site.pipeline.context.uploads)
        waiting = asyncio.create_task(upload(http, RECEIPT + b"\n", "second.pdf"))
        await until(lambda: any(name.endswith(".part") for name in left(site)))
        async with http.post(f"/api/extract/{file_id}", json={"async": True}) as answer:
            assert answer.status == 202
        assert not waiting.done()
    assert (await waiting).endswith("second.pdf")


@pytest.mark.parametrize(
    ("name", "kept", "in_id"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\r.pdf", "r.pdf", "r.pdf"),
        ("/abs/olute", "olute", "olute"),
        (".part", ".part", ".part"),
        ("..", "upload", "upload"),
        ("Rechnung über 5 €.pdf", "Rechnung über 5 €.pdf", "Rechnung_ber_5_.pdf"),
        ("x" * 4000 + ".pdf", "x" * 190 + ".pdf", "x" * 96 + ".pdf"),
        ("<script>.pdf", "<script>.pdf", "_script_.pdf"),
    ],
)
async def test_whatever_it_is_called_it_stays_in_its_folder(site, http, name, kept, in_id):
    file_id = await upload(http, RECEIPT, name)
    document = await find_document(site.ledger, file_id)
    assert document is not None
    assert (document.file, file_id[16:]) == (kept, in_id)
    path = site.pipeline.context.locate(document.place)
    assert path.parent == site.pipeline.context.claims / file_id
    assert path.read_bytes() == RECEIPT
    assert path.name != ".part"
    assert await site.pipeline.recover() == []
    assert path.read_bytes() == RECEIPT


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + b"x" * 9000, b"MZ" + b"\0" * 3_000_000, b"hello\n"])
async def test_what_is_no_picture_or_pdf_is_refused_with_a_sentence_whatever_its_name(site, http, content):
    shown = await post(http, "/api/upload", 415, data=form(content, "receipt.pdf"))
    assert shown["code"] == "unsupported-kind"
    assert shown["error"].startswith("This is not a picture, a PDF or an e-invoice: it looks like ")
    assert left(site) == []


async def test_one_that_is_too_large_is_refused_however_it_is_sent(tmp_path):
    async with run_site(tmp_path, max_upload_mb=1) as site, aiohttp.ClientSession(site.url) as http:
        assert await upload(http, RECEIPT + b"\n" * ((1 << 20) - len(RECEIPT)))
        kept = left(site)
        for content in (RECEIPT + b"\n" * (1 << 20), RECEIPT + b"\n" * (4 << 20)):
            assert (await post(http, "/api/upload", 413, data=form(content)))["code"] == "too-large"
        async with http.post("/api/upload", data=stream(b"x" * 65536), headers=MULTIPART) as answer:  # without an end
            assert (answer.status, (await answer.json())["code"]) == (413, "too-large")
        assert left(site) == kept


MULTIPART = {"Content-Type": "multipart/form-data; boundary=xyz"}
HEAD = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="r.pdf"\r\n\r\n'


async def stream(chunk: bytes, *, pause_s: float = 0.0, head: bytes = HEAD + RECEIPT):
    """Yield a body that never ends."""
    yield head
    while True:
        yield chunk
        await asyncio.sleep(pause_s)


async def test_a_body_of_which_nothing_more_comes_is_given_up(tmp_path):
    pace = Pace(body_s=0.3)
    async with run_site(tmp_path, pace) as site, aiohttp.ClientSession(site.url) as http:
        async with http.post("/api/upload", data=stream(b"x", pause_s=60), headers=MULTIPART) as answer:
            assert (answer.status, (await answer.json())["code"]) == (408, "slow-body")
        assert left(site) == []


async def test_a_body_that_drips_is_given_up(tmp_path):
    pace = Pace(body_s=0.3, body_bytes_per_s=1_000_000)
    async with run_site(tmp_path, pace) as site, aiohttp.ClientSession(site.url) as http:
        for head in (HEAD + RECEIPT, b"no form at all\r\n"):
            async with http.post(
                "/api/upload", data=stream(b"x\r\n", pause_s=0.01, head=head), headers=MULTIPART
            ) as got:
                assert (got.status, (await got.json())["code"]) == (408, "slow-body")
        assert left(site) == []


async def test_a_client_that_leaves_in_mid_upload_leaves_nothing(site):
    host, port = site.server.host, site.server.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        b"POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
        b"Content-Type: multipart/form-data; boundary=xyz\r\n\r\n" + HEAD + RECEIPT + b"x" * 600_000
    )
    await writer.drain()
    await until(lambda: any(name.endswith(".part") for name in left(site)))
    assert await site.pipeline.recover() == []  # it is in hand: recovery leaves it alone
    assert any(name.endswith(".part") for name in left(site))
    writer.close()
    await until(lambda: left(site) == [])
    assert await reader.read() == b""
    assert await site.ledger.one("SELECT 1 FROM documents") is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "broken-body"),
        (b"nothing of the kind", 400, "broken-body"),
        (HEAD + RECEIPT, 400, "broken-body"),
        (HEAD + RECEIPT + b"\r\n--xyz\r\n", 400, "broken-body"),
        (b"--xyz--\r\n", 422, "no-file"),
        (HEAD.replace(b'"file"', b'"photo"') + RECEIPT + b"\r\n--xyz--\r\n", 422, "no-file"),
        (HEAD + RECEIPT + b"\r\n" + HEAD + RECEIPT + b"\r\n--xyz--\r\n", 422, "two-files"),
        (b"--xyz\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q--\r\n--xyz--\r\n", 400, "broken-body"),
    ],
)
async def test_a_form_that_is_no_use_is_refused_and_leaves_nothing(site, http, body, status, code):
    async with http.post("/api/upload", data=body, headers=MULTIPART) as answer:
        shown = await answer.json()
        assert (answer.status, shown["code"]) == (status, code), shown
        assert shown["error"].endswith(".")
        assert shown["hint"]
    assert left(site) == []


async def test_other_fields_may_stand_around_the_file(site, http):
    field = b'--xyz\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    body = field + HEAD + RECEIPT + b"\r\n" + field + b"--xyz--\r\n"
    shown = await post(http, "/api/upload", data=body, headers=MULTIPART)
    document = await find_document(site.ledger, shown["file_id"])
    assert document is not None
    assert site.pipeline.context.locate(document.place).read_bytes() == RECEIPT


async def test_what_is_no_form_is_refused(http):
    ways: tuple[dict[str, Any], ...] = (
        {"json": {}},
        {"data": b"x", "headers": {"Content-Type": "application/pdf"}},
        {"data": {"file": "x"}},
    )
    for how in ways:
        assert (await post(http, "/api/upload", 415, **how))["code"] == "not-multipart"
    packed = MULTIPART | {"Content-Encoding": "gzip"}
    assert (await post(http, "/api/upload", 415, data=b"x", headers=packed))["code"] == "packed"
    assert (await post(http, "/api/upload?extrct=1", 422, data=form(RECEIPT)))["code"] == "invalid"


async def test_a_page_of_another_site_cannot_upload(site, http):
    shown = await post(http, "/api/upload", 403, data=form(RECEIPT), headers={"Origin": "http://elsewhere.example"})
    assert shown["code"] == "wrong-origin"
    assert left(site) == []


async def test_a_disk_that_takes_no_more_is_said_and_nothing_is_left(site, http):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, hard))
    try:
        shown = await post(http, "/api/upload", 507, data=form(RECEIPT + b"\n" * (3 << 20)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (shown["code"], shown["error"]) == ("inbox-full", "The inbox cannot take the file: File too large.")
    assert left(site) == []


async def test_an_upload_can_be_read_at_once(site, http):
    shown = await post(http, "/api/upload?extract=1&wait=30", data=form(RECEIPT))
    assert shown["success"] is True
    assert shown["data"]["amount"] == 7.53
    again = await post(http, "/api/upload?extract=1", data=form(RECEIPT))
    assert again["cached"] is True
    assert again["file_id"] != shown["file_id"]


async def test_who_does_not_wait_to_the_end_gets_a_task(site, http):
    shown = await post(http, "/api/upload?extract=1&wait=0", 202, data=form(RECEIPT))
    assert (shown["success"], shown["status"]) == (True, "processing")
    assert {"file_id", "task_id", "message"} < set(shown)


async def test_an_upload_that_cannot_be_read_says_so_and_stays(site, http):
    shown = await post(http, "/api/upload?extract=1", 422, data=form(b"%PDF-1.4\nno document\nstartxref\n9\n%%EOF\n"))
    assert shown["success"] is False
    document = await find_document(site.ledger, shown["file_id"])
    assert document is not None
    assert document.state is DocumentState.UPLOADED
