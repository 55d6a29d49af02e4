"""PDF: its last cross-reference pointer must lie inside the file and be followed by the end mark.

Offsets may count from the header if junk precedes it, so a pointer is compared with the size only. A pointer of an
earlier revision does not count: nothing that looks like an object may follow the end mark, and a linearized file
states its length at the start.
"""

from __future__ import annotations

import re

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_TAILS = (1 << 12, 1 << 16, 1 << 20)
"""How far from the end to look for the pointer, in bytes; longer trailing junk is not accepted."""
_POINTER = re.compile(rb"startxref[\x00\s]{1,32}(\d{1,20})")
_OBJECT = re.compile(rb"\d[\x00\s]{1,8}\d{1,5}[\x00\s]{1,8}obj\b")
_LINEARIZED = re.compile(rb"/Linearized\b")
_LENGTH = re.compile(rb"/L[\x00\s]{1,8}(\d{1,20})")


def judge_pdf(reader: Reader) -> Verdict:
    """Judge complete if `%%EOF` follows the last `startxref`, whose offset lies inside the file."""
    head = reader.at(0, 2048)
    if _LINEARIZED.search(head) and (length := _LENGTH.search(head)) and int(length[1]) > reader.size:
        return cut_off(f"the PDF file has {reader.size:,} of {int(length[1]):,} bytes")
    for span in _TAILS:
        tail = reader.at(max(0, reader.size - span), span)
        if (start := tail.rfind(b"startxref")) >= 0:
            return _judge_end(tail[start:], reader.size)
        if span >= reader.size:
            break
    return cut_off("the PDF file has no cross-reference pointer at its end")


def _judge_end(end: bytes, size: int) -> Verdict:
    """Judge the bytes from the last `startxref` on."""
    pointer = _POINTER.match(end)
    mark = end.find(b"%%EOF")
    if pointer is None or mark < 0:
        return cut_off("the PDF file has no end mark")
    if not 0 < int(pointer[1]) < size:
        return cut_off("the PDF file's cross-reference table lies beyond its end")
    if _OBJECT.search(end, mark):
        return cut_off("the PDF file ends inside a revision")
    return COMPLETE
