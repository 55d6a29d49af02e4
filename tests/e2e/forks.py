"""Python processes whose imports are already done: a server imports them once, and each process is a fork of it.

A fork is a process like any other: it has its own pid, signals, exit status, environment, folder and output; the
module is run as `python -m` runs it. A daemon is ready after 0.1 s of CPU time instead of 0.7 s. Houses use it for
the daemon and its commands, except where a test is about the start itself.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import ctypes
import functools
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from expensed.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]
SOURCES = os.pathsep.join((str(ROOT), str(ROOT / "daemon")))
"""PYTHONPATH for an entry point of the tests: the sources they lie beside."""
MARK = "HOUSE_OF_EXPENSED_TESTS"
"""The variable by which the processes of a house are found; its value has 32 characters."""
PRELOADED = ("expensed.service.daemon", "httpcore", *(path.partition(":")[0] for path in COMMANDS.values()))
REQUEST = 1 << 20
BEGUN, ENDED = struct.Struct("i4x"), struct.Struct("i")
"""What is told of a process: its pid, by itself, once it is what was asked for; then its exit status, by the server."""


class Forked:
    """A process that the server forked, with the interface of `subprocess.Popen`."""

    def __init__(self, pid: int, news: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._news = news

    def poll(self) -> int | None:
        """Its exit status (minus the signal that ended it); None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; TimeoutExpired after `timeout` seconds."""
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"the forked process {self.pid}", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal if the process is still running."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._news, selectors.EVENT_READ)
                if selector.select(timeout):
                    content = os.read(self._news, ENDED.size)
                    os.close(self._news)
                    if not content:
                        raise RuntimeError("the server of forks is gone")
                    self.returncode = int(ENDED.unpack(content)[0])
        return self.returncode


class Server:
    """The process that has everything imported, seen from outside."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.forks"],
                cwd=ROOT, env=os.environ | {"PYTHONPATH": SOURCES, MARK: "0" * 32}, stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._requests = ours
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            ours.setsockopt(socket.SOL_SOCKET, option, REQUEST)

    def start(
        self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: IO[Any], stderr: IO[Any]
    ) -> Forked:
        """Start `python -m ARGV`."""
        news, told = os.pipe()
        try:
            content = json.dumps({"argv": list(argv), "cwd": str(cwd), "env": dict(env)}).encode()
            descriptors = array.array("i", [stdout.fileno(), stderr.fileno(), told])
            self._requests.sendmsg([content], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        finally:
            os.close(told)
        begun = os.read(news, BEGUN.size)
        if len(begun) != BEGUN.size:
            os.close(news)
            raise RuntimeError("no process could be forked")
        return Forked(BEGUN.unpack(begun)[0], news)

    def run(self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run `python -m ARGV` to its end, for at most 60 seconds."""
        with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
            process = self.start(argv, cwd=cwd, env=env, stdout=stdout, stderr=stderr)
            try:
                code = process.wait(60)
            finally:
                process.send_signal(signal.SIGKILL)
            for file in (stdout, stderr):
                file.seek(0)
            return subprocess.CompletedProcess(list(argv), code, stdout.read(), stderr.read())

    def end(self) -> None:
        """End the server; its forks keep running."""
        self._requests.close()
        self._process.wait()


@functools.cache
def server() -> Server:
    """Return the one server of this test run (of this worker)."""
    made = Server()
    atexit.register(made.end)
    return made


def serve() -> dict[str, Any]:
    """Fork for each request; return, only in the new process, what it must run, or end the server."""
    requests = socket.socket(fileno=os.dup(0))
    mark = _find_mark()
    news: dict[int, tuple[int, int]] = {}  # by the descriptor that tells of the end: the pid, and whom to tell
    selector = selectors.DefaultSelector()
    selector.register(requests, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is not requests:
                _tell_end(*news.pop(key.fd))
                selector.unregister(key.fd)
                os.close(key.fd)
                continue
            content, descriptors, _, _ = socket.recv_fds(requests, REQUEST, 3)
            if not content:
                sys.exit()
            *output, told = descriptors
            if pid := os.fork():
                ended = os.pidfd_open(pid)
                news[ended] = pid, told
                selector.register(ended, selectors.EVENT_READ)
                for descriptor in output:
                    os.close(descriptor)
                continue
            selector.close()
            requests.close()
            for ended, (_, other) in news.items():
                os.close(ended)
                os.close(other)
            request: dict[str, Any] = json.loads(content)
            _become(request, output, mark)
            os.write(told, BEGUN.pack(os.getpid()))
            os.close(told)
            return request


def _tell_end(pid: int, told: int) -> None:
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):  # nobody wants to know
        os.write(told, ENDED.pack(os.waitstatus_to_exitcode(status)))
    os.close(told)


def _find_mark() -> int:
    """Return the address of the mark in the environment that others see in /proc."""
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_void_p
    return int(libc.getenv(MARK.encode()))


def _become(request: dict[str, Any], output: Sequence[int], mark: int) -> None:
    os.environ.clear()
    os.environ.update(request["env"])
    ctypes.memmove(mark, os.environ[MARK].encode(), 32)
    os.chdir(request["cwd"])
    for number, descriptor in enumerate((os.open(os.devnull, os.O_RDONLY), *output)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    time.tzset()
    tempfile.tempdir = None


def main() -> None:
    """Import everything, serve, and in each fork run what was requested."""
    for name in PRELOADED:
        __import__(name)
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("an import has started a thread: it would be missing in the forks")
    gc.collect()
    gc.freeze()  # what is imported is not collected at the end of each fork, which would take 0.1 s
    request = serve()
    sys.argv = [request["argv"][0], *request["argv"][1:]]
    runpy.run_module(request["argv"][0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
