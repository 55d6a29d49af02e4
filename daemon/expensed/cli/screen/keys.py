"""Single keys and single lines from a terminal, whose own settings come back at the end."""

from __future__ import annotations

import contextlib
import os
import select
import termios
import tty
from types import TracebackType
from typing import Self

_SEQUENCES = {
    b"[A": "up",
    b"[B": "down",
    b"[C": "right",
    b"[D": "left",
    b"[Z": "back-tab",
    b"OA": "up",
    b"OB": "down",
    b"OC": "right",
    b"OD": "left",
}
"""What follows the escape character."""
_NAMES = {b"\r": "enter", b"\n": "enter", b"\t": "tab", b"\x04": "end", b"": "end"}
_WITHIN_S = 0.05
"""How soon the rest of a sequence follows; otherwise it was the key Escape."""
_LONGEST = 16


class Keyboard:
    """The keys of a terminal, read one by one without echo while it is entered."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before = termios.tcgetattr(descriptor)

    def __enter__(self) -> Self:
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)  # keys that were typed ahead count
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def read(self) -> str:
        """Return the next key: its character, or a name such as `enter`, `tab`, `up`; `end` if there are no more."""
        first = os.read(self._descriptor, 1)
        if first != b"\x1b":
            return _NAMES.get(first) or first.decode("ascii", "replace")
        rest = b""
        while len(rest) < _LONGEST and select.select([self._descriptor], [], [], _WITHIN_S)[0]:
            rest += os.read(self._descriptor, 1)
            if rest not in (b"[", b"O") and (rest[-1:].isalpha() or rest[-1:] == b"~"):
                return _SEQUENCES.get(rest, "unknown")
        return "unknown" if rest else "escape"

    def ask(self, prompt: str, text: str = "") -> str | None:
        """Return a line that a person types; the arrow up brings `text`, to be edited. None after Ctrl-C or Ctrl-D."""
        import readline

        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.set_auto_history(False)
        readline.clear_history()
        if text:
            readline.add_history(text)
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
        try:
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                return input(prompt).strip()
            return None
        finally:
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)
