"""Read doubtful lines from several pictures each, and keep the reading that agrees most with the others.

Half a degree more or less, or a little paper above and below, and Tesseract reads other letters, often with more
confidence in the wrong ones. On 27 papers in Cyrillic and Arabic, 17 sellers were right with four pictures of each
doubtful line, and 14 with the surer of two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from expensed.model.reading import Lean, Word
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.select import line_reader
from expensed.reading.scripts.joined_words import join_words
from expensed.reading.scripts.known_scripts import Script
from expensed.reading.scripts.line_pictures import cut_lines
from expensed.reading.scripts.line_slope import measure_slope
from expensed.reading.scripts.two_readings import Line
from expensed.reading.sheet import Sheet

_SURE = 0.9
"""The confidence of Tesseract from which one picture is enough."""
_DOUBTFUL = 0.5
"""The confidence of the first engine below which what it took for a number may be letters."""


def read_doubtful_again(
    first: Mapping[Word, Line], sheet: Sheet, lean: Lean, script: Script, deadline: Deadline
) -> dict[Word, Line]:
    """Return what Tesseract makes of each word, from what it made of it at `first`.

    What is doubtful is cut out along the slope of single lines as well, and both ways less tightly. Raises what
    `read_lines` does.
    """
    doubtful = [word for word, line in first.items() if line.confidence < _SURE and _may_be_letters(word)]
    if not doubtful or deadline.has_passed():
        return dict(first)
    slope = measure_slope(sheet, first)
    own = Lean(slope, slope)
    ways = ((lean, False), (own, True), (own, False))
    pictures = [picture for way, tight in ways for picture in cut_lines(sheet, doubtful, way, tight=tight)]
    seen = line_reader(script.model).read_lines(pictures, deadline)
    again = [join_words(line, script) for line in seen]
    readings = {word: (first[word], *again[place :: len(doubtful)]) for place, word in enumerate(doubtful)}
    return dict(first) | {word: most_agreed(lines) for word, lines in readings.items()}


def most_agreed(lines: Sequence[Line]) -> Line:
    """Return the reading that is most like all, itself included; each counts by its confidence, itself twice."""

    def agreement(line: Line) -> float:
        shared = sum(other.confidence * fuzz.ratio(line.text, other.text) / 100 for other in lines)
        return shared + line.confidence if line.text else 0.0

    return max(lines, key=agreement)


def _may_be_letters(word: Word) -> bool:
    return any(sign.isalpha() for sign in word.text) or word.confidence < _DOUBTFUL
