"""BMP: the pixels that its headers declare must lie inside the file."""

from __future__ import annotations

import struct

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_PLAIN = (0, 3, 6)
"""BI_RGB and the two BI_BITFIELDS: the size of the pixels follows from width, height and depth."""


def judge_bmp(reader: Reader) -> Verdict:
    """Judge complete if the pixels end inside the file; the declared size counts only if their end is unknown."""
    head = reader.at(0, 54)
    if len(head) < 26:
        return cut_off("the BMP picture ends inside its header")
    declared, start, header = struct.unpack_from("<I4xII", head, 2)
    needed = declared
    if header == 12:
        width, height, depth = struct.unpack_from("<HH2xH", head, 18)
        needed = start + _rows(width, height, depth)
    elif header >= 40 and len(head) == 54:
        width, height, depth, packing, size = struct.unpack_from("<ii2xHII", head, 18)
        pixels = _rows(abs(width), abs(height), depth) if packing in _PLAIN else size
        needed = start + pixels
    if needed > reader.size:
        return cut_off(f"the BMP picture has {reader.size:,} of {needed:,} bytes")
    return COMPLETE


def _rows(width: int, height: int, depth: int) -> int:
    """Return the bytes of uncompressed rows, each padded to four."""
    return (width * depth + 31) // 32 * 4 * height
