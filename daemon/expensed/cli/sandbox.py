"""A temporary daemon: a real one, run as a child process on fresh folders and a free port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from expensed.config.schema import Settings
from expensed.errors import SetupError
from expensed.parent_death import die_with_parent

START_S, STOP_S = 30.0, 8.0
LOG_LINES = 15
SETTINGS = """\
# The sandbox has its own settings file, so that none of this machine's applies.
[inbox]
settle_s = 0.5
[web]
port = 0
[log]
format = "json"
"""


class Sandbox:
    """The folder with inbox, archive, state, settings and log, and the daemon that runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "expensed.toml"
        self.log = folder / "daemon.log"
        self.settings = Settings.at(folder)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the daemon and wait until it is ready; SetupError with the end of its log if it never is."""
        self.file.write_text(SETTINGS, encoding="utf-8")
        parent = os.getpid()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "expensed", "run", "-c", str(self.file)],
                cwd=self.folder, env=_environment(self.folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for this process, which then stops the daemon
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - no other thread runs yet
            )  # fmt: skip
        self.settings = Settings.at(self.folder, web={"port": self._await_port()})

    def _await_port(self) -> int:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            for message in self._messages():
                if " is ready: " in message:
                    return int(message.rpartition(":")[2])
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise self.failed("The daemon did not start.")

    def _messages(self) -> Iterator[str]:
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                yield str(json.loads(line)["message"])
            except (ValueError, KeyError, TypeError):
                yield line

    def failed(self, sentence: str) -> SetupError:
        """Return an error with the end of the daemon's log, which says why."""
        last = [f"  {message}" for message in self._messages()][-LOG_LINES:]
        return SetupError("\n".join([sentence, *last]), hint="`expensed doctor` checks this machine.")

    def stop(self) -> None:
        """Ask the daemon to stop; kill it if it does not."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def open_sandbox(*, keep: bool) -> Iterator[Sandbox]:
    """Run a sandbox's daemon for the duration of the block, however it ends; remove its folder unless `keep`."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="expensed-demo-")).resolve()
    except OSError as error:
        raise _no_room(error) from error
    sandbox = Sandbox(folder)
    try:
        sandbox.start()
        yield sandbox
    except OSError as error:
        raise _no_room(error) from error
    finally:
        with _undisturbed():
            sandbox.stop()
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)


def _no_room(error: OSError) -> SetupError:
    return SetupError(
        f"The folder for the demonstration cannot be used: {error.strerror or error}.",
        hint="Make room there, or set TMPDIR to another folder.",
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore signals during the block: it takes a second, and nothing must be left behind."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment with only the reading settings: the sandbox has its own folders, port and queue."""
    ours = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and (name.startswith("EXPENSED_READING__") or not _is_setting(name))
    }
    return kept | {"RUNTIME_DIRECTORY": str(folder)}


def _is_setting(name: str) -> bool:
    return name.startswith("EXPENSED_") and "__" in name
