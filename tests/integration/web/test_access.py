from __future__ import annotations

import asyncio
import json
import logging
import re

import aiohttp
import pytest
from tests.integration.web.rig import run_site

from expensed.web.app import ROUTES
from expensed.web.guards.access import SAFE_METHODS
from expensed.web.schema.openapi import name_path

LIST = "/api/tasks"
OPEN_TO_ALL = ("/healthz", "/api/docs", "/api/openapi.json")
PUBLIC = "https://home.example/expensed"


def fill(path, document="nope", task="nope"):
    """Return a route's path with names in place of its variable parts."""
    names = {"document_id": document, "file_id": document, "task_id": task, "number": "1", "lesson": "1"}
    return re.sub(r"\{(\w+)\}", lambda part: names[part[1]], name_path(path))


POST = b"POST /api/process HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


async def ask(http, method, path, **headers):
    async with http.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    ) as answer:
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.2", "localhost:9000"],
)
async def test_loopback_names_are_answered_through_tunnels_too(site, http, host):
    status, _, _ = await ask(http, "GET", LIST, Host=host.format(port=site.server.port))
    assert status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example",
        "192.168.1.1",
        "127.0.0.1@evil",
        "a b",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", LIST, "/healthz", "/api/events", "/nowhere"])
async def test_a_name_that_someone_else_points_here_is_refused(site, http, host, path):
    status, _, body = await ask(http, "GET", path, Host=host.format(port=site.server.port))
    assert (status, json.loads(body)["code"]) == (421, "wrong-host")


async def test_a_request_without_host_or_with_two_is_refused(site):
    for head in ("GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        assert b" 4" in await reader.readline()
        writer.close()


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:1",
        "file://",
        "chrome-extension://abc",
        "",
        "http://127.0.0.1",
    ],
)
async def test_a_page_of_another_site_can_neither_change_nor_follow_anything(site, http, origin):
    task = await site.add()
    for method, path in (
        ("POST", f"/api/task/{task.id}/retry"),
        ("POST", "/api/process"),
        ("GET", "/api/events"),
    ):
        status, headers, body = await ask(http, method, path, Origin=origin)
        assert (status, json.loads(body)["code"]) == (403, "wrong-origin")
        assert "Access-Control-Allow-Origin" not in headers


async def test_a_page_of_our_own_is_served(site, http):
    status, _, _ = await ask(http, "POST", "/api/task/nope/retry", Origin=site.url)
    assert status == 404
    port = site.server.port
    status, _, _ = await ask(
        http, "GET", "/api/events?until=now", Origin=f"http://localhost:{port}", Host=f"localhost:{port}"
    )
    assert status == 200


CHANGING = [(method, fill(path)) for method, path, _ in ROUTES if method not in SAFE_METHODS]
READING = [(method, fill(path)) for method, path, _ in ROUTES if method in SAFE_METHODS]


@pytest.mark.parametrize(("method", "path"), [*CHANGING, ("GET", "/api/events")])
async def test_no_route_that_changes_anything_obeys_a_page_of_another_site(http, method, path):
    status, headers, body = await ask(http, method, path, Origin="http://evil.example")
    assert (status, json.loads(body)["code"]) == (403, "wrong-origin")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(("method", "path"), [*CHANGING, *READING])
async def test_no_route_works_for_what_a_foreign_page_embeds(http, method, path):
    status, _, body = await ask(http, method, path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")
    assert (status, json.loads(body)["code"]) == (403, "wrong-origin")


async def test_a_link_from_another_site_may_be_followed(http):
    marks = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert (await ask(http, "GET", "/", **marks))[0] == 200


@pytest.mark.parametrize("prefix", ["", "/expensed"])
async def test_with_a_token_no_route_but_healthz_and_the_documentation_answers_without_it(tmp_path, prefix):
    async with run_site(tmp_path, token="s3cret", address=PUBLIC) as site, aiohttp.ClientSession(site.url) as http:
        for method, path in [*CHANGING, *READING]:
            status, _, body = await ask(http, method, prefix + path)
            assert status == (200 if path in OPEN_TO_ALL else 401), path
            assert path in OPEN_TO_ALL or json.loads(body)["code"] == "token"


async def test_the_public_name_is_answered_with_and_without_its_path(tmp_path):
    page = "text/html"
    async with run_site(tmp_path, address=PUBLIC) as site, aiohttp.ClientSession(site.url) as http:
        for host in ("home.example", "home.example:443", f"localhost:{site.server.port}"):
            for path in ("/", "/expensed", "/expensed/", LIST, f"/expensed{LIST}"):
                status, _, body = await ask(http, "GET", path, Host=host, Accept=page)
                assert (status, b"<!doctype html>" in body) == (200, path != LIST and path != f"/expensed{LIST}")
        for path in ("/expense", "/expensedd/healthz", "/expensed/expensed/healthz"):
            assert (await ask(http, "GET", path))[0] == 404
        assert (await ask(http, "GET", "/", Host="www.home.example"))[0] == 421


@pytest.mark.parametrize("prefix", ["", "/expensed"])
async def test_only_pages_of_the_public_address_itself_may_change_and_follow(tmp_path, prefix):
    async with run_site(tmp_path, address=PUBLIC) as site, aiohttp.ClientSession(site.url) as http:
        for host in ("home.example", f"127.0.0.1:{site.server.port}"):
            for origin, expected in (
                ("https://home.example", (404, 200)),
                ("http://home.example", (403, 403)),
                ("https://home.example:8443", (403, 403)),
                ("https://evil.example", (403, 403)),
            ):
                for (method, path), wanted in zip(
                    (("POST", "/api/task/nope/retry"), ("GET", "/api/events?until=now")), expected, strict=True
                ):
                    status, _, _ = await ask(http, method, prefix + path, Host=host, Origin=origin)
                    assert status == wanted, (host, origin, path)


async def test_what_an_answer_links_to_lies_below_the_public_path(tmp_path):
    async with run_site(tmp_path, address=PUBLIC) as site, aiohttp.ClientSession(site.url) as http:
        task = await site.add_filed()
        _, _, body = await ask(http, "GET", f"/api/documents/{task.document_id}")
        links = json.loads(body)["links"]
        assert links["self"] == f"/expensed/api/documents/{task.document_id}"
        assert (await ask(http, "GET", links["file"]))[0] == 200
        assert json.loads((await ask(http, "GET", "/api/openapi.json"))[2])["servers"] == [{"url": "/expensed"}]


async def test_no_answer_names_a_folder_of_this_machine(site, http):
    task = await site.add_filed()
    site.settings.inbox.path.rename(site.settings.state.path / "away")
    for method, path, _ in ROUTES:
        query = "?until=now" if path == "/api/events" else ""
        _, _, body = await ask(http, method, fill(path, task.document_id, task.id) + query)
        assert str(site.settings.archive.path.parent).encode() not in body


async def test_a_preflight_is_not_granted(site, http):
    status, headers, _ = await ask(
        http, "OPTIONS", "/api/process", Origin="http://evil.example", Access_Control_Request_Method="POST"
    )
    assert status == 405
    assert not [name for name in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/", LIST, "/healthz", "/api/events?until=now", "/nowhere"])
async def test_every_answer_carries_the_security_headers(http, path):
    _, headers, _ = await ask(http, "GET", path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"].startswith("expensed/")
    assert "aiohttp" not in headers["Server"]


async def test_routes_that_do_not_exist_and_other_methods_have_the_same_shape(http):
    for method, path, status in (
        ("GET", "/api/nothing", 404),
        ("DELETE", LIST, 405),
        ("HEAD", "/api/events", 405),
    ):
        got, headers, body = await ask(http, method, path)
        assert got == status
        if method != "HEAD":
            assert set(json.loads(body)) == {"success", "error", "code", "hint"}
        if status == 405:
            assert "GET" in headers["Allow"]


async def test_head_is_answered_like_get_without_a_body(http):
    status, headers, body = await ask(http, "HEAD", "/healthz")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


async def test_an_error_that_nobody_expected_is_logged_and_tells_nothing(site, http, caplog):
    site.waiting = "/secret/path"  # has no `since`
    with caplog.at_level(logging.ERROR):
        status, _, body = await ask(http, "GET", "/api/inbox")
    shown = json.loads(body)
    assert (status, shown["code"], shown["success"]) == (500, "internal", False)
    assert "secret" not in body.decode()
    assert "GET /api/inbox" in caplog.text


async def test_with_a_token_everything_but_healthz_asks_for_it(tmp_path):
    async with run_site(tmp_path, token="s3cret") as site, aiohttp.ClientSession(site.url) as http:
        for path in ("/", LIST, "/readyz", "/api/events", "/nowhere"):
            for authorization in ("", "Bearer wrong", "Basic s3cret", "Bearer", "Bearer s3cret2", "bearer"):
                status, headers, body = await ask(http, "GET", path, Authorization=authorization)
                assert (status, json.loads(body)["code"]) == (401, "token")
                assert headers["WWW-Authenticate"].startswith("Bearer")
            assert (await ask(http, "GET", path, Authorization="Bearer é"))[0] == 401
        assert (await ask(http, "GET", "/healthz"))[0] == 200
        assert (await ask(http, "GET", LIST, Authorization="Bearer s3cret"))[0] == 200


async def test_where_other_machines_may_ask_any_name_will_do_with_the_token(tmp_path):
    async with run_site(tmp_path, host="0.0.0.0", token="s3cret") as site:  # noqa: SIM117 - the port is known inside
        async with aiohttp.ClientSession(f"http://127.0.0.1:{site.server.port}") as http:
            status, _, _ = await ask(http, "GET", LIST, Host="receipts.home.example", Authorization="Bearer s3cret")
            assert status == 200
            assert (await ask(http, "GET", LIST, Host="receipts.home.example"))[0] == 401


async def test_a_client_that_leaves_in_mid_body_is_no_error(site, caplog):
    with caplog.at_level(logging.WARNING):
        _, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(POST + b"Content-Length: 100\r\n\r\n{")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.05)
    assert not caplog.records


async def test_a_body_that_never_ends_is_given_up(site, monkeypatch):
    monkeypatch.setattr("expensed.web.guards.bodies.BODY_S", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(POST + b"Content-Length: 100\r\n\r\n{")
    assert b" 408 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n\r\n",
        POST + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
async def test_what_is_no_http_is_refused_without_filling_the_log(site, caplog, request_bytes):
    with caplog.at_level(logging.DEBUG, "expensed"):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(request_bytes)
        assert (await reader.readline()).split()[1] in (b"400", b"415")
        writer.close()
        await writer.wait_closed()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
