from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile

import pytest

from expensed.cli.commands.demo import TooLate, _alarm
from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, RequestError
from expensed.model.events import Event, Snapshot
from expensed.model.states import TaskState
from expensed.report import answers

PREAMBLE = b"retry: 1000\n\n"
PING = b": ping\n\n"
SNAPSHOT = b'event: snapshot\nid: 5\ndata: {"id": 5, "unfinished": 0, "documents": {}, "tasks": []}\n\n'
RESET = b'event: reset\ndata: {"newest": 3}\n\n'
REST = (
    b'"at": "2026-01-02T12:00:00.000Z", "document_id": "1_a.jpg", "task_id": "1", "file": "a.jpg", "state": "PENDING",'
    b' "status": "Task is waiting in queue", "attempt": 1, "error": null}'
)


def event(number: int) -> bytes:
    return b'id: %d\ndata: {"id": %d, %s\n\n' % (number, number, REST)


class Speaker(ThreadingHTTPServer):
    """Answer each request with its next stream, then end it; remember where clients resumed from."""

    def __init__(self, *streams: bytes | int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.streams = list(streams)
        self.resumed: list[str | None] = []
        self.silence: threading.Event | None = None
        """What every stream waits for before it ends."""

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
        self.send_header("Content-Type", "application/json" if isinstance(stream, int) else "text/event-stream")
        self.end_headers()
        self.wfile.write(b"{}" if isinstance(stream, int) else stream)
        if speaker.silence is not None:
            speaker.silence.wait(60)

    def log_message(self, *said: object) -> None:
        """Log nothing."""


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


def listen(speaker: Speaker) -> list[feed.Message]:
    """The messages of its first stream."""
    messages = feed.follow(speaker.client, retry_s=0.01)
    return list(takewhile(lambda message: not isinstance(message, feed.Lost), messages))


def test_events_pings_and_snapshots_are_told_apart(speak):
    snapshot, heard = listen(speak(PREAMBLE + SNAPSHOT + PING + event(6) + PING))
    assert isinstance(snapshot, Snapshot)
    assert isinstance(heard, Event)
    assert (snapshot.id, heard.id, heard.file, heard.state) == (5, 6, "a.jpg", TaskState.PENDING)


def test_another_ledger_is_told_before_its_snapshot(speak):
    assert list(map(type, listen(speak(PREAMBLE + RESET + SNAPSHOT)))) == [feed.Forgotten, Snapshot]


def test_data_of_several_lines_is_one_message(speak):
    (heard,) = listen(speak(b'data: {"id": 6,\r\ndata: ' + REST + b"\r\n\r\n"))
    assert isinstance(heard, Event)
    assert (heard.id, heard.file) == (6, "a.jpg")


def test_a_message_cut_off_in_the_middle_is_left_out(speak):
    speaker = speak(event(6) + b'id: 7\ndata: {"id"', event(7))
    messages = feed.follow(speaker.client, retry_s=0.01)
    assert [type(next(messages)) for _ in range(4)] == [Event, feed.Lost, feed.Back, Event]
    assert speaker.resumed == [None, "6"]


def test_signs_that_end_lines_elsewhere_end_none_here(speak):
    name = "a\x85b\u2028c\x0bd.jpg"
    content = event(6).replace(b"a.jpg", name.replace("\x0b", "\\u000b").encode())
    (heard,) = listen(speak(content))
    assert isinstance(heard, Event)
    assert heard.file == name


def test_how_everything_stands_is_one_snapshot(speak):
    speaker = speak(PREAMBLE + PING + SNAPSHOT)
    assert feed.take_snapshot(speaker.client) == Snapshot(id=5, unfinished=0, documents={}, tasks=())


def test_a_stream_that_ended_is_resumed_after_the_last_message(speak):
    speaker = speak(SNAPSHOT + event(6), event(7), event(8))
    messages = feed.follow(speaker.client, retry_s=0.01)
    wanted = takewhile(lambda message: not (isinstance(message, Event) and message.id == 8), messages)
    assert list(map(type, wanted)) == [Snapshot, Event, feed.Lost, feed.Back, Event, feed.Lost, feed.Back]
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
        client.get("/healthz", answers.Alive)


def test_an_alarm_rings_while_the_daemon_says_nothing(speak):
    speaker = speak(SNAPSHOT)
    silence = speaker.silence = threading.Event()
    try:
        with pytest.raises(TooLate), _alarm(0.3):
            list(feed.follow(speaker.client, retry_s=0.01))
    finally:
        silence.set()
