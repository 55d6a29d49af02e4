"""The event stream over HTTP: a client that comes back sees what it missed, once."""

from __future__ import annotations

import http.client
import json
import random
import time

import pytest
from tests.e2e import papers
from tests.e2e.house import House

FILES = 12
CUTS = 10


class Follower:
    """A client that is cut off and resumes; `seen` holds the ids of all unnamed events in order of arrival."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.seen: list[int] = []
        self.last: int | None = None
        self.names: list[str] = []

    def follow(self, count: int, timeout_s: float = 10.0) -> None:
        """Read until `count` more events have come, then leave in the middle of the stream."""
        host = self.house.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=timeout_s)
        try:
            resume = {} if self.last is None else {"Last-Event-ID": str(self.last)}
            connection.request("GET", "/api/events", headers=resume)
            answer = connection.getresponse()
            assert answer.status == 200
            assert answer.getheader("Content-Type", "").startswith("text/event-stream")
            self._read(answer, count)
        except (TimeoutError, OSError, http.client.HTTPException):
            return  # the stream ended, or nothing came: the next one resumes
        finally:
            connection.close()

    def _read(self, answer: http.client.HTTPResponse, count: int) -> None:
        fields: dict[str, str] = {}
        while count > 0:
            line = answer.readline()
            if not line:
                return
            text = line.decode().rstrip("\n")
            if text:
                name, _, value = text.partition(":")
                fields[name] = value.removeprefix(" ")
                continue
            if "id" in fields:
                self.last = int(fields["id"])
            if "event" in fields:
                self.names.append(fields["event"])
            elif "data" in fields:
                event = json.loads(fields["data"])
                assert event["id"] == self.last
                self.seen.append(event["id"])
                count -= 1
            fields = {}


@pytest.mark.timeout(180)
def test_a_client_cut_off_ten_times_has_seen_every_event_once_across_a_restart(house: House) -> None:
    house.start()
    follower = Follower(house)
    chance = random.Random(7)
    first = Follower(house)
    while not first.names:
        first.follow(1, 1.0)  # nothing has happened yet: a snapshot, and its id to resume from
    assert first.names == ["snapshot"]
    follower.last = first.last
    for number in range(FILES):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))
    for cut in range(CUTS):
        follower.follow(chance.randint(1, 6))
        if cut == CUTS // 2:
            house.stop()
            house.start()
    house.wait_quiet(FILES, 90)
    newest = house.rows("SELECT max(id) AS n FROM events")[0]["n"]
    deadline = time.monotonic() + 20
    while (not follower.seen or follower.seen[-1] < newest) and time.monotonic() < deadline:
        follower.follow(1000, 1.0)
    expected = [row["id"] for row in house.rows("SELECT id FROM events ORDER BY id")]
    assert follower.seen == expected
    assert follower.names == []


def test_the_five_sentences_come_in_order(house: House) -> None:
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    statuses = [row["status"] for row in house.rows("SELECT status FROM events ORDER BY id")]
    assert list(dict.fromkeys(statuses)) == [
        "Task is waiting in queue",
        "Running OCR...",
        "Applying ML enhancements...",
        "Detecting currency...",
        "Checking for duplicates...",
        "Finalizing...",
        "Completed",
    ]
    task = house.get("/api/tasks?file=scan.pdf")["tasks"][0]
    answer = house.get(f"/api/task/{task['task_id']}")
    assert (answer["state"], answer["status"]) == ("SUCCESS", "Completed")
    assert answer["result"]["data"]["amount"] == 7.53
