from __future__ import annotations

import asyncio
import socket
import time

import aiohttp
import pytest
from aiohttp import web

from expensed.errors import SetupError
from expensed.web.server import WebServer


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


def make_server(host="127.0.0.1", port=0, handler=hello) -> WebServer:
    app = web.Application()
    app.router.add_get("/", handler)
    return WebServer(app, host, port)


async def fetch(url):
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return await answer.text()


async def test_port_0_is_any_that_is_free_and_the_address_names_it():
    server = make_server()
    await server.start()
    assert server.address == f"http://127.0.0.1:{server.port}"
    assert server.port > 0
    assert await fetch(server.address) == "hello"
    await server.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_a_taken_port_is_said_with_address_and_setting():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SetupError) as caught:
            await make_server(port=port).start()
    assert caught.value.message == f"127.0.0.1:{port} is in use by another program, which may be an expensed daemon."
    assert "web.port" in caught.value.hint
    assert caught.value.exit_code == 69


async def test_an_address_of_another_machine_is_said_so():
    with pytest.raises(SetupError, match=r"192\.0\.2\.1:0 is not an address of this machine"):
        await make_server(host="192.0.2.1").start()


async def test_localhost_is_one_port_on_all_its_addresses():
    server = make_server(host="localhost")
    await server.start()
    assert await fetch(f"http://127.0.0.1:{server.port}") == "hello"
    assert server.address == f"http://localhost:{server.port}"
    await server.stop()


async def test_a_double_colon_listens_on_both_families():
    server = make_server(host="::")
    await server.start()
    assert await fetch(f"http://[::1]:{server.port}") == "hello"
    assert await fetch(f"http://127.0.0.1:{server.port}") == "hello"
    await server.stop()


async def test_the_port_is_free_again_at_once_after_a_stop():
    server = make_server()
    await server.start()
    await fetch(server.address)
    await server.stop()
    again = make_server(port=server.port)
    await again.start()
    assert await fetch(again.address) == "hello"
    await again.stop()


async def test_stopping_does_not_wait_for_a_handler_that_does_not_end():
    started = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        started.set()
        await asyncio.Event().wait()
        return web.Response()

    server = make_server(handler=hang)
    await server.start()
    asking = asyncio.create_task(fetch(server.address))
    await started.wait()
    before = time.monotonic()
    await server.stop()
    assert time.monotonic() - before < 3
    with pytest.raises(aiohttp.ClientError):
        await asking


async def test_stopping_what_never_started_is_nothing():
    await make_server().stop()
