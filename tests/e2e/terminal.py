"""A terminal in which a command runs, as a person sees it: keys go in, and the last screen that was drawn comes out."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CLEAR = "\x1b[2J"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x1b\][^\a]*\a|\x1b[P_].*?\x1b\\", re.DOTALL)


class Terminal:
    """A command in a pseudo-terminal of so many columns and rows."""

    def __init__(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.columns, self.rows = columns, rows
        self.output = ""

    def press(self, keys: str) -> None:
        """Type keys."""
        os.write(self._own, keys.encode())

    @property
    def screen(self) -> str:
        """What was drawn since the screen was cleared last, without colours and pictures."""
        return _ESCAPES.sub("", self.output.rpartition(CLEAR)[2]).replace("\r\n", "\n")

    def wait_for(self, *texts: str, timeout_s: float = 20) -> str:
        """Return the screen once all these texts stand on it; AssertionError with the screen if they do not come."""
        deadline = time.monotonic() + timeout_s
        while not all(text in self.screen for text in texts):
            if not self._read(deadline - time.monotonic()) or time.monotonic() > deadline:
                raise AssertionError(f"{texts} did not come up:\n{self.screen}")
        return self.screen

    def wait_for_other(self, text: str, timeout_s: float = 20) -> None:
        """Wait until a screen is drawn that does not begin with this text."""
        deadline = time.monotonic() + timeout_s
        while self.screen.startswith(text) or "\n" not in self.screen:
            if not self._read(deadline - time.monotonic()) or time.monotonic() > deadline:
                raise AssertionError(f"{text} stayed:\n{self.screen}")

    def end(self, timeout_s: float = 20) -> int:
        """Wait until the command has ended; return its exit status."""
        deadline = time.monotonic() + timeout_s
        while self._read(deadline - time.monotonic()):
            pass
        return self.process.wait(timeout_s)

    def close(self) -> None:
        """End the command if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        os.close(self._own)

    def _read(self, timeout_s: float) -> bool:
        """Read what comes within a while; whether the command still has the terminal."""
        if not select.select([self._own], [], [], max(0.0, timeout_s))[0]:
            return True
        try:
            content = os.read(self._own, 1 << 16)
        except OSError:  # the other side is closed
            return False
        self.output += content.decode(errors="replace")
        return bool(content)
