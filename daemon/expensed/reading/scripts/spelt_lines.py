"""Put the numbers in a script's own digits into what Tesseract read of their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.model.reading import Word
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.scripts.known_scripts import Script
from expensed.reading.scripts.own_digits import Spelt, spell_numbers
from expensed.reading.scripts.two_readings import CONTRADICTED, Line, is_shaped

_SCRIPT = "Arabic"
"""Digits of Thai and Devanagari are read no better than by Tesseract."""
_WHITE = 255
_LEGIBLE, _SURE = 0.4, 0.6
"""The confidence of Tesseract in letters of the script, and in Latin ones, for which it takes digits more often."""
_LEGIBLE_NUMBER = 0.45
_SUM = re.compile(r"\D{0,3}\d[\d.,]*[.,]\d\d\D{0,3}")
_CERTAIN = 0.9
"""The confidence of the first engine in numbers in ASCII digits that it does not reach for others."""
_DIGITS = re.compile(r"\d+", re.ASCII)
_FEWEST, _MORE = 3, 5
"""Words with digits of the script's own that Tesseract must see, and how many times more than sums in ASCII digits."""
_BEFORE_THREE = re.compile(r"(?<=\d),(?=\d{3}(?![\d.,]))")
_ENDS_IN_THREE = re.compile(r"(?<![\d.,])\d{1,3}[.,]\d{3}(?![\d.,])").search
_ENDS_IN_TWO = re.compile(r"\d[.,]\d\d(?![\d.,])").search
_CENTS = re.compile(r",(?=\d\d$)")


def spell_lines(
    words: Sequence[Word], pictures: Sequence[Pixels], seen: Sequence[Sequence[Sighting]], script: Script
) -> dict[Word, Line]:
    """Return the lines with numbers in the script's own digits, by word; none if the page does not print such.

    `pictures` and `seen` are each word's picture and what Tesseract has seen on it. Numbers in ASCII digits stay.
    """
    own = sum(script.digits(word.text) > 0 for line in seen for word in line)
    others = sum(word.confidence >= _CERTAIN and _SUM.fullmatch(word.text) is not None for word in words)
    if script.name != _SCRIPT or own < max(_FEWEST, _MORE * others):
        return {}
    read = [part for part in zip(words, pictures, seen, strict=True) if not _is_in_ascii(part[0], part[2])]
    spelt = ((word, spell_line(picture, each, script)) for word, picture, each in read)
    lines = {word: _doubted(line, word) for word, line in spelt if line is not None}
    return _with_thousandths(lines) if _has_thousandths([line.text for line in lines.values()]) else lines


def _is_in_ascii(word: Word, seen: Sequence[Sighting]) -> bool:
    """Whether the first engine is sure of a number in ASCII digits, or Tesseract sees the same ones."""
    ours = sorted(_DIGITS.findall(word.text))
    if word.confidence >= _CERTAIN and is_shaped(word.text):
        return True
    return bool(ours) and ours == sorted(number for each in seen for number in _DIGITS.findall(each.text))


def _doubted(line: Line, word: Word) -> Line:
    """Return a line that is doubtful if the first engine is sure of other digits."""
    ours, theirs = (sorted(_DIGITS.findall(text)) for text in (word.text, line.text))
    is_sure = word.confidence >= _CERTAIN and ours and ours != theirs
    return Line(line.text, min(line.confidence, CONTRADICTED)) if is_sure else line


def _has_thousandths(lines: Sequence[str]) -> bool:
    """Whether sums have three decimals, as dinars do; its decimal comma looks like the one between thousands."""
    three, two = (sum(ends(line) is not None for line in lines) for ends in (_ENDS_IN_THREE, _ENDS_IN_TWO))
    return three >= _FEWEST and not two


def _with_thousandths(lines: dict[Word, Line]) -> dict[Word, Line]:
    return {word: Line(_BEFORE_THREE.sub(".", line.text), line.confidence) for word, line in lines.items()}


def spell_line(picture: Pixels, seen: Sequence[Sighting], script: Script) -> Line | None:
    """Return a line with the numbers on its picture in place of what Tesseract has seen there; None without any."""
    words = [word for word in seen if _is_text(word, script)]
    numbers = [number for number in spell_numbers(_without(picture, words)) if _is_number(number, words)]
    if not numbers:
        return None
    parts = [(word.box[0], word.text, word.confidence) for word in words]
    parts += [(number.left, _CENTS.sub(".", number.text), number.confidence) for number in numbers]
    parts.sort(key=lambda part: part[0], reverse=script.right_to_left)
    return Line(" ".join(text for _, text, _ in parts), min(confidence for *_, confidence in parts))


def _without(picture: Pixels, words: Sequence[Sighting]) -> Pixels:
    """Return the picture without these words."""
    left_over = picture.copy()
    for word in words:
        left_over[:, max(0, int(word.box[0])) : int(word.box[2]) + 1] = _WHITE
    return left_over


def _is_text(word: Sighting, script: Script) -> bool:
    """Whether a word is letters for certain; digits are taken for single ones, and for Latin ones."""
    letters = sum(sign.isalpha() for sign in word.text)
    if letters < 2 or any(sign.isdecimal() for sign in word.text):
        return False
    return word.confidence >= (_LEGIBLE if script.letters(word.text) >= 2 else _SURE)


def _is_number(number: Spelt, words: Sequence[Sighting]) -> bool:
    """Whether it is legible; a single digit beside words is more likely a letter."""
    return number.confidence >= _LEGIBLE_NUMBER and (not words or sum(map(str.isdecimal, number.text)) > 1)
