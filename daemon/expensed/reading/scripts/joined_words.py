"""Join the words that Tesseract finds on a line; it parts the letters of some scripts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

import numpy as np

from expensed.reading.engines.engine import Sighting
from expensed.reading.scripts.known_scripts import Script
from expensed.reading.scripts.line_pictures import LINE_HEIGHT
from expensed.reading.scripts.two_readings import Line

_SPACE = 0.25
"""The gap, in heights of a line, from which a script without spaces has one."""
_WIDER = 1.4
"""The same, in gaps between letters that stand apart."""


def join_words(words: Sequence[Sighting], script: Script) -> Line:
    """Return the words of a line as one, with their mean confidence, counted by letters."""
    if not words:
        return Line("", 0.0)
    weights = [len(word.text) for word in words]
    confidence = float(np.average([word.confidence for word in words], weights=weights))
    text, space = words[0].text, _space(words) if script.joined else 0.0
    for last, word in itertools.pairwise(words):
        text += word.text if script.joined and _gap(last, word) < space else f" {word.text}"
    return Line(text, confidence)


def _space(words: Sequence[Sighting]) -> float:
    """Return the gap from which words are apart: single letters with like gaps are not, as in a typewriter's face."""
    gaps = [_gap(*pair) for pair in itertools.pairwise(words) if all(len(word.text) == 1 for word in pair)]
    return max(_SPACE, _WIDER * median(gaps)) if len(gaps) > 1 else _SPACE


def _gap(last: Sighting, word: Sighting) -> float:
    """Return the space between two words, in heights of the line."""
    return (word.box[0] - last.box[2]) / LINE_HEIGHT
