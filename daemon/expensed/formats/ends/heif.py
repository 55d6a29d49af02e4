"""HEIC and AVIF: their boxes (ISO 14496-12) must end inside the file, index and pixels among them."""

from __future__ import annotations

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off


def judge_heic(reader: Reader) -> Verdict:
    """Judge a HEIC picture."""
    return _judge_boxes(reader, "HEIC")


def judge_avif(reader: Reader) -> Verdict:
    """Judge an AVIF picture."""
    return _judge_boxes(reader, "AVIF")


def _judge_boxes(reader: Reader, name: str) -> Verdict:
    """Judge complete if every box, `meta` and `mdat` among them, ends inside the file; junk after them is fine."""
    offset = 0
    missing = {b"meta", b"mdat"}
    while len(head := reader.at(offset, 16)) >= 8:
        size, box = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = reader.size - offset  # the last box may run to the end of the file
        if size < 8:
            break
        if offset + size > reader.size:
            return COMPLETE if not missing else cut_off(f"the {name} picture ends inside a box")
        missing.discard(box)
        offset += size
    if missing:
        return cut_off(f"the {name} picture has no pixels yet")
    return COMPLETE
