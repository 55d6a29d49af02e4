"""Read parts of a page again with a larger model, which finds logos and letters that the first passes over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from expensed.model.reading import Band, Page, Word
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.select import WIDEST_BAND, closer_engine
from expensed.reading.sheet import Sheet

if TYPE_CHECKING:
    from expensed.reading.engines.engine import Sighting

_MOST_KEPT = 3
"""The first pages, and one more for the last: sellers, dates and totals stand there."""
_MOST_PIXELS = 40_000_000
_TALLEST = 1.25
"""In widths: at 720 pixels by 900, the small model makes a process of 170 MB one of 390 MB."""
_MOSTLY = 0.5
"""The share of the smaller of two words, in width and in height, from which on they are one line seen twice."""
_LEGIBLE = 0.6
_COVERED = 0.75
"""The share of a line's width from which on it has been seen again."""
_WIDEST_LETTER = 4.0
"""In heights of a line, blanks between letters included."""
_THINNEST = 16
"""Pixels; a thinner band holds no line."""


@dataclass
class Sheets:
    """The sheets of a document that are kept for a second look, by page."""

    kept: dict[int, Sheet] = field(default_factory=dict)

    def keep(self, page: int, sheet: Sheet) -> None:
        """Keep a page's sheet: of a long document the first ones and the last."""
        if sheet.pixels.size > _MOST_PIXELS:
            return
        if len(self.kept) > _MOST_KEPT:
            del self.kept[max(self.kept)]
        self.kept[page] = Sheet(sheet.pixels.copy(), sheet.box)  # without the rest of its page


def look_closer(
    page: Page, sheet: Sheet, bands: Sequence[Band], deadline: Deadline, *, enlarges_head: bool = False
) -> Page:
    """Return the page with the words in these bands read again; a line that is not seen again stays as it was.

    After the deadline, what has not been looked at stays as it was, too. `enlarges_head`: small letters at the top of
    the sheet are enlarged.
    """
    if not bands or (engine := closer_engine()) is None:
        return page
    words = page.words
    for piece in [piece for band in bands for piece in _pieces(band, page.words, sheet)]:
        if deadline.has_passed():
            break
        part = sheet.cut(*_with_whole_lines(piece, page.words))
        if part.pixels.shape[0] < _THINNEST:
            continue
        if enlarges_head and piece.top <= sheet.box[1]:
            part = part.enlarged(WIDEST_BAND)
        read = [each for each in engine.read(part.pixels, deadline) if not _is_stretched(each)]
        seen = [part.place(each, page.number) for each in read]
        words = _put([word for word in seen if piece.holds(word.box) and _may_count(word, sheet)], words, piece)
    return page if words == page.words else replace(page, words=words)


def _may_count(word: Word, sheet: Sheet) -> bool:
    """Whether a word is on the paper, or is no number: above it another paper's dates and sums may lie."""
    return _middle(word) >= sheet.paper_top or not any(map(str.isdigit, word.text))


def _is_stretched(sighting: Sighting) -> bool:
    """Whether the letters would be far wider than high: what was seen is not what stands there."""
    left, top, right, bottom = sighting.box
    return right - left > _WIDEST_LETTER * len(sighting.text) * (bottom - top)


def _pieces(band: Band, words: Sequence[Word], sheet: Sheet) -> Iterator[Band]:
    """Yield the band in pieces of bounded height, cut between lines where it can be.

    A model's memory grows with the picture's area.
    """
    height, width = sheet.pixels.shape
    tallest = _TALLEST * width / height * (sheet.box[3] - sheet.box[1])
    top, end = max(band.top, sheet.box[1]), min(band.bottom, sheet.box[3])
    gaps = _gaps(word for word in words if band.holds(word.box))
    while end - top > tallest:
        cut = max((gap for gap in gaps if top < gap <= top + tallest), default=top + tallest)
        yield Band(band.page, top, cut)
        top = cut
    if end > top:
        yield Band(band.page, top, end)


def _with_whole_lines(band: Band, words: Sequence[Word]) -> tuple[float, float]:
    """Return the heights between which the band lies with the whole of each line that its edges go through.

    Not more: with a line of margin, several totals at the edges of photos were read worse.
    """
    above = [word.box[1] for word in words if word.box[1] < band.top < word.box[3]]
    below = [word.box[3] for word in words if word.box[1] < band.bottom < word.box[3]]
    return min([band.top, *above]), max([band.bottom, *below])


def _gaps(words: Iterable[Word]) -> list[float]:
    """Return a height between each two lines that have nothing beside each other."""
    gaps: list[float] = []
    bottom = 1.0
    for number, word in enumerate(sorted(words, key=lambda word: word.box[1])):
        if number and word.box[1] >= bottom:
            gaps.append((bottom + word.box[1]) / 2)
        bottom = max(bottom, word.box[3]) if number else word.box[3]
    return gaps


def _put(seen: Sequence[Word], words: tuple[Word, ...], band: Band) -> tuple[Word, ...]:
    """Return the words in reading order, with those in the band replaced by what was seen there, each line once.

    A line that was passed over this time stays as it was, if it was legible.
    """
    before = [word for word in words if _middle(word) < band.top]
    after = [word for word in words if _middle(word) >= band.bottom]
    new = _apart(seen, (*before, *after))
    passed_over = [word for word in words if band.holds(word.box) and _is_worth_keeping(word, new)]
    new = _apart(new, passed_over)
    return (*before, *sorted((*passed_over, *new), key=_middle), *after) if new else words


def _apart(words: Iterable[Word], others: Sequence[Word]) -> list[Word]:
    """Return the words that are none of the others."""
    return [word for word in words if not any(share_place(word, other) for other in others)]


def _is_worth_keeping(word: Word, seen: Iterable[Word]) -> bool:
    """Whether a word was legible, and most of its width was not seen again at its height."""
    left, top, right, bottom = word.box
    beside = [
        each.box for each in seen if top <= _middle(each) <= bottom or each.box[1] <= _middle(word) <= each.box[3]
    ]
    width = sum(max(0.0, min(right, box[2]) - max(left, box[0])) for box in beside)
    return word.confidence >= _LEGIBLE and width < _COVERED * (right - left)


def share_place(one: Word, other: Word) -> bool:
    """Whether two words overlap so far that they are the same one."""
    across, down = (
        (min(one.box[end], other.box[end]) - max(one.box[start], other.box[start]))
        / max(1e-9, min(one.box[end] - one.box[start], other.box[end] - other.box[start]))
        for start, end in ((0, 2), (1, 3))
    )
    return min(across, down) >= _MOSTLY


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2
