"""Signed files (CMS): the outermost element must end inside the file; base64 must have as many letters as it needs."""

from __future__ import annotations

from expensed.formats.armour import decode_start, has_end, is_armoured, remove_blanks
from expensed.formats.ber import LONGEST_HEADER, NotBer, read_header
from expensed.formats.ends.reader import COMPLETE, Ending, Reader, Verdict, cut_off

_HEAD, _TAIL, _CHUNK = 4096, 4096, 1 << 16
_CUT_OFF = cut_off("the signed file ends inside its signature")


def judge_signed(reader: Reader) -> Verdict:
    """Judge by the lengths of the elements, or in base64 by the line that ends it or the number of letters."""
    head = reader.at(0, _HEAD)
    if head[:1] == b"0":
        return _judge_binary(reader)
    if is_armoured(head):
        return COMPLETE if has_end(reader.at(max(0, reader.size - _TAIL), _TAIL)) else _CUT_OFF
    try:
        outer = read_header(decode_start(head))
    except NotBer:
        outer = None
    if outer is None or outer.length is None:
        return Verdict(Ending.UNKNOWN)
    letters = sum(len(remove_blanks(reader.at(place, _CHUNK))) for place in range(0, reader.size, _CHUNK))
    return COMPLETE if letters * 3 // 4 >= outer.size + outer.length else _CUT_OFF


def _judge_binary(reader: Reader) -> Verdict:
    """Walk the elements whose length is indefinite; step over the others."""
    place = still_open = 0
    while True:
        try:
            header = read_header(reader.at(place, LONGEST_HEADER))
        except NotBer:
            return Verdict(Ending.UNKNOWN)
        if header is None:
            return _CUT_OFF
        place += header.size + (header.length or 0)
        if place > reader.size:
            return _CUT_OFF
        if header.length is None:
            still_open += 1
        elif header.is_end:
            still_open -= 1
        if still_open <= 0:
            return COMPLETE
