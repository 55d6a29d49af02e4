"""What the daemon and its child processes say to each other: four bytes of length (big endian), then JSON.

Light: the daemon imports this, and not what the children work with.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Examination
from expensed.model.reading import Mark
from expensed.reading.options import ReadingOptions

LENGTH = struct.Struct(">I")
EXAMINATION = TypeAdapter(Examination)
READING = TypeAdapter(ReadingOptions)
EXTRACTION = TypeAdapter(ExtractionOptions)
MARKS = TypeAdapter(list[Mark])


def encode_request(path: Path, reading: ReadingOptions, extraction: ExtractionOptions) -> bytes:
    """One request, framed."""
    content = {
        "path": os.fspath(path),
        "reading": READING.dump_python(reading, mode="json"),
        "extraction": EXTRACTION.dump_python(extraction, mode="json"),
    }
    return frame(json.dumps(content).encode())


def encode_drawing(path: Path, page: int, turns: int, marks: Sequence[Mark], reading: ReadingOptions) -> bytes:
    """A request for a page as PNG, framed."""
    content = {
        "path": os.fspath(path),
        "page": page,
        "turns": turns,
        "marks": MARKS.dump_python(list(marks), mode="json"),
        "reading": READING.dump_python(reading, mode="json"),
    }
    return frame(json.dumps(content).encode())


def frame(content: bytes) -> bytes:
    """Content with its length before it."""
    return LENGTH.pack(len(content)) + content
