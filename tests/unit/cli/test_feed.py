from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile

import pytest

from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, RequestError

SNAPSHOT = b'event: snapshot\nid: 5\ndata: {"id": 5}\n\n'


def event(number: int) -> bytes:
    return b'id: %d\ndata: {"id": %d}\n\n' % (number, number)


class Speaker(ThreadingHTTPServer):
    """Answers each request with the next of its streams, then ends it; remembers what was resumed from."""

    def __init__(self, *streams: bytes | int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.streams = list(streams)
        self.resumed: list[str | None] = []

    @property
    def client(self) -> Client:
        return Client(Settings.model_validate({"web": {"port": self.server_address[1]}}))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        speaker = self.server
        assert isinstance(speaker, Speaker)
        speaker.resumed.append(self.headers["Last-Event-ID"])
        stream = speaker.streams.pop(0)
        self.send_response(stream if isinstance(stream, int) else 200)
        self.end_headers()
        self.wfile.write(b"{}" if isinstance(stream, int) else stream)

    def log_message(self, *said: object) -> None:
        """Silence."""


@pytest.fixture
def speak() -> Iterator[type[Speaker]]:
    made: list[Speaker] = []

    class Running(Speaker):
        def __init__(self, *streams: bytes | int) -> None:
            super().__init__(*streams)
            made.append(self)
            threading.Thread(target=self.serve_forever, args=(0.01,)).start()

    yield Running
    for speaker in made:
        speaker.shutdown()
        speaker.server_close()


def parse(content: bytes) -> list[feed.Message]:
    return list(feed.parse_messages(content.splitlines(keepends=True)))


def test_events_pings_and_snapshots_are_told_apart():
    messages = parse(b"retry: 1000\n\n" + SNAPSHOT + b": ping\n\n" + event(6))
    assert [(message.name, message.id) for message in messages] == [("snapshot", "5"), ("ping", None), ("event", "6")]
    assert messages[-1].data == {"id": 6}


def test_data_of_several_lines_is_one_message():
    assert parse(b'data: {"a":\r\ndata: 1}\r\n\r\n')[0].data == {"a": 1}


def test_a_message_cut_off_in_the_middle_is_left_out():
    assert parse(event(6) + b'id: 7\ndata: {"id"')[-1].id == "6"


def test_a_stream_that_ended_is_resumed_after_the_last_message(speak):
    speaker = speak(SNAPSHOT + event(6), event(7), event(8))
    wanted = takewhile(lambda message: message.id != "8", feed.follow(speaker.client, retry_s=0.01))
    names = [message.name for message in wanted]
    assert names == ["snapshot", "event", "lost", "back", "event", "lost", "back"]
    assert speaker.resumed == [None, "6", "7"]


def test_a_daemon_that_was_never_there_is_not_waited_for():
    client = Client(Settings.model_validate({"web": {"port": 1}}))
    with pytest.raises(BackendUnavailable):
        next(feed.follow(client))


def test_what_is_not_known_any_more_when_the_daemon_is_back_ends_it(speak):
    speaker = speak(SNAPSHOT, 404)
    with pytest.raises(RequestError):
        list(feed.follow(speaker.client, retry_s=0.01))


def test_a_port_that_cannot_be_known_is_explained():
    client = Client(Settings.model_validate({"web": {"port": 0}}))
    with pytest.raises(BackendUnavailable, match=r"web\.port is 0"):
        client.get("/healthz")
