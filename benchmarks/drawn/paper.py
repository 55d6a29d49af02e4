"""Prints a receipt's rows in black on white: from the left, or from the right as Arabic and Hebrew are written."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from PIL import Image, ImageDraw, ImageFont

from benchmarks.drawn.receipt import Cell, Receipt, Row
from benchmarks.drawn.typefaces import Typeface, substitutes

RIGHT_TO_LEFT = ("ar", "he")
LEFT_TO_RIGHT_OVERRIDE = "\u202d"
"""Keeps the parts of a date in their order: the algorithm of Unicode would turn round what Arabic digits stand in."""


def print_receipt(receipt: Receipt, typeface: Typeface, chance: random.Random) -> Image.Image:
    """Return the paper, grey, its letters about 14 to 26 pixels high."""
    return print_rows(receipt.rows, receipt.country.language, typeface, chance)


def print_rows(rows: list[Row], language: str, typeface: Typeface, chance: random.Random) -> Image.Image:
    """Return a paper with these rows."""
    return _Printer(language, typeface, chance).print(rows)


class _Printer:
    """The settings of one till: letter size, width of the paper, from which side it prints."""

    def __init__(self, language: str, typeface: Typeface, chance: random.Random) -> None:
        self.typeface = typeface
        self.pixels = chance.uniform(21, 33)
        self.is_rtl = language.startswith(RIGHT_TO_LEFT)
        self.is_mirrored = self.is_rtl and chance.random() < 0.85
        self.leading = chance.uniform(1.25, 1.6)
        self.width = round(chance.randint(32, 48) * self.font("0", Row()).getlength("0"))
        self.margin = round(self.width * chance.uniform(0.05, 0.1))
        self.image = Image.new("L", (self.width + 2 * self.margin, 8000), 255)
        self.pen = ImageDraw.Draw(self.image)
        self.y = float(self.margin)

    def print(self, rows: list[Row]) -> Image.Image:
        for row in rows:
            if row.rule:
                self.rule(row.rule)
            elif row.logo:
                self.logo(row.logo)
            elif row.flows:
                self.flow(row)
            elif len(row.cells) == 1:
                self.wrap(row)
            else:
                self.spread(row)
        return self.image.crop((0, 0, self.image.width, round(self.y) + self.margin))

    def font(self, text: str, row: Row) -> ImageFont.FreeTypeFont:
        """Return the typeface, or the first that has all letters where it has not."""
        covering = [each for each in (self.typeface, *substitutes()) if each.covers(text)]
        return (covering or [self.typeface])[0].font(self.pixels * row.scale, bold=row.bold)

    def pieces(self, text: str) -> list[str]:
        """Divide a text at the letters that the typeface lacks; one that is written from the right stays whole."""
        if _is_rtl(text) or self.typeface.covers(text):
            return [text]
        return ["".join(piece) for _, piece in groupby(text, self.typeface.covers)]

    def length(self, text: str, row: Row) -> float:
        direction = _direction(text)
        pieces = self.pieces(text)
        return sum(self.font(each, row).getlength(_ordered(each), direction=direction) for each in pieces)

    def put(self, text: str, left: float, row: Row) -> None:
        """Draw a text on the present line, `left` pixels from the left margin."""
        place, direction = self.margin + left, _direction(text)
        for piece in self.pieces(text):
            font = self.font(piece, row)
            y = self.y + self.pixels * row.scale
            self.pen.text((place, y), _ordered(piece), fill=0, font=font, anchor="ls", direction=direction)
            place += font.getlength(_ordered(piece), direction=direction)

    def feed(self, row: Row) -> None:
        self.y += self.pixels * row.scale * self.leading

    def rule(self, sign: str) -> None:
        row = Row()
        if sign == "─":
            y = self.y + self.pixels * 0.6
            self.pen.line((self.margin, y, self.margin + self.width, y), fill=0, width=2)
        else:
            self.put(sign * int(self.width / self.length(sign * 10, row) * 10), 0, row)
        self.feed(row)

    def logo(self, name: str) -> None:
        """Draw a first letter of the name in white on a round or square patch."""
        side = self.pixels * 3
        left = self.margin + (self.width - side) / 2
        patch = (left, self.y, left + side, self.y + side)
        draw = self.pen.ellipse if len(name) % 2 else self.pen.rectangle
        draw(patch, fill=0)
        letter = next(letter for letter in name.rsplit(maxsplit=1)[-1] + name if letter.isalpha())
        font = self.font(letter, Row(scale=1.7, bold=True))
        self.pen.text((left + side / 2, self.y + side / 2), letter, fill=255, font=font, anchor="mm")
        self.y += side * 1.15

    def wrap(self, row: Row) -> None:
        """Print one text, smaller if it is a little too long, on more lines if it is much too long."""
        cell = row.cells[0]
        row = self.shrunk(row, self.length(cell.text, row), max(0.75, 1 / row.scale))
        words = cell.text.split() if " " in cell.text else list(cell.text)
        joint = " " if " " in cell.text else ""
        line = ""
        for word in words:
            longer = f"{line}{joint}{word}" if line else word
            if line and self.length(longer, row) > self.width:
                self.place([replace(cell, text=line)], row)
                longer = word
            line = longer
        self.place([replace(cell, text=line)], row)

    def flow(self, row: Row) -> None:
        """Print texts one after the other, and what has no room on the next line."""
        line: list[Cell] = []
        for cell in _joined(row.cells):
            if line and sum(self.length(each.text, row) for each in (*line, cell)) > self.width:
                self.place(line, row)
                line = []
            if line or cell.text.strip():
                line.append(cell)
        self.place(line, row)

    def place(self, cells: list[Cell], row: Row) -> None:
        """Print these texts as one piece on a line."""
        lengths = [self.length(cell.text, row) for cell in cells]
        left = self.left(cells[0], sum(lengths)) if cells else 0
        pairs = list(zip(cells, lengths, strict=True))
        for cell, length in reversed(pairs) if self.is_rtl else pairs:
            self.put(cell.text, left, row)
            left += length
        self.feed(row)

    def spread(self, row: Row) -> None:
        """Print texts at their places, smaller if they would touch."""
        cells = [replace(cell, text=self.fitting(cell, row)) for cell in row.cells if cell.text]
        needed = 0.0
        for one, other in pairwise(cells):
            room = other.at - one.at if one.anchor == other.anchor else 1.0
            taken = self.length(other.text, row) + (self.length(one.text, row) if one.anchor == "start" else 0)
            share = other.at if one.anchor == "start" else room
            needed = max(needed, (taken + self.pixels * 0.8) / share)
        row = self.shrunk(row, needed, 0.5)
        for cell in cells:
            self.put(cell.text, self.left(cell, self.length(cell.text, row)), row)
        self.feed(row)

    def left(self, cell: Cell, length: float) -> float:
        """Return where a text of this length begins, in pixels from the left margin."""
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[cell.anchor]
        start = cell.at * self.width - share * length
        return self.width - start - length if self.is_mirrored else start

    def fitting(self, cell: Cell, row: Row) -> str:
        """Cut what has no room, as tills do with long articles."""
        text = cell.text
        while cell.room < 1 and len(text) > 1 and self.length(text, row) > cell.room * self.width:
            text = text[:-1]
        while text and unicodedata.combining(text[-1]) == 9:  # a virama shows that a letter is missing
            text = text[:-1]
        return text.rstrip()

    def shrunk(self, row: Row, length: float, least: float) -> Row:
        return replace(row, scale=row.scale * max(least, min(1.0, self.width / max(length, 1))))


def _joined(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Make one of a label and a value that are both written from the left, so that they stay in their order."""
    for stands_alone, group in groupby(cells, lambda cell: _is_rtl(cell.text) or not cell.text.strip()):
        if stands_alone:
            yield from group
        else:
            together = list(group)
            yield replace(together[0], text="".join(cell.text for cell in together))


def _is_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _direction(text: str) -> str:
    return "rtl" if _is_rtl(text) else "ltr"


def _ordered(text: str) -> str:
    has_arabic_digits = any(unicodedata.bidirectional(letter) == "AN" for letter in text)
    return LEFT_TO_RIGHT_OVERRIDE + text if has_arabic_digits and not _is_rtl(text) else text
