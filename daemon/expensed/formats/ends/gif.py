"""GIF: walk its blocks to the trailer."""

from __future__ import annotations

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_CHUNK = 1 << 16
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def judge_gif(reader: Reader) -> Verdict:
    """Judge complete if the trailer, or at least one whole image and nothing but padding, lies inside the file."""
    offset = 13 + _table_size(reader.at(10, 1))
    images = 0
    while block := reader.at(offset, 1):
        if block[0] == _TRAILER:
            return COMPLETE
        if block[0] == _EXTENSION:
            after = _skip_data(reader, offset + 2)
        elif block[0] == _IMAGE:
            after = _skip_data(reader, offset + 11 + _table_size(reader.at(offset + 9, 1)))
            images += 1
        else:
            break
        if after is None:
            return cut_off("the GIF picture ends inside a block")
        offset = after
    if images and offset < reader.size:
        return COMPLETE  # junk after whole images; viewers show the file
    return cut_off("the GIF picture has no trailer")


def _table_size(packed: bytes) -> int:
    """Return the bytes of the colour table that these packed flags announce."""
    return 3 << ((packed[0] & 7) + 1) if packed and packed[0] & 0x80 else 0


def _skip_data(reader: Reader, offset: int) -> int | None:
    """Return the offset after a chain of data sub-blocks; None if the file ends inside it."""
    while offset < reader.size:
        window = reader.at(offset, _CHUNK)
        place = 0
        while place < len(window):
            length = window[place]
            place += 1 + length
            if length == 0:
                return offset + place
        offset += place
    return None
