"""A process forked for a house behaves as if Python had just started it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.e2e.forks import MARK, server
from tests.e2e.house import House


def test_a_command_says_the_same_as_one_with_a_python_of_its_own(house: House) -> None:
    house.settings["inbox__settle_s"] = 0.7
    for arguments in (("config",), ("status",), ("fly",)):
        forked, fresh = house.run(*arguments), house.run(*arguments, fresh=True)
        assert (forked.returncode, forked.stdout, forked.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)


def test_a_daemon_has_the_environment_folder_and_output_that_it_was_given(house: House) -> None:
    house.start(extra={"PYTHONPATH": "somewhere"})
    assert house.process is not None
    own = Path(f"/proc/{house.process.pid}")
    assert f"{MARK}={house.mark}".encode() in (own / "environ").read_bytes().split(b"\0")
    assert own.joinpath("cwd").resolve() == house.root
    assert [os.readlink(own / f"fd/{number}") for number in range(3)] == ["/dev/null", str(house.log), str(house.log)]


def test_its_end_is_told_by_status_or_signal(house: House) -> None:
    house.start()
    assert house.process is not None
    assert house.process.poll() is None
    house.kill()
    assert house.process.wait(5) == house.process.returncode == -signal.SIGKILL
    house.process.send_signal(signal.SIGTERM)  # to nobody
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
    house.start()
    assert house.stop() < 8
    assert house.process.poll() == 0


def test_one_that_runs_for_too_long_is_not_waited_for(house: House) -> None:
    house.start()
    assert house.process is not None
    with pytest.raises(subprocess.TimeoutExpired):
        house.process.wait(0.1)


def test_many_at_once_are_told_apart(house: House) -> None:
    environment = house.environment
    with (house.root / "said").open("w") as said:
        codes = [("expensed", "--version"), ("expensed", "fly"), ("expensed", "show")] * 3
        processes = [
            server().start(words, cwd=house.root, env=environment, stdout=said, stderr=said) for words in codes
        ]
    assert [process.wait(30) for process in processes] == [0, 2, 2] * 3
