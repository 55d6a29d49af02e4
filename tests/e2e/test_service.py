"""The daemon as a service: what it tells systemd, how it starts and stops, by systemd's command line."""

from __future__ import annotations

import os
import signal
import socket
import time

from tests.e2e import papers
from tests.e2e.house import House


def test_systemd_hears_that_it_is_ready_alive_and_stopping(house: House) -> None:
    address = house.runtime / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(10)
        house.start(fresh=True, extra={"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "1000000"})
        heard: list[str] = []
        while heard.count("WATCHDOG=1") < 3:
            heard += manager.recv(4096).decode().splitlines()
        assert "READY=1" in heard
        assert any(line.startswith("STATUS=Watching") for line in heard)
        assert "STATUS=0 waiting, 0 in progress" in heard
        house.stop()
        while "STOPPING=1" not in heard:
            heard += manager.recv(4096).decode().splitlines()


def test_a_stop_during_the_start_is_quick_too(house: House) -> None:
    for number in range(200):
        house.drop(f"{number}.pdf", papers.pdf(papers.receipt_lines(number)))
    house.start(ready=False, fresh=True)
    house.wait((house.state / "lock").exists, 20, "it has begun")
    began = time.monotonic()
    house.stop()
    assert time.monotonic() - began < 5
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
    house.start(fresh=True)
    house.wait_quiet(200, 90)


def test_with_a_full_backlog_files_wait_in_the_inbox(make_house) -> None:
    house = make_house(queue__backlog_max=2, inbox__rescan_s=0.5, reading__workers=2)
    house.start(fresh=True)
    for number in range(2):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))

    def stop_children() -> list[int]:
        pids = house.processes_named("expensed.readers.child")
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        return pids if len(pids) == 2 else []

    children = house.wait(stop_children, 20, "each is in the hands of a process that stands still")
    for number in range(2, 6):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))

    def reasons() -> list[str]:
        return [entry["reason"] for entry in house.get("/api/inbox")["inbox"]]

    house.wait(lambda: any("documents are in progress" in each for each in reasons()), 20, "some wait for that reason")
    for pid in children:
        os.kill(pid, signal.SIGCONT)
    house.wait_quiet(6, 90)
    assert reasons() == []


def test_a_taken_port_is_told_and_leaves_nothing_running(make_house) -> None:
    first, second = make_house("first"), make_house("second")
    first.start(fresh=True)
    second.settings["web__port"] = first.address.rpartition(":")[2]
    second.start(ready=False, fresh=True)
    assert second.process is not None
    assert second.process.wait(20) == 69
    assert "web.port" in second.log.read_text()
    second.wait(lambda: not second.processes(), 5, "nothing of it is left")
