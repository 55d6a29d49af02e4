"""Find the lines that may be names: cells of the first page, and names that continue over several of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from expensed.extraction.amount.labels import compact
from expensed.extraction.page.addresses import is_address
from expensed.extraction.page.lines import Cell, Row, clean_text, join_boxes
from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.names import EDGE, LONGEST_NAME, QUOTED, is_name, is_named_like_a_label, tidy_name
from expensed.extraction.vendor.other_mentions import Witness
from expensed.extraction.vendor.spelling import mend_name
from expensed.extraction.vendor.till_lines import is_till_line
from expensed.extraction.vendor.trade_words import begins_with_trade, is_generic, says_trade
from expensed.languages.scripts import script_of
from expensed.model.reading import Box

_MOST_ROWS, _TOP_ROWS = 120, 2
_WRAPPED_ROWS = 3
_BLOCK_ROWS = 4
_OPEN_END = re.compile(r"(?:&|\band|\bund|\bet|\bof|\bby|-)$", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A cell that might be a name or the start of one; `index` is its row's, `height` a fraction of the page's."""

    index: int
    cell: Cell
    height: float

    @cached_property
    def text(self) -> str:
        """The name in it, tidied and repaired."""
        return mend_name(tidy_name(self.cell.text), self.cell.confidence)

    @cached_property
    def is_name(self) -> bool:
        """Whether it has the form of a name, and is no line of the till."""
        is_titled = self.index < _TOP_ROWS and self.cell.text == self.text and is_named_like_a_label(self.text)
        return (is_titled or is_name(self.text)) and not is_till_line(self.cell.text)


def find_lines(rows: Sequence[Row]) -> list[Line]:
    """Return the cells of the first page, in reading order."""
    chosen = [row for row in rows if row.page == rows[0].page][:_MOST_ROWS]
    return [Line(row.index, cell, cell.box[3] - cell.box[1]) for row in chosen for cell in row.cells]


def find_parts(lines: Sequence[Line], position: int, witnesses: Sequence[Witness]) -> list[int]:
    """Return the position of a line and those of the lines that continue its name."""
    parts = [position]
    for following in range(position + 1, min(position + 1 + _WRAPPED_ROWS * 2, len(lines))):
        if lines[following].index == lines[parts[-1]].index:
            continue  # another column
        so_far = [lines[part] for part in parts]
        if len(parts) > _WRAPPED_ROWS or not _is_next(so_far[-1], lines[following]):
            break
        if not (_goes_on(so_far, lines[following]) or _is_in_host(so_far, lines[following], witnesses)):
            break
        parts.append(following)
    return parts


def join_lines(parts: Sequence[Line]) -> tuple[str, Box]:
    """Return the name over several lines, and the box around it."""
    return clean_text(_text(parts), LONGEST_NAME), join_boxes([part.cell.box for part in parts])


def is_above_address(lines: Sequence[Line], position: int) -> bool:
    """Whether the next rows of the same column hold an address, after at most four names."""
    last = lines[position]
    if is_address(last.cell.text):
        return False
    for below in lines[position + 1 :]:
        if below.index > min(last.index + 1, lines[position].index + _BLOCK_ROWS):
            return False
        if below.index == last.index + 1 and is_aligned(last.cell.box, below.cell.box):
            if is_address(below.cell.text):
                return True
            if not below.is_name:
                return False
            last = below
    return False


def _text(parts: Sequence[Line]) -> str:
    return " ".join(part.text for part in parts)


def _is_next(last: Line, following: Line) -> bool:
    """Whether a line is in the row right below, in the same column."""
    if following.index != last.index + 1 or following.cell.page != last.cell.page:
        return False
    gap = following.cell.box[1] - last.cell.box[3]
    return gap <= 0.9 * max(last.height, following.height) and is_aligned(last.cell.box, following.cell.box)


def _is_in_host(parts: Sequence[Line], following: Line, witnesses: Sequence[Witness]) -> bool:
    """Whether a host contains the name so far and the next line's first word: `fernbrook` `hardware`."""
    so_far = compact(_text(parts))
    word = compact(following.text.split()[0]) if following.text else ""
    if len(so_far) < 3 or len(word) < 4:
        return False
    return any(each.kind == "domain" and each.key.startswith(so_far + word) for each in witnesses)


def _goes_on(parts: Sequence[Line], following: Line) -> bool:
    """Whether letters of the same size right below complete a bracket, a legal form, a sentence or a trade."""
    last, so_far = parts[-1], _text(parts)
    if (script_of(so_far) is None) != (script_of(following.text) is None):
        return False
    if not 0.6 < following.height / max(last.height, 1e-6) < 1.6:
        return False
    if following.cell.box[1] - last.cell.box[3] > 0.9 * last.height:
        return False
    if so_far.count("(") > so_far.count(")") and ")" in following.text[:30]:
        return True
    if script_of(so_far) is not None and _is_quoted(last, following):
        return True
    if STRONG_LEGAL_FORM.search(so_far):
        return False
    if _is_legal_form(following.text):
        return True
    if not following.is_name or any(sign.isdigit() for sign in following.cell.text):
        return False
    return bool(_OPEN_END.search(so_far)) or _says_what(so_far, last, following)


def _is_quoted(last: Line, following: Line) -> bool:
    """Whether the next line is in quotation marks, or closes those that the last one opens."""
    upper, lower = last.cell.text, following.cell.text.strip()
    if upper.count('"') % 2:
        return lower.count('"') % 2 == 1
    return not QUOTED.search(upper) and QUOTED.fullmatch(lower) is not None


def _is_legal_form(text: str) -> bool:
    """Whether the text is a legal form with hardly a letter more."""
    return bool(STRONG_LEGAL_FORM.search(text)) and len(STRONG_LEGAL_FORM.sub("", text).strip(EDGE + "()")) < 4


def _says_what(so_far: str, last: Line, following: Line) -> bool:
    """Whether one line says what the business is, and the other its name."""
    if is_generic(so_far) and not is_generic(following.text):
        return script_of(so_far) is None or not so_far[-1:].isdigit()
    if says_trade(so_far) and (is_generic(following.text) or STRONG_LEGAL_FORM.search(following.text)):
        return False  # what it is again, or whose
    says_what = begins_with_trade(following.text) or is_generic(following.text)
    return says_what and _is_capitals(last.text) == _is_capitals(following.text)


def _is_capitals(text: str) -> bool:
    """Whether nearly all letters are capitals; one may be misread."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) > 0.8 * len(letters)


def is_aligned(upper: Box, lower: Box) -> bool:
    """Whether two boxes have the same middle or the same left edge, and so may belong together."""
    middle = abs((upper[0] + upper[2]) - (lower[0] + lower[2])) / 2
    return middle < 0.12 or abs(upper[0] - lower[0]) < 0.06
