"""How much better the lines that are read twice are read the second time, against the true text.

    .venv/bin/python benchmarks/lines_read_twice.py FOLDER [FOLDER ...] [--worse]

FOLDER holds `labels.json` and, for each picture that it names, `text/NAME.csv`: a true line a row, as eight numbers
(the corners of its box, in pixels) and its text. A true line was read twice if its middle lies in a part that was
looked at again. Its text as read is what stands at its height, left to right; its errors are the fewest letters to
change, add or leave out until the true line is a part of that, regardless of case and blanks. So a line is not punished
for what stands beside it, nor a label and its price for being read as one or as two; what was read in addition is not
counted. Left out, and counted: pages that were levelled, and those on which the true boxes lie elsewhere than the text
(most of their letters are wrong in the first reading), since nothing can be compared there by place.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.second_look import OPTIONS
from benchmarks.subject import machine
from expensed.model.reading import Band, Page, Word
from expensed.readers import examination
from expensed.reading.closer_look import look_closer
from expensed.reading.engines.deadline import Deadline
from expensed.reading.options import ReadingOptions
from expensed.reading.sheet import Sheet

_ELSEWHERE = 0.5
"""The share of wrong letters in the first reading from which on the true boxes do not lie on the text."""


@dataclass(frozen=True, slots=True)
class TrueLine:
    """A line of the true text; `top` and `bottom` are fractions of the page."""

    text: str
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2


@dataclass
class Looks:
    """The pages that were looked at again, before and after, each with the parts that were."""

    pages: list[tuple[Page, Page, tuple[Band, ...]]] = field(default_factory=list)

    def look(
        self, page: Page, sheet: Sheet, bands: Sequence[Band], deadline: Deadline, *, enlarges_head: bool = False
    ) -> Page:
        """Do what the second look does, and keep what it was given and gave."""
        after = look_closer(page, sheet, bands, deadline, enlarges_head=enlarges_head)
        if bands:
            self.pages.append((page, after, tuple(bands)))
        return after


def count_errors(true: str, read: str) -> int:
    """Return the fewest edits that make `true` of some part of `read` (Sellers, 1980)."""
    places = np.arange(len(read) + 1)
    letters = np.array(list(read), dtype="<U1")
    before = np.zeros(len(read) + 1, dtype=int)
    for letter in true:
        best = before + 1
        best[1:] = np.minimum(best[1:], before[:-1] + (letters != letter))
        before = np.minimum.accumulate(best - places) + places
    return int(before.min())


def load_lines(path: Path, page: Page) -> Iterator[TrueLine]:
    """Yield the true lines of a picture."""
    for row in path.read_text(encoding="utf-8").splitlines():
        *corners, text = row.split(",", 8)
        heights = [float(corner) / page.height for corner in corners[1::2]]
        yield TrueLine(_plain(text), min(heights), max(heights))


def text_at(line: TrueLine, words: Iterable[Word]) -> str:
    """Return what was read at the height of a line, left to right, without blanks and case."""
    beside = [word for word in words if line.top <= (word.box[1] + word.box[3]) / 2 <= line.bottom]
    return _plain("".join(word.text for word in sorted(beside, key=lambda word: word.box[0])))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Compared:
    """A true line, what the two readings made of it, and the errors in each."""

    true: str
    read: tuple[str, str]
    errors: tuple[int, int]


def compare_lines(text: Path, before: Page, after: Page, bands: Sequence[Band]) -> list[Compared]:
    """Return the lines of a page that were read twice; none if its true boxes lie elsewhere than its text."""
    lines = [line for line in load_lines(text, before) if line.text]
    at_first = [count_errors(line.text, text_at(line, before.words)) for line in lines]
    if before.turns or sum(at_first) > _ELSEWHERE * sum(len(line.text) for line in lines):
        return []
    twice = [line for line in lines if any(band.top <= line.height < band.bottom for band in bands)]
    read = [(text_at(line, before.words), text_at(line, after.words)) for line in twice]
    return [
        Compared(line.text, texts, (count_errors(line.text, texts[0]), count_errors(line.text, texts[1])))
        for line, texts in zip(twice, read, strict=True)
    ]


def compare(folder: Path, *, shows_worse: bool) -> None:
    """Read the documents of a folder and print what came out."""
    lines: list[Compared] = []
    looked = left_out = 0
    for row in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
        picture, looks = folder / row["file"], Looks()
        setattr(examination, "look_closer", looks.look)  # noqa: B010 - mypy would not have it said plainly
        examination.examine_content(picture.read_bytes(), ReadingOptions(engine="paddle"), OPTIONS, lambda _: None)
        found = [line for page in looks.pages for line in compare_lines(folder / f"text/{picture.stem}.csv", *page)]
        looked, left_out = looked + bool(looks.pages), left_out + bool(looks.pages and not found)
        lines += found
        for line in found:
            if shows_worse and line.errors[1] > line.errors[0]:
                print(f"  worse: {picture.name}: {line.true!r}: {line.read[0]!r}, then {line.read[1]!r}")
    letters = sum(len(line.true) for line in lines)
    print(f"{folder.name}: {looked} documents, {left_out} left out; {len(lines)} lines, {letters} letters read twice")
    for name, count in (("wrong lines", bool), ("errors", int)):
        one, other = (sum(count(line.errors[look]) for line in lines) for look in (0, 1))
        print(f"{folder.name}: {name} {one} -> {other}, {1 - other / max(1, one):.0%} fewer", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--worse", action="store_true", help="show the lines that were read worse the second time")
    args = parser.parse_args()
    print(machine(), flush=True)
    for folder in args.folders:
        compare(folder, shows_worse=args.worse)
    return 0


if __name__ == "__main__":
    sys.exit(main())
