"""Pictures in terminals that can show them: by kitty's protocol, by iTerm2's, or as sixels; nothing in any other.

Which one it is, the environment tells. No terminal is asked: its answer may come late, and be taken for keys.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterator, Mapping
from enum import StrEnum

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = 4096
_CELL = (10, 20)
"""Pixels of a terminal's cell, about; what counts is that it is twice as high as wide."""
_SIXEL_TERMS = ("foot", "mlterm", "contour", "yaft")


class Pictures(StrEnum):
    """How a terminal shows pictures."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    NEVER = "never"


def detect_pictures(environment: Mapping[str, str]) -> Pictures:
    """Return how this terminal shows pictures, as far as its environment tells; multiplexers show none."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "TMUX" in environment or "STY" in environment or term.startswith(("screen", "tmux", "dumb")):
        return Pictures.NEVER
    if term in ("xterm-kitty", "xterm-ghostty") or "KITTY_WINDOW_ID" in environment or program == "ghostty":
        return Pictures.KITTY
    if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
        return Pictures.ITERM
    return Pictures.SIXEL if term.startswith(_SIXEL_TERMS) else Pictures.NEVER


def fit(png: bytes, columns: int, rows: int) -> tuple[int, int]:
    """Return how many columns and rows a picture takes if it may have so many; (0, 0) if it is no PNG."""
    if not png.startswith(_PNG) or len(png) < 24 or columns < 1 or rows < 1:
        return 0, 0
    width, height = struct.unpack(">II", png[16:24])
    wide = min(columns, max(1, math.floor(rows * 2 * width / max(height, 1))))
    return wide, max(1, min(rows, math.ceil(wide * height / max(width, 1) / 2)))


def show(png: bytes, how: Pictures, columns: int, rows: int) -> str:
    """Return what makes a terminal show a picture at the cursor, in so many columns and rows; see `fit`."""
    match how:
        case Pictures.KITTY:
            return "".join(_for_kitty(png, columns, rows))
        case Pictures.ITERM:
            content = base64.b64encode(png).decode()
            return f"\x1b]1337;File=inline=1;width={columns};height={rows};preserveAspectRatio=1:{content}\a"
        case Pictures.SIXEL:
            from expensed.reading.sixels import as_sixels

            return as_sixels(png, columns * _CELL[0], rows * _CELL[1])
        case Pictures.NEVER:
            return ""


def clear(how: Pictures) -> str:
    """Return what removes the pictures that were shown before, where clearing the screen does not."""
    return "\x1b_Ga=d,q=2\x1b\\" if how is Pictures.KITTY else ""


def _for_kitty(png: bytes, columns: int, rows: int) -> Iterator[str]:
    content = base64.b64encode(png).decode()
    parts = [content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK)]
    for place, part in enumerate(parts):
        head = f"a=T,f=100,q=2,C=1,c={columns},r={rows}," if place == 0 else "q=2,"
        yield f"\x1b_G{head}m={int(place < len(parts) - 1)};{part}\x1b\\"
