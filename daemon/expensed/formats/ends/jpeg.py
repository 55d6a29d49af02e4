"""JPEG: walk the markers to the end of the main image.

A thumbnail's end marker lies inside an APP segment, which is skipped by its length. Bytes after the end marker are
fine, because phones append videos and depth maps there.
"""

from __future__ import annotations

import re

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_CHUNK = 1 << 20
_EOI = 0xD9
_ALONE = (0x01, 0xD8)
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
"""Not FF00 (a stuffed byte), FFD0..D7 (restarts inside a scan) or FFFF (fill)."""


def judge_jpeg(reader: Reader) -> Verdict:
    """Judge complete if the main image's end marker lies inside the file."""
    offset = 2
    while (found := _next_marker(reader, offset)) is not None:
        code, offset = found
        if code == _EOI:
            return COMPLETE
        if code in _ALONE:
            continue
        length = int.from_bytes(reader.at(offset, 2), "big")
        offset += max(length, 2)
        if offset > reader.size:
            return cut_off("the JPEG picture ends inside a segment")
    return cut_off("the JPEG picture has no end marker")


def _next_marker(reader: Reader, offset: int) -> tuple[int, int] | None:
    """Return the code of the first marker at or after `offset`, and the offset after it."""
    head = reader.at(offset, 2)
    if _MARKER.fullmatch(head):
        return head[1], offset + 2
    while offset < reader.size - 1:
        chunk = reader.at(offset, _CHUNK)
        if found := _MARKER.search(chunk):
            return chunk[found.start() + 1], offset + found.end()
        if len(chunk) < 2:
            return None
        offset += len(chunk) - 1  # a marker may straddle two chunks
    return None
