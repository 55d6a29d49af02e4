"""ZIP: the directory at its end, which is written last, must be there."""

from __future__ import annotations

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_END = b"PK\x05\x06"
_SIZE = 22
_LONGEST_COMMENT = 0xFFFF


def judge_archive(reader: Reader) -> Verdict:
    """Judge complete if the record that ends the directory lies inside the file with its comment."""
    length = min(reader.size, _SIZE + _LONGEST_COMMENT)
    tail = reader.at(reader.size - length, length)
    place = tail.rfind(_END)
    record = tail[place : place + _SIZE] if place >= 0 else b""
    if len(record) < _SIZE or place + _SIZE + int.from_bytes(record[20:22], "little") > len(tail):
        return cut_off("the archive has no directory yet")
    return COMPLETE
