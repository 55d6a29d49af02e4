"""PNG: its chunks are walked to IEND."""

from __future__ import annotations

from expensed.formats.ends.reader import Reader, Structure, complete, cut_off


def judge_png(reader: Reader) -> Structure:
    """Complete if an IEND chunk lies inside the file."""
    offset = 8
    while len(head := reader.at(offset, 8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        offset += 12 + length
        if offset > reader.size:
            return cut_off("png", "the PNG picture ends inside a chunk")
        if name == b"IEND":
            return complete("png")
        if not name.isalpha():
            return cut_off("png", "the PNG picture's chunks break off")
    return cut_off("png", "the PNG picture has no end chunk")
