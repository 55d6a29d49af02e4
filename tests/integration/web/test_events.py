from __future__ import annotations

import asyncio
import socket
import time
from contextlib import contextmanager
from dataclasses import replace

import aiohttp
import pytest
from tests.integration.web.rig import Listener, Site, as_json, listen, run_site, until

from expensed.errors import Fault
from expensed.ledger.history.events import list_events, newest_event_id
from expensed.model.states import DocumentState, Status, TaskState
from expensed.web.routes import events
from expensed.web.sse.pace import Pace

pytestmark = pytest.mark.timeout(90)


async def write_events(site: Site, documents: int) -> None:
    for n in range(documents):
        task = await site.add(f"scan {n}.pdf")
        await site.begin(task)
        for status in (Status.ENHANCING, Status.CURRENCY, Status.DUPLICATES, Status.FINALIZING):
            await site.say(task, status)
        await site.end(task, TaskState.SUCCESS, state=DocumentState.FILED)


async def test_a_new_client_gets_a_snapshot_and_then_what_happens(site, http):
    waiting = await site.add("été\n.pdf")
    filed = await site.add()
    await site.begin(filed)
    await site.end(filed, TaskState.SUCCESS, state=DocumentState.FILED)
    async with listen(http) as listener:
        got = await listener.next()
        assert got is not None
        name, data = got
        assert name == "snapshot"
        assert data["id"] == listener.last_id == await newest_event_id(site.ledger)
        assert data["documents"] == {"admitted": 1, "filed": 1}
        assert data["unfinished"] == 1
        assert [task["task_id"] for task in data["tasks"]] == [waiting.id]
        assert data["tasks"][0]["file"] == "été\n.pdf"
        await site.begin(waiting)
        (event,) = await listener.take(1)
    assert set(event) == {"id", "at", "document_id", "task_id", "file", "state", "status", "attempt", "error"}
    assert (event["state"], event["status"], event["task_id"]) == ("PROCESSING", "Running OCR...", waiting.id)
    assert event["id"] == listener.last_id


async def test_the_head_of_a_stream_suits_browsers_and_proxies(http):
    async with http.get("/api/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert await answer.content.readline() == b"retry: 1000\n"


async def test_a_client_that_comes_back_gets_only_what_it_missed(site, http):
    await write_events(site, 2)
    newest = await newest_event_id(site.ledger)
    async with listen(http, after=5) as listener:
        assert [event["id"] for event in await listener.take(newest - 5)] == list(range(6, newest + 1))
    async with listen(http, after=newest) as listener:
        task = await site.add()
        (event,) = await listener.take(1)
        assert event["task_id"] == task.id


async def test_the_last_id_may_also_stand_in_the_query(site, http):
    await write_events(site, 1)
    async with listen(http, last_event_id="3", until="now") as listener:
        assert [data["id"] for _, data in await listener.rest()] == [4, 5, 6, 7]


async def test_replay_and_live_events_are_the_same(site, http):
    async with listen(http, after=0) as listener:
        await write_events(site, 1)
        live = await listener.take(7)
    assert live == as_json(await list_events(site.ledger, 0))
    async with listen(http, after=0) as listener:
        assert await listener.take(7) == live


async def test_a_resumed_client_sees_every_event_exactly_once_while_events_are_written(tmp_path):
    async with run_site(tmp_path, Pace(page=7)) as site, aiohttp.ClientSession(site.url) as http:
        seen: list[int] = []
        writing = asyncio.create_task(write_events(site, 60))
        last = 0
        for length in (3, 1, 40, 2, 17, 90, 1, 5, 30, 60):
            async with listen(http, after=last) as listener:
                seen += [event["id"] for event in await listener.take(length)]
                assert listener.last_id is not None
                last = listener.last_id
        await writing
        async with listen(http, after=last, until="now") as listener:
            seen += [data["id"] for _, data in await listener.rest()]
        assert seen == list(range(1, 60 * 7 + 1))


async def test_ten_clients_at_once_each_see_every_event_exactly_once(tmp_path):
    async with run_site(tmp_path, Pace(page=5)) as site, aiohttp.ClientSession(site.url) as http:

        async def follow(delay_events: int) -> list[int]:
            async with listen(http, after=0) as first:
                await first.take(delay_events + 1)
            async with listen(http, after=0) as listener:
                return [event["id"] for event in await listener.take(210)]

        following = [asyncio.create_task(follow(n * 20)) for n in range(10)]
        await write_events(site, 30)
        assert await asyncio.gather(*following) == [list(range(1, 211))] * 10


@pytest.mark.parametrize("name", ["newest_event_id", "list_events", "take_snapshot"])
@pytest.mark.parametrize("after", [None, 2])
async def test_an_event_committed_right_after_the_ledger_was_read_is_not_missed(site, http, monkeypatch, name, after):
    task = await site.add()
    for _ in range(4):
        await site.say(task, Status.ENHANCING)
    read = getattr(events, name)

    async def read_and_be_overtaken(*args, **kwargs):
        found = await read(*args, **kwargs)
        await site.say(task, Status.CURRENCY)
        return found

    monkeypatch.setattr(events, name, read_and_be_overtaken)
    async with listen(http, after=after) as listener:
        if after is None:
            got = await listener.next()
            assert got is not None
            after = got[1]["id"]
        await until(lambda: len(site.streams) == 1)
        await site.say(task, Status.FINALIZING)
        newest = await newest_event_id(site.ledger)
        assert [event["id"] for event in await listener.take(newest - after)] == list(range(after + 1, newest + 1))


async def test_a_restart_of_the_daemon_loses_no_event(tmp_path):
    seen: list[int] = []
    async with (
        run_site(tmp_path) as site,
        aiohttp.ClientSession(site.url) as http,
        listen(http, after=0) as listener,
    ):
        await write_events(site, 1)
        seen += [event["id"] for event in await listener.take(4)]
        last = listener.last_id
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        await write_events(site, 1)
        async with listen(http, after=last) as listener:
            seen += [event["id"] for event in await listener.take(10)]
    assert seen == list(range(1, 15))


@pytest.mark.parametrize("after", ["99999", "999999999999999999999999", "abc", "-1", "٣"])
async def test_an_id_of_another_ledger_is_answered_with_a_reset_and_a_snapshot(site, http, after):
    await site.add()
    async with listen(http, last_event_id=after, until="now") as listener:
        assert [name for name, _ in await listener.rest()] == ["reset", "snapshot"]
        assert listener.last_id == 1


async def test_only_the_events_of_the_task_or_document_asked_for_are_sent(site, http):
    mine, other = await site.add("mine.pdf"), await site.add("other.pdf")
    for query in ({"task": mine.id}, {"document": mine.document_id}):
        async with listen(http, after=0, **query) as listener:
            await site.say(other, Status.ENHANCING)
            await site.say(mine, Status.CURRENCY)
            heard = await listener.take(2)
            assert {event["task_id"] for event in heard} == {mine.id}
            assert heard[-1]["status"] == "Detecting currency..."


async def test_the_snapshot_of_one_task_holds_it_even_if_it_has_ended(site, http):
    task = await site.add()
    await site.add()
    await site.end(task, TaskState.FAILURE, Fault("x", "It broke."))
    async with listen(http, task=task.id, until="now") as listener:
        ((_, snapshot),) = await listener.rest()
    assert [(shown["task_id"], shown["state"], shown["error"]) for shown in snapshot["tasks"]] == [
        (task.id, "FAILURE", "It broke.")
    ]


async def test_until_now_ends_after_what_there_is(site, http):
    await write_events(site, 1)
    async with listen(http, until="now") as listener:
        assert [name for name, _ in await listener.rest()] == ["snapshot"]
    async with listen(http, after=2, until="now") as listener:
        assert [data["id"] for _, data in await listener.rest()] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("query", [{"task": "nope"}, {"document": "../../etc/passwd"}])
async def test_an_unknown_task_or_document_is_404(http, query):
    async with http.get("/api/events", params=query) as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == "not-found"


async def test_other_words_after_until_are_a_mistake(http):
    async with http.get("/api/events", params={"until": "later"}) as answer:
        assert answer.status == 422


async def test_a_ledger_that_fails_ends_the_stream_without_a_5xx(site, http):
    await site.ledger.close()
    for query in ({}, {"task": "x"}):
        async with http.get("/api/events", params=query) as answer:
            assert answer.status == 200
            assert await answer.text() == "retry: 1000\n\n"


async def test_a_silent_stream_pings(site, http):
    async with listen(http) as listener:
        await listener.next()
        reading = asyncio.create_task(listener.next())
        await until(lambda: listener.comments >= 2)
        await site.add()
        assert await reading is not None


async def test_a_client_that_leaves_is_cleaned_up_within_a_ping(site, http, monkeypatch):
    subscribe, subscribed = site.bus.subscribe, []

    @contextmanager
    def subscribe_and_count(size):
        with subscribe(size) as subscription:
            subscribed.append(subscription)
            yield subscription
        subscribed.remove(subscription)

    monkeypatch.setattr(site.bus, "subscribe", subscribe_and_count)
    async with listen(http) as listener:
        await listener.next()
        assert len(site.streams) == 1
        assert len(subscribed) == 1
    await until(lambda: len(site.streams) == 0)
    assert subscribed == []


async def connect_without_reading(site: Site, query: str = "") -> socket.socket:
    before = len(site.streams)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", site.server.port))
    request = f"GET /api/events{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    await loop.sock_sendall(client, request.encode())
    await until(lambda: len(site.streams) > before)
    return client


async def test_a_client_that_reads_nothing_is_cut_off_and_delays_nobody(tmp_path):
    async with (
        run_site(tmp_path, Pace(drain_s=2.0, backlog=50)) as site,
        aiohttp.ClientSession(site.url) as http,
        listen(http, after=0) as listener,
    ):
        with await connect_without_reading(site):
            assert len(site.streams) == 2
            task = await site.add("x" * 5000)
            wanted = 1
            async with asyncio.timeout(20):  # how many events that are, the disk decides
                while len(site.streams) == 2:
                    started = time.monotonic()
                    await site.say(task, Status.ENHANCING)
                    wanted += 1
                    assert (await listener.take(1))[0]["id"] == wanted - 1
                    assert time.monotonic() - started < 1.5
        assert (await listener.take(1))[0]["id"] == wanted


async def test_a_client_that_reads_nothing_of_a_long_replay_is_cut_off(tmp_path):
    async with run_site(tmp_path, Pace(drain_s=0.2)) as site:
        task = await site.add("x" * 4000)
        for _ in range(200):
            await site.say(task, Status.ENHANCING)
        with await connect_without_reading(site, "?last_event_id=0"):
            await until(lambda: len(site.streams) == 0)


async def test_a_client_that_fell_behind_can_resume_and_misses_nothing(tmp_path):
    async with run_site(tmp_path, Pace(backlog=5)) as site, aiohttp.ClientSession(site.url) as http:
        task = await site.add()
        async with listen(http, after=0) as listener:
            seen = [event["id"] for event in await listener.take(1)]
            for event in [replace((await list_events(site.ledger, 0))[0], id=n) for n in range(2, 30)]:
                site.bus.publish(event)  # all at once, before the stream can take one
            seen += [data["id"] for _, data in await listener.rest()]
        assert len(seen) <= 6
        for _ in range(30):
            await site.say(task, Status.ENHANCING)
        async with listen(http, after=seen[-1], until="now") as listener:
            seen += [data["id"] for _, data in await listener.rest()]
        assert seen == list(range(1, 32))


async def test_stopping_is_quick_and_clean_with_open_streams(tmp_path):
    async with run_site(tmp_path) as site, aiohttp.ClientSession(site.url) as http:
        answers = [await http.get("/api/events") for _ in range(20)]
        listeners = [Listener(answer) for answer in answers]
        for listener in listeners:
            await listener.next()
        started = time.monotonic()
        await site.server.stop()
        assert time.monotonic() - started < 3
        assert [await listener.rest() for listener in listeners] == [[]] * 20  # an end, not a broken connection


async def test_what_was_committed_before_the_stop_is_still_sent(tmp_path):
    async with (
        run_site(tmp_path) as site,
        aiohttp.ClientSession(site.url) as http,
        listen(http, after=0) as listener,
    ):
        await write_events(site, 3)
        site.bus.close()
        await site.server.stop()
        assert [data["id"] for _, data in await listener.rest()] == list(range(1, 22))


async def test_stopping_is_quick_with_a_client_that_reads_nothing(tmp_path):
    async with run_site(tmp_path, Pace(drain_s=60)) as site:
        task = await site.add("x" * 4000)
        with await connect_without_reading(site):
            for _ in range(200):
                await site.say(task, Status.ENHANCING)
            assert len(site.streams) == 1
            started = time.monotonic()
            await site.server.stop()
            assert time.monotonic() - started < 3
