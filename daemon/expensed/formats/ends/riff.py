"""RIFF, the container of WebP: compare the size in its header."""

from __future__ import annotations

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off


def judge_webp(reader: Reader) -> Verdict:
    """Judge complete if as many bytes are there as the header declares; zero is a writer's placeholder."""
    declared = int.from_bytes(reader.at(4, 4), "little")
    if declared < 12:
        return cut_off("the WebP picture does not say its size yet")
    if 8 + declared > reader.size:
        return cut_off(f"the WebP picture has {reader.size:,} of {8 + declared:,} bytes")
    return COMPLETE
