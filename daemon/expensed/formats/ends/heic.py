"""HEIC and AVIF: their boxes (ISO 14496-12) must end inside the file, index and pixels among them."""

from __future__ import annotations

from expensed.formats.ends.reader import Reader, Structure, complete, cut_off

BRANDS = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"mif1",
    b"mif2",
    b"msf1",
    b"avif",
    b"avis",
    b"miaf",
)


def judge_heic(reader: Reader) -> Structure:
    """Complete if every box ends inside the file, `meta` and `mdat` among them; junk behind them is fine."""
    offset = 0
    missing = {b"meta", b"mdat"}
    while len(head := reader.at(offset, 16)) >= 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = reader.size - offset  # the last box may run to the end of the file
        if size < 8:
            break
        if offset + size > reader.size:
            return complete("heic") if not missing else cut_off("heic", "the HEIC picture ends inside a box")
        missing.discard(name)
        offset += size
    if missing:
        return cut_off("heic", "the HEIC picture has no pixels yet")
    return complete("heic")
