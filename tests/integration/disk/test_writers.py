"""Asking the kernel for writers, and surviving the answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from expensed.disk.open_writers import has_writer


def test_a_writer_is_seen_and_a_reader_is_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with path.open("rb") as reader, path.open("rb"):
        assert has_writer(reader.fileno()) is False
        with path.open("ab"):
            assert has_writer(reader.fileno()) is True
        assert has_writer(reader.fileno()) is False


def test_where_it_cannot_be_asked_the_answer_is_none() -> None:
    descriptor = os.open("/", os.O_RDONLY)
    try:
        assert has_writer(descriptor) is None
    finally:
        os.close(descriptor)


BREAKER = """
import os, sys, threading
from expensed.disk.open_writers import has_writer

stop = threading.Event()

def write():
    while not stop.is_set():
        os.close(os.open(sys.argv[1], os.O_WRONLY))

writer = threading.Thread(target=write)
writer.start()
descriptor = os.open(sys.argv[1], os.O_RDONLY)
answers = [has_writer(descriptor) for _ in range(20000)]
stop.set()
writer.join()
print(answers.count(True), answers.count(False))
"""


def test_a_writer_that_comes_while_we_ask_does_not_kill_the_daemon(tmp_path: Path) -> None:
    """A broken lease is announced by SIGIO unless another signal is requested, and SIGIO ends a process."""
    path = tmp_path / "file"
    path.write_bytes(b"x")
    ended = subprocess.run(
        [sys.executable, "-c", BREAKER, str(path)], check=False, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")
