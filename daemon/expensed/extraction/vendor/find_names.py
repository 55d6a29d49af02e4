"""Find names generously: lines of the head and the foot, several of them joined, and what is left of them when cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from expensed.extraction.amount.labels import compact
from expensed.extraction.candidates import Candidate
from expensed.extraction.page.lines import join_boxes
from expensed.extraction.vendor.describe_names import HeadOfPage, is_below
from expensed.extraction.vendor.headings import Line
from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.names import LONGEST_NAME
from expensed.extraction.vendor.spelling import mend_digits
from expensed.model.reading import Box

_HEAD_ROWS = 16
_FOOT_ROWS = 5
_MOST_JOINED = 3
_REACH = 4
_SHORTEST, _EDGE = 2, " .,;:-–#*"
_CUTS = {
    "label": re.compile(r"^[^:]{2,24}:\s*(?=\S)"),
    "number": re.compile(r"\s*[#(].*$"),
    "addition": re.compile(r"(?:\s+[-–]\s+|\s{2,}|,).*$"),
    "branch": re.compile(r"\s*(?:n[or]\.?\s*)?\d+\W*$"),
}
"""What may be cut off a name: a label before it, or what follows it."""


class Name(NamedTuple):
    """A name that might be the seller's: the lines that it stands in, and what was cut off or repaired."""

    text: str
    lines: tuple[int, ...]
    cut: str
    page: int
    box: Box


def find_names(head: HeadOfPage, known: Sequence[Candidate[str]], is_other: Callable[[Line], bool]) -> list[Name]:
    """Return those that are known already, and every other line or group of lines; each name once.

    `is_other` says which lines are certainly no names.
    """
    found: dict[str, Name] = {}
    for text, lines, cut in (*_known(head, known), *_printed(head, is_other)):
        key = compact(text)
        if len(key) < _SHORTEST or len(text) > LONGEST_NAME or key in found or not any(map(str.isalpha, text)):
            continue
        cells = [head.lines[place].cell for place in lines]
        found[key] = Name(text, lines, cut, cells[0].page, join_boxes([cell.box for cell in cells]))
    return list(found.values())


_Found = tuple[str, tuple[int, ...], str]


def _known(head: HeadOfPage, known: Sequence[Candidate[str]]) -> Iterator[_Found]:
    places = {line.cell.text: place for place, line in reversed(list(enumerate(head.lines)))}
    for each in known:
        place = places.get(each.text)
        if place is None:
            top = each.box[1] - 1e-6 if each.box else 0.0
            place = next((at for at, line in enumerate(head.lines) if line.cell.box[1] >= top), 0)
        yield from _with_cuts(each.value, (place,))


def _printed(head: HeadOfPage, is_other: Callable[[Line], bool]) -> Iterator[_Found]:
    last = max(line.index for line in head.lines)
    for place, line in enumerate(head.lines):
        if not line.is_name or is_other(line):
            continue
        is_in_head = line.index < _HEAD_ROWS
        is_seller = id(line.cell) in head.parties.seller or STRONG_LEGAL_FORM.search(line.cell.text)
        if is_in_head or is_seller or line.index > last - _FOOT_ROWS:
            yield from _with_cuts(line.text, (place,))
        if is_in_head:
            yield from _joined(head, place)


def _joined(head: HeadOfPage, place: int) -> Iterator[_Found]:
    """Yield the line with the one below, then with the one below that."""
    parts = [place]
    for other in range(place + 1, min(place + _REACH, len(head.lines))):
        if len(parts) < _MOST_JOINED and is_below(head.lines[parts[-1]], head.lines[other]):
            parts.append(other)
            yield from _with_cuts(" ".join(head.lines[part].text for part in parts), tuple(parts))


def _with_cuts(text: str, lines: tuple[int, ...]) -> Iterator[_Found]:
    """Yield a name, with its digits repaired, and with each kind of addition cut off."""
    yield text, lines, ""
    if (mended := mend_digits(text)) != text:
        yield mended, lines, "mended"
    for kind, pattern in _CUTS.items():
        if kind == "label" and len(lines) > 1:
            continue
        rest = pattern.sub("", text).strip(_EDGE)
        if rest and rest != text:
            yield mend_digits(rest), lines, kind
