"""The protocol between the daemon and its child processes: four bytes of length (big endian), then JSON.

It is light, because the daemon imports it and not what the children work with.
"""

from __future__ import annotations

import struct

from msgspec import Struct

from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Examination
from expensed.model.json_text import decode, encode
from expensed.model.reading import Box, Mark
from expensed.model.states import Likeness, Stage
from expensed.reading.options import ReadingOptions

LENGTH = struct.Struct(">I")


class Examine(Struct, frozen=True, tag="examine"):
    """A request to read one file and extract its expense; `path` is in the file system's bytes."""

    path: bytes
    reading: ReadingOptions
    extraction: ExtractionOptions


class Draw(Struct, frozen=True, tag="draw"):
    """A request for one page (from 1), or the part of it in the box `crop`, as PNG."""

    path: bytes
    page: int
    turns: float
    marks: tuple[Mark, ...]
    reading: ReadingOptions
    crop: Box | None = None


class Compare(Struct, frozen=True, tag="compare"):
    """A request to compare the pictures in two files; paths are in the file system's bytes."""

    path: bytes
    other: bytes
    reading: ReadingOptions


class Ready(Struct, frozen=True, tag="ready"):
    """The child can take a request."""


class Progress(Struct, frozen=True, tag="progress"):
    """A stage of an examination begins."""

    stage: Stage


class Examined(Struct, frozen=True, tag="examined"):
    """The answer to `Examine`."""

    examination: Examination


class Drawn(Struct, frozen=True, tag="drawn"):
    """The answer to `Draw`."""

    picture: bytes


class Compared(Struct, frozen=True, tag="compared"):
    """The answer to `Compare`."""

    likeness: Likeness


class Failed(Struct, frozen=True, tag="failed"):
    """The answer to a request that could not be met."""

    code: str
    message: str
    hint: str | None = None
    trace: str | None = None


Request = Examine | Draw | Compare
Answer = Ready | Progress | Examined | Drawn | Compared | Failed
Result = Examined | Drawn | Compared


def frame(message: Request | Answer) -> bytes:
    """Return a message preceded by its length."""
    content = encode(message)
    return LENGTH.pack(len(content)) + content


def parse_request(content: bytes) -> Request:
    """Parse a request; ValueError if the bytes are not one."""
    request: Request = decode(content, Request)  # type: ignore[arg-type]  # mypy knows no type of a union
    return request


def parse_answer(content: bytes) -> Answer:
    """Parse an answer; ValueError if the bytes are not one."""
    answer: Answer = decode(content, Answer)  # type: ignore[arg-type]
    return answer
