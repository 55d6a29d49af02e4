"""The private redis-server: on a unix socket in a new folder, without persistence; it ends with the daemon.

It is started again, on a new socket, whenever it exits. None of this is used if `queue.url` names a server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from subprocess import SubprocessError

from expensed.child_environment import clean_environment
from expensed.errors import SetupError
from expensed.parent_death import die_with_parent

log = logging.getLogger("expensed.redis")

LONGEST_SOCKET_PATH = 107
"""Bytes (sun_path of unix(7), less its final NUL)."""
RESTART_S = 0.5


def find_server() -> str:
    """Return the path of the redis-server program; SetupError if there is none."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise SetupError(
            "redis-server is not installed.",
            hint="Install it (Debian: `apt install redis-server`), or name a server in queue.url.",
        )
    return found


class PrivateServer:
    """One redis-server at a time, supervised until `stop`.

    `name` is the ledger's; only one daemon at a time uses it, so folders left by a killed one can be found and removed.
    """

    def __init__(self, name: str) -> None:
        self._prefix = f"expensed-{name}-"
        self._program = find_server()
        self._folder: Path | None = None
        self._process: Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    @property
    def url(self) -> str | None:
        """The address of the running server; None while there is none."""
        return f"unix://{self._folder}/redis.sock" if self._folder and self._started.is_set() else None

    @property
    def pid(self) -> int | None:
        """The process id of the running server; None while there is none."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the first server and keep one running."""
        await asyncio.to_thread(self._remove_left)
        await self._launch()
        self._supervisor = asyncio.create_task(self._supervise())

    def _remove_left(self) -> None:
        for folder in Path(_runtime_folder()).glob(f"{self._prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)

    async def _launch(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=_runtime_folder()))
        parent = os.getpid()
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--unixsocketperm", "700",
            "--save", "", "--appendonly", "no", "--dir", str(folder), "--daemonize", "no",
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True, env=clean_environment(),
            preexec_fn=lambda: die_with_parent(parent),
        )  # fmt: skip
        self._folder = folder
        self._started.set()

    async def _supervise(self) -> None:
        while True:
            if self._process is not None:
                code = await self._process.wait()
                log.warning("The private redis-server ended (status %d); starting another.", code)
            self._forget()
            await asyncio.sleep(RESTART_S)
            try:
                await self._launch()
            except (OSError, SubprocessError) as error:
                log.error("redis-server cannot be started: %s", error)

    def _forget(self) -> None:
        self._started.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None

    def replace(self) -> None:
        """Kill a server that runs but does not answer; another one is started."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._supervisor is not None:
            self._supervisor.cancel()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)  # it has no data that a gentler end would save
            await self._process.wait()
        self._forget()


def _runtime_folder() -> str:
    """Return a folder that allows short socket paths: systemd's RuntimeDirectory, the user's, or /tmp."""
    for folder in (os.environ.get("RUNTIME_DIRECTORY"), os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        room = len("/expensed-123456789012-12345678/redis.sock")
        if folder and os.access(folder, os.W_OK) and len(os.fsencode(folder)) + room <= LONGEST_SOCKET_PATH:
            return folder
    return "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it, mode 0700
