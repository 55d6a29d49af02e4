"""The HTTP contract, tested on a whole daemon: without Redis, with the folder full of work, and across a restart."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.e2e import papers
from tests.e2e.house import STOP_S, House, sha256
from tests.e2e.test_redis import own_server, redis_pids

SAID = {
    "vendor": "Adobe Systems",
    "amount": 52.99,
    "date": "2024-01-15",
    "category": "Software & Services",
    "description": "Monthly subscription",
}

RESCAN_S = 0.4


def receipt(number: int) -> bytes:
    return papers.pdf(papers.receipt_lines(number))


def follow(house: House, task_id: str, state: str = "SUCCESS") -> dict[str, Any]:
    """Return the task once it is in that state."""

    def look() -> dict[str, Any] | None:
        task = house.get(f"/api/task/{task_id}")
        return task if task.get("state") == state else None

    return dict(house.wait(look, 30, f"the task is {state}"))


def claimed(house: House) -> list[str]:
    """Return the files in the claim folders."""
    return [path.name for path in house.claimed() if path.parent.name != ".expensed"]


def test_from_upload_to_archive_as_the_seed_has_it(house: House) -> None:
    house.start()
    file_id = house.upload("invoice.pdf", receipt(1))["file_id"]
    queued = house.post(f"/api/extract/{file_id}", {"async": True})
    assert set(queued) == {"success", "task_id", "status", "message", "http"}
    task = follow(house, queued["task_id"])
    assert task["result"]["file_id"] == file_id
    assert task["result"]["data"]["amount"] == 7.53
    assert house.post(f"/api/extract/{file_id}", {})["cached"] is True

    body = {"file_id": file_id, "expense_data": SAID, "original_extraction": task["result"]["data"]}
    filed = house.post("/api/process-async", body)
    result = follow(house, filed["task_id"])["result"]
    assert result["path"] == "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-GBP.pdf"
    assert house.post("/api/process-async", body)["task_id"] == filed["task_id"]
    assert house.post("/api/process", body | {"expense_data": {"amount": 1}})["http"] == 409
    house.wait_quiet(1)
    assert house.archived() == {sha256(receipt(1)): [result["path"]]}
    assert claimed(house) == []
    assert house.check().returncode == 0

    house.drop("again.pdf", receipt(1))  # the inbox knows what was uploaded
    house.wait_quiet(2)
    assert house.states()["again.pdf"] == "duplicate"


def test_an_upload_and_its_task_outlive_a_kill(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__rescan_s=RESCAN_S)
    house.start()
    file_id = house.upload("r.pdf", receipt(1))["file_id"]
    read = house.post(f"/api/extract/{house.upload('s.pdf', receipt(2))['file_id']}", {})
    house.kill(everything=True)
    house.start()
    assert house.get(f"/api/task/{read['task_id']}")["result"]["data"] == read["data"]
    assert house.post(f"/api/extract/{file_id}", {})["data"]["amount"] == 7.53
    time.sleep(3 * RESCAN_S)  # after rescans, too, an upload has no task of its own
    assert house.states() == {"r.pdf": "read", "s.pdf": "read"}
    assert sorted(claimed(house)) == ["r.pdf", "s.pdf"]
    assert house.check().returncode == 0


def half_an_upload(house: House) -> socket.socket:
    """A client in the middle of an upload."""
    host, port = house.address.removeprefix("http://").split(":")
    client = socket.create_connection((host, int(port)))
    client.sendall(
        b"POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + receipt(1) + b" " * 800_000
    )
    house.wait(lambda: claimed(house) == [".part"], 10, "the upload has begun")
    return client


@pytest.mark.parametrize("end", ["leave", "stop", "kill"])
def test_an_upload_that_breaks_off_leaves_nothing(make_house: Callable[..., House], end: str) -> None:
    house = make_house(inbox__rescan_s=RESCAN_S)
    house.start()
    with half_an_upload(house):
        time.sleep(3 * RESCAN_S)  # rescans leave it alone
        assert claimed(house) == [".part"]
        if end == "stop":
            assert house.stop() < STOP_S
            assert claimed(house) == []
        elif end == "kill":
            house.kill()
            assert claimed(house) == [".part"]
            house.start()
    house.wait(lambda: not [path for path in house.inbox.glob(".expensed/*") if path.is_dir()], 10, "nothing is left")
    assert house.rows("SELECT 1 FROM documents") == []


def ask_while(house: House, away: Callable[[], object], back: Callable[[], object]) -> None:
    """Check what must hold while Redis does not answer, and once it does again."""
    file_id = house.upload("sync.pdf", receipt(1))["file_id"]
    other = house.upload("async.pdf", receipt(2))["file_id"]
    away()
    house.wait(lambda: house.get("/readyz")["http"] == 503, 20, "it is noticed")
    answer = house.post(f"/api/extract/{file_id}", {})
    assert (answer["http"], answer["data"]["amount"]) == (200, 7.53)
    began = time.monotonic()
    queued = house.post(f"/api/extract/{other}", {"async": True})
    assert time.monotonic() - began < 1.9, "the answer waits for the ledger, and not for Redis"
    filed = house.post("/api/process", {"file_id": file_id, "expense_data": SAID})
    assert filed["state"] == "filed"
    assert house.get(f"/api/task/{queued['task_id']}")["state"] == "PENDING"
    house.kill(everything=False)
    house.start()  # the task is in the ledger, not in Redis
    back()
    assert follow(house, queued["task_id"])["result"]["data"]["amount"] == 7.56


@pytest.mark.timeout(180)
def test_with_redis_frozen_the_synchronous_way_works_and_the_other_waits(house: House) -> None:
    house.start()
    (pid,) = redis_pids(house)
    ask_while(house, lambda: os.kill(pid, signal.SIGSTOP), lambda: None)


@pytest.mark.timeout(180)
def test_with_redis_stopped_the_synchronous_way_works_and_the_other_waits(make_house, tmp_path: Path) -> None:
    house = make_house(queue__url=f"unix://{tmp_path}/r.sock")
    first, second = own_server(tmp_path), own_server(tmp_path)
    first.__enter__()
    house.start()
    ask_while(house, lambda: first.__exit__(None, None, None), second.__enter__)
    second.__exit__(None, None, None)


@pytest.mark.timeout(180)
def test_who_waits_is_among_the_next_two_to_be_read(make_house) -> None:
    house = make_house(reading__workers=2)
    house.start()
    for number in range(30):
        house.drop(f"{number:02d}.jpg", papers.picture(papers.receipt_lines(number)))
    house.wait(lambda: len(house.rows("SELECT 1 FROM attempts WHERE ended_at IS NOT NULL")) >= 4, 60, "it is at work")
    answer = house.upload("now.jpg", papers.picture(papers.receipt_lines(77)), "?extract=1&wait=30")
    assert answer["http"] == 200
    asked = house.rows("SELECT created_at FROM tasks WHERE id = ?", answer["task_id"])[0]["created_at"]
    next_ones = house.rows(
        "SELECT t.id FROM attempts a JOIN tasks t ON t.number = a.task WHERE a.step = 'extract_document'"
        " AND a.started_at > ? ORDER BY a.started_at LIMIT 4", asked
    )  # fmt: skip
    # two may have begun while it was on its way to the gate
    assert answer["task_id"] in [row["id"] for row in next_ones]
    house.wait_quiet(31, 90)
    assert house.states()["now.jpg"] == "read"


def test_twenty_clients_at_once_lose_nothing(house: House) -> None:
    house.start()

    def ask(number: int) -> str:
        file_id = house.upload("r.pdf", receipt(number % 25))["file_id"]
        return str(house.post(f"/api/extract/{file_id}", {"async": True})["task_id"])

    with ThreadPoolExecutor(20) as pool:
        tasks = list(pool.map(ask, range(100)))
    results = [follow(house, task)["result"] for task in tasks]
    assert len({result["file_id"] for result in results}) == 100
    assert sum(not result["cached"] for result in results) == 25
    for number, result in enumerate(results):
        assert result["data"]["amount"] == round(7.50 + 0.03 * (number % 25), 2)


def test_a_cancelled_reading_ends_at_once_and_the_next_one_is_read(house: House) -> None:
    house.start()
    house.drop("slow.tif", papers.long_tiff(papers.receipt_lines(3), 150))

    def find() -> str | None:
        rows = house.rows("SELECT id FROM tasks WHERE state = 'PROCESSING'")
        return str(rows[0]["id"]) if rows else None

    task_id = house.wait(find, 30, "it is being read")
    began = time.monotonic()
    assert house.post(f"/api/task/{task_id}/cancel", {})["state"] == "FAILURE"
    assert time.monotonic() - began < 8
    assert house.get(f"/api/task/{task_id}")["code"] == "cancelled"
    assert (house.archive / "_failed/slow.tif").exists()
    house.drop("next.pdf", receipt(1))
    house.wait_quiet(2)
    assert house.states() == {"slow.tif": "failed", "next.pdf": "filed"}
    assert json.loads((house.archive / "_failed/slow.tif.json").read_text())["error"]["code"] == "cancelled"


def test_the_statuses_are_those_that_http_has_for_it(make_house) -> None:
    house = make_house(web__max_upload_mb=1, web__rate_burst=40, web__rate_per_s=0.1, queue__result_expires_s=1)
    house.start()
    file_id = house.upload("r.pdf", receipt(1))["file_id"]
    read = house.post(f"/api/extract/{file_id}", {})
    for path in ("/api/extract/..%2F..%2Fetc%2Fpasswd", "/api/extract/nope", "/api/task/nope/cancel"):
        assert house.post(path, {})["http"] == 404
    assert house.get("/api/task/550e8400-e29b-41d4-a716-446655440000")["http"] == 404
    assert house.post(f"/api/task/{read['task_id']}/cancel", {})["http"] == 409
    assert house.upload("big.pdf", receipt(1) + b" " * (3 << 20))["http"] == 413
    assert house.upload("r.zip", b"PK\x03\x04" + b"x" * 100)["http"] == 415
    assert house.post(f"/api/extract/{file_id}", {"async": "perhaps"})["http"] == 422
    house.wait(lambda: house.get(f"/api/task/{read['task_id']}")["http"] == 410, 10, "the outcome expires")
    answers = [house.post("/api/extract/nope", {}) for _ in range(40)]
    assert answers[-1]["http"] == 429
    assert all(str(house.root) not in json.dumps(answer) for answer in answers)
    assert claimed(house) == ["r.pdf"]
