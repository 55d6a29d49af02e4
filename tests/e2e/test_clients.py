"""Clients that hold hundreds of connections and never use them: the daemon works on, and its log stays readable."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House

DESCRIPTORS = 320
CROWD = 600
ANSWER_S = 5.0
"""On a machine that runs other tests, too; alone it takes a hundredth of it."""
HALF_A_HEAD = b"GET /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@contextlib.contextmanager
def crowd(house: House) -> Iterator[list[socket.socket]]:
    """Open connections from two addresses; each third one sends half a head, the others nothing."""
    host, port = house.address.removeprefix("http://").rsplit(":", 1)
    clients = []
    for number in range(CROWD):
        client = socket.socket()
        client.bind((f"127.0.0.{1 + number % 2}", 0))
        client.setblocking(False)
        client.connect_ex((host, int(port)))
        clients.append(client)
    for client in clients[::3]:
        with contextlib.suppress(OSError):  # it was closed already
            client.send(HALF_A_HEAD)
    yield clients
    for client in clients:
        client.close()


class Stream(threading.Thread):
    """A permitted event stream that notes the ids it hears."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self.ids: list[int] = []
        self._connection = http.client.HTTPConnection(house.address.removeprefix("http://"))
        self._connection.request("GET", "/api/events")
        self._answer = self._connection.getresponse()
        while not self._answer.readline().startswith(b"event: snapshot"):
            pass

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            while line := self._answer.readline():
                if line.startswith(b"id: "):
                    self.ids.append(int(line[4:]))

    def leave(self) -> None:
        """Shut the stream, wait until that is noticed, and close it."""
        if self._connection.sock is not None:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.join(10)
        self._answer.close()
        self._connection.close()


@pytest.mark.timeout(60)
def test_hundreds_of_connections_that_are_never_used_keep_nothing_from_being_filed(house: House) -> None:
    house.start(through=("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"))
    stream = Stream(house)
    stream.start()
    before = house.log.read_text().count("\n")
    with crowd(house):
        house.drop("a.pdf", papers.pdf(papers.receipt_lines(1)))
        house.wait(lambda: house.states() == {"a.pdf": "filed"}, 15, "the drop is filed")
        began = time.monotonic()
        assert is_ready(house)
        assert time.monotonic() - began < ANSWER_S
        house.wait(lambda: house.is_quiet(1), 10, "nothing is left to do")
        events = [row["id"] for row in house.rows("SELECT id FROM events")]
        house.wait(lambda: set(events) <= set(stream.ids), 5, "the stream has heard every event")
    stream.leave()
    assert house.log.read_text().count("\n") - before < 100
    assert house.stop() < 8


def is_ready(house: House) -> bool:
    connection = http.client.HTTPConnection(house.address.removeprefix("http://"), timeout=ANSWER_S)
    with contextlib.closing(connection):
        connection.request("GET", "/readyz")
        return bool(json.load(connection.getresponse())["status"] == "ready")


def test_a_daemon_that_may_have_more_descriptors_takes_them(make_house: Callable[..., House]) -> None:
    house = make_house()
    house.start(through=("prlimit", "--nofile=400:2000"))
    assert house.process is not None
    limits = Path(f"/proc/{house.process.pid}/limits").read_text()
    assert next(line.split()[3:5] for line in limits.splitlines() if line.startswith("Max open files")) == ["2000"] * 2
