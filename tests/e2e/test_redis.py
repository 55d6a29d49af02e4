"""Redis is only the doorbell: killed, frozen or forgetful, it costs nothing but time."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House

ANSWER_S = 1.9
"""Who waited for a Redis that is away would wait for 2 s at least."""
FREEZE_S = 4.0
"""Twice as long as Redis is given to answer."""


@contextlib.contextmanager
def asking_all_the_time(house: House) -> Iterator[list[float]]:
    """Keep asking for the tasks during the block; collect how long each answer took, in seconds."""
    took: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.05):
            for path in ("/api/tasks", "/api/inbox", "/readyz", "/healthz"):
                began = time.monotonic()
                house.get(path)
                took.append(time.monotonic() - began)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield took
    finally:
        ended.set()
        thread.join()


def drop_many(house: House, first: int, count: int) -> None:
    for number in range(first, first + count):
        content = (
            papers.picture(papers.receipt_lines(number)) if number % 3 else papers.pdf(papers.receipt_lines(number))
        )
        house.drop(f"{number:03d}.{'jpg' if number % 3 else 'pdf'}", content)


def finish(house: House, count: int) -> None:
    house.wait_quiet(count, 90)
    assert not {"failed", "gone", "duplicate"} & set(house.states().values())
    archived = house.archived()
    assert len(archived) == count
    assert all(len(paths) == 1 for paths in archived.values())
    assert house.check().returncode == 0


def redis_pids(house: House) -> list[int]:
    return house.processes_named("redis-server")


def test_redis_killed_in_the_middle_costs_nothing(house: House) -> None:
    house.start()
    drop_many(house, 0, 12)
    with asking_all_the_time(house) as took:
        for kill in range(3):
            house.wait(lambda: redis_pids(house), 20, "Redis is there")
            house.wait_archived(2 * kill + 1)
            for pid in redis_pids(house):
                os.kill(pid, signal.SIGKILL)
        finish(house, 12)
    assert max(took) < ANSWER_S
    assert statistics.median(took) < ANSWER_S / 4


@pytest.mark.timeout(180)
def test_redis_frozen_for_four_seconds_costs_nothing(house: House) -> None:
    house.start()
    drop_many(house, 0, 6)
    house.wait_archived(1)
    with asking_all_the_time(house) as took:
        (pid,) = redis_pids(house)
        os.kill(pid, signal.SIGSTOP)
        drop_many(house, 6, 6)
        thawed_at = time.monotonic() + FREEZE_S
        house.wait_known(12)  # intake does not wait for Redis
        house.wait(lambda: house.get("/readyz")["http"] == 503, 2 * FREEZE_S, "it is noticed")
        time.sleep(max(0.0, thawed_at - time.monotonic()))  # this is what is tested
        os.kill(pid, signal.SIGCONT)
        finish(house, 12)
    assert max(took) < ANSWER_S
    assert statistics.median(took) < ANSWER_S / 4
    house.wait(lambda: house.get("/readyz")["http"] == 200, 20, "all is well again")


@contextlib.contextmanager
def own_server(folder: Path) -> Iterator[None]:
    """Run a redis-server on a socket in `folder`, without persistence."""
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(folder / "r.sock"), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        yield
    finally:
        server.kill()
        server.wait()


@pytest.mark.timeout(180)
def test_a_server_of_ones_own_may_come_back_empty(make_house, tmp_path: Path) -> None:
    house = make_house(queue__url=f"unix://{tmp_path}/r.sock")
    with own_server(tmp_path):
        house.start()
        drop_many(house, 0, 6)
        house.wait_archived(1)
    drop_many(house, 6, 3)
    house.wait(lambda: house.get("/readyz")["http"] == 503, 20, "it is noticed")
    house.wait_known(9)
    with asking_all_the_time(house) as took, own_server(tmp_path):
        finish(house, 9)
    assert max(took) < ANSWER_S
    assert statistics.median(took) < ANSWER_S / 4
    assert not redis_pids(house)


@pytest.mark.timeout(180)
def test_a_server_that_is_not_there_at_the_start_is_waited_for(make_house, tmp_path: Path) -> None:
    house = make_house(queue__url=f"unix://{tmp_path}/r.sock")
    house.start()
    drop_many(house, 0, 3)
    house.wait_known(3)
    with own_server(tmp_path):
        finish(house, 3)
