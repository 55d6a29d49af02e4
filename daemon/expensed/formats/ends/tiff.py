"""TIFF and BigTIFF, both byte orders: every directory and every strip or tile must lie inside the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from expensed.formats.ends.reader import COMPLETE, Reader, Verdict, cut_off

_WIDTHS = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
"""The field types of offsets and lengths, with their struct formats."""
_SIZES = {"H": 2, "I": 4, "Q": 8}
_PIXELS = ((273, 279), (324, 325), (513, 514))
"""The tags of offsets and lengths: strips, tiles, old-style JPEG."""
_SUB_DIRECTORIES = 330


class _Outside(Exception):
    """Something lies beyond the end of the file."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """The widths that differ between TIFF and BigTIFF as struct formats, and the byte order that precedes them."""

    order: str
    count: str
    word: str

    @property
    def entry(self) -> int:
        return 4 + 2 * _SIZES[self.word]


def judge_tiff(reader: Reader) -> Verdict:
    """Judge complete if every reachable directory, and what it points to, lies inside the file."""
    head = reader.at(0, 16)
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", head, 2)[0] == 43
    layout = _Layout(order, "Q", "Q") if big else _Layout(order, "H", "I")
    if len(head) < (16 if big else 8):
        return cut_off("the TIFF file ends inside its header")
    first = struct.unpack_from(order + layout.word, head, 8 if big else 4)[0]
    if first == 0:
        return cut_off("the TIFF file has no page yet")
    try:
        _walk(reader, layout, first)
    except _Outside as outside:
        return cut_off(str(outside))
    return COMPLETE


def _walk(reader: Reader, layout: _Layout, first: int) -> None:
    """Visit each directory once, so that a loop of directories ends."""
    todo, seen = [first], set[int]()
    while todo:
        offset = todo.pop()
        if offset in seen or offset == 0:
            continue
        seen.add(offset)
        todo.extend(_read_directory(reader, layout, offset))


def _read_directory(reader: Reader, layout: _Layout, offset: int) -> list[int]:
    """Check the pixels of the directory at `offset`; return the offsets of the directories it names."""
    count_size = _SIZES[layout.count]
    (count,) = _unpack(reader, layout.order + layout.count, offset)
    start = offset + count_size
    if start + count * layout.entry > reader.size:
        raise _Outside("a page directory of the TIFF file lies beyond its end")
    if count == 0:
        raise _Outside("a page directory of the TIFF file is empty")
    reader.spend(count)
    fields = {
        tag: (kind, number, start + index * layout.entry + 4 + _SIZES[layout.word])
        for index, (tag, kind, number) in enumerate(_entries(reader, layout, start, count))
    }
    for places, lengths in _PIXELS:
        _check_pixels(reader, list(_values(reader, layout, fields, places)), _values(reader, layout, fields, lengths))
    after = start + count * layout.entry
    (following,) = _unpack(reader, layout.order + layout.word, after)
    return [*_values(reader, layout, fields, _SUB_DIRECTORIES), following]


def _entries(reader: Reader, layout: _Layout, start: int, count: int) -> Iterator[tuple[int, int, int]]:
    """Yield tag, type and number of values of each entry."""
    table = reader.at(start, count * layout.entry)
    form = struct.Struct(f"{layout.order}HH{layout.word}{layout.word}")
    for tag, kind, number, _ in form.iter_unpack(table[: len(table) // form.size * form.size]):
        yield tag, kind, number


def _values(reader: Reader, layout: _Layout, fields: dict[int, tuple[int, int, int]], tag: int) -> Iterator[int]:
    """Yield the numbers of a field, which lie in its entry if they fit and elsewhere if not."""
    kind, number, place = fields.get(tag, (0, 0, 0))
    width = _WIDTHS.get(kind)
    if width is None:
        return
    length = number * _SIZES[width]
    if length > _SIZES[layout.word]:
        (place,) = _unpack(reader, layout.order + layout.word, place)
    if place + length > reader.size:
        raise _Outside("a page index of the TIFF file lies beyond its end")
    reader.spend(number)
    found = reader.at(place, length)
    yield from cast(tuple[int, ...], struct.unpack(f"{layout.order}{len(found) // _SIZES[width]}{width}", found))


def _check_pixels(reader: Reader, places: list[int], lengths: Iterator[int]) -> None:
    for place in places:
        if place + next(lengths, 0) > reader.size:
            raise _Outside("pixels of the TIFF file lie beyond its end")


def _unpack(reader: Reader, form: str, offset: int) -> tuple[int, ...]:
    """Return the numbers at `offset`; raises _Outside if the file ends before them."""
    found = reader.at(offset, struct.calcsize(form))
    if len(found) < struct.calcsize(form):
        raise _Outside("the TIFF file ends inside a page directory")
    return struct.unpack(form, found)
