"""Clients that hold connections: how many they may hold, for how long, and who is closed first."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.integration.web.rig import Site, run_site

from expensed.web.connections import FEWEST_CONNECTIONS, KEPT_BACK, MOST_STRANGERS, Limits, limits_here

OPEN_S = 0.1
"""How long a connection is watched that must stay open."""
PATIENT = Limits(all=100, strangers=100, head_s=60, idle_s=60)


class Client:
    """One connection, driven byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self.reader, self.writer, self.host = reader, writer, host

    @classmethod
    async def come(cls, site: Site, address: str = "127.0.0.1") -> Client:
        host = site.url.removeprefix("http://")
        name, port = host.rsplit(":", 1)
        return cls(*await asyncio.open_connection(name, int(port), local_addr=(address, 0)), host)

    async def ask(self, path: str = "/api/tasks", **headers: str) -> int:
        """Send a request; return the status of its answer, whose body is read."""
        shown = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{shown}\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        await self.reader.readexactly(length)
        return int(head.split()[1])

    async def is_open(self) -> bool:
        try:
            async with asyncio.timeout(OPEN_S):
                return bool(await self.reader.read(1))
        except TimeoutError:
            return True
        except ConnectionError:
            return False

    async def wait_closed(self) -> None:
        """Wait until the server has closed it."""
        async with asyncio.timeout(5):
            try:
                while await self.reader.read(1000):
                    pass
            except ConnectionError:
                return

    def leave(self) -> None:
        self.writer.close()


@asynccontextmanager
async def crowd(site: Site, count: int, address: str = "127.0.0.1") -> AsyncIterator[list[Client]]:
    """Come one after another, so that the server sees them in this order."""
    clients = []
    for _ in range(count):
        clients.append(await Client.come(site, address))
        await asyncio.sleep(0.01)
    yield clients
    for client in clients:
        client.leave()


@pytest.mark.parametrize("sent", [b"", b"GET /api/tasks HTTP/1.1\r\nHost: 127", b"\r\n"])
async def test_a_client_that_sends_no_whole_head_in_time_is_closed(tmp_path: Path, sent: bytes) -> None:
    async with run_site(tmp_path, limits=Limits(head_s=0.3)) as site, crowd(site, 1) as (client,):
        client.writer.write(sent)
        await client.wait_closed()


async def test_a_kept_alive_connection_is_closed_when_it_has_been_idle(tmp_path: Path) -> None:
    async with run_site(tmp_path, limits=Limits(head_s=0.1, idle_s=0.6)) as site, crowd(site, 1) as (client,):
        assert await client.ask() == 200
        assert await client.is_open(), "it has longer than a stranger"
        assert await client.ask() == 200
        await client.wait_closed()


async def test_the_oldest_stranger_of_an_address_makes_room_for_the_next(tmp_path: Path) -> None:
    limits = Limits(all=100, strangers=3, head_s=60)
    async with (
        run_site(tmp_path, limits=limits) as site,
        crowd(site, 2, "127.0.0.2") as others,
        crowd(site, 4) as (first, *rest),
    ):
        await first.wait_closed()
        for client in (*rest, *others):
            assert await client.is_open()


async def test_an_upload_that_is_still_arriving_is_closed_after_those_that_send_nothing(tmp_path: Path) -> None:
    limits = Limits(all=100, strangers=3, head_s=0.3)
    async with run_site(tmp_path, limits=limits) as site, crowd(site, 1) as (sender,):
        head = f"POST /api/process HTTP/1.1\r\nHost: {sender.host}\r\nContent-Type: application/json\r\n"
        sender.writer.write(f"{head}Content-Length: 2\r\n\r\n".encode())
        async with crowd(site, 5) as (*_, last):
            assert await last.is_open()
        await asyncio.sleep(2 * limits.head_s)
        sender.writer.write(b"{}")
        assert (await sender.reader.readline()).startswith(b"HTTP/1.1 422")


async def test_who_has_sent_a_permitted_request_is_no_stranger(tmp_path: Path) -> None:
    limits = Limits(all=100, strangers=3, head_s=60)
    async with run_site(tmp_path, limits=limits) as site, crowd(site, 8) as clients:
        for client in clients[5:]:
            assert await client.ask() == 200
        async with crowd(site, 3):
            for client in clients[5:]:
                assert await client.is_open()


async def test_what_is_open_to_all_and_what_is_refused_makes_nobody_known(tmp_path: Path) -> None:
    limits = Limits(all=100, strangers=3, head_s=60)
    async with run_site(tmp_path, limits=limits, token="secret") as site, crowd(site, 3) as (alive, refused, known):
        assert await alive.ask("/healthz") == 200
        assert await refused.ask() == 401
        assert await known.ask(Authorization="Bearer secret") == 200
        async with crowd(site, 3):
            await alive.wait_closed()
            await refused.wait_closed()
            assert await known.is_open()


async def test_a_proxy_may_have_more_strangers_than_others(tmp_path: Path) -> None:
    limits = Limits(all=100, strangers=3, head_s=60)
    async with (
        run_site(tmp_path, limits=limits, proxy=("127.0.0.2", "10.0.0.0/8")) as site,
        crowd(site, 6, "127.0.0.2") as clients,
    ):
        for client in clients:
            assert await client.is_open()


async def test_at_the_cap_who_has_waited_longest_is_closed_and_no_stream(tmp_path: Path) -> None:
    limits = Limits(all=4, strangers=4, head_s=60)
    async with run_site(tmp_path, limits=limits) as site, crowd(site, 4) as (idle, stream, second, third):
        stream.writer.write(f"GET /api/events HTTP/1.1\r\nHost: {stream.host}\r\n\r\n".encode())
        await stream.reader.readuntil(b"event: snapshot")
        assert await idle.ask() == 200  # its wait begins again
        async with crowd(site, 2) as (fifth, sixth):
            await second.wait_closed()
            await third.wait_closed()
            assert await fifth.ask() == 200
            assert await idle.ask() == 200
            await site.add()
            await stream.reader.readuntil(b"PENDING")
            assert await sixth.is_open()


async def follow(client: Client) -> None:
    """Ask for events and wait until the stream has begun."""
    client.writer.write(f"GET /api/events HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
    await client.reader.readuntil(b"event: snapshot")


async def begin_body(client: Client) -> None:
    """Send the head of a permitted request, whose body is to come."""
    head = f"POST /api/process HTTP/1.1\r\nHost: {client.host}\r\nContent-Type: application/json\r\n"
    client.writer.write(f"{head}Content-Length: 2\r\n\r\n".encode())
    await client.writer.drain()
    await asyncio.sleep(0.05)


async def test_at_the_cap_strangers_go_first_then_who_is_idle_then_who_is_in_a_request(tmp_path: Path) -> None:
    limits = Limits(all=4, strangers=4, head_s=60)
    async with run_site(tmp_path, limits=limits) as site, crowd(site, 4) as (stream, sender, idle, stranger):
        await follow(stream)
        await begin_body(sender)
        assert await idle.ask() == 200
        newcomers = []
        for next_to_go in (stranger, idle, sender):
            newcomers.append(await Client.come(site))
            await next_to_go.wait_closed()
            await follow(newcomers[-1])
        await site.add()
        await stream.reader.readuntil(b"PENDING")
        for newcomer in newcomers:
            newcomer.leave()


async def test_with_nothing_but_streams_a_newcomer_is_refused(tmp_path: Path) -> None:
    async with run_site(tmp_path, limits=Limits(all=3, strangers=3)) as site, crowd(site, 3) as streams:
        for stream in streams:
            await follow(stream)
        async with crowd(site, 1) as (newcomer,):
            await newcomer.wait_closed()
        await site.add()
        for stream in streams:
            await stream.reader.readuntil(b"PENDING")
        streams[0].leave()
        await asyncio.sleep(0.05)
        async with crowd(site, 1) as (newcomer,):
            assert await newcomer.ask() == 200


async def test_at_the_cap_no_connection_of_a_proxy_is_closed(tmp_path: Path) -> None:
    limits = Limits(all=3, strangers=3, head_s=60)
    async with (
        run_site(tmp_path, limits=limits, proxy=("127.0.0.2",)) as site,
        crowd(site, 2, "127.0.0.2") as (silent, idle),
        crowd(site, 1) as (stranger,),
    ):
        assert await idle.ask() == 200
        async with crowd(site, 1, "127.0.0.2") as (third,):
            await stranger.wait_closed()
            async with crowd(site, 1) as (newcomer,):
                await newcomer.wait_closed()
            for client in (silent, idle, third):
                assert await client.is_open()


async def test_a_machine_without_free_descriptors_says_so_once_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with run_site(tmp_path, limits=PATIENT) as site:
        clients = [await Client.come(site)]
        assert await clients[0].ask() == 200
        os.close(free := os.dup(0))
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                coming = asyncio.create_task(Client.come(site))
                await asyncio.sleep(0)  # its socket exists
                os.close(free := os.dup(0))
                resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
                try:
                    clients.append(await coming)
                    await asyncio.sleep(0.1)
                finally:
                    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for client in clients:
                async with asyncio.timeout(5):
                    assert await client.ask() == 200
                client.leave()
        assert len(caplog.records) <= 1
        assert [record for record in caplog.records if "No connection can be accepted" in record.getMessage()]


def test_descriptors_are_kept_back_however_few_there_are() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        for descriptors in (256, 1024):
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, hard))
            limits = limits_here()
            assert 2 * limits.all <= max(descriptors - KEPT_BACK, 2 * FEWEST_CONNECTIONS)
            assert limits.all >= FEWEST_CONNECTIONS
            assert limits.strangers <= min(MOST_STRANGERS, limits.all / 4)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
