"""PNG: walk its chunks to IEND."""

from __future__ import annotations

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off


def judge_png(reader: Reader) -> Verdict:
    """Judge complete if an IEND chunk lies inside the file."""
    offset = 8
    while len(head := reader.at(offset, 8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        offset += 12 + length
        if offset > reader.size:
            return cut_off("the PNG picture ends inside a chunk")
        if name == b"IEND":
            return COMPLETE
        if not name.isalpha():
            return cut_off("the PNG picture's chunks break off")
    return cut_off("the PNG picture has no end chunk")
