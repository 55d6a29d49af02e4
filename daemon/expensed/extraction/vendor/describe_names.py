"""Describe each name that might be the seller's by named features, for the learnt chooser.

What concerns a line is computed once a line, what concerns a pair of neighbouring lines once a pair. Every feature is a
number around 0..1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from statistics import median

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.brands.find_brands import BrandFound
from expensed.extraction.brands.keys import skeleton
from expensed.extraction.brands.kinds import kind_share
from expensed.extraction.brands.known_brands import find_spelling
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.kind.words import title_share
from expensed.extraction.page.addresses import find_town, has_address_words, is_address, is_american_town
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.headings import Line, find_lines, is_above_address, is_aligned
from expensed.extraction.vendor.legal_forms import LEGAL_FORM, STRONG_LEGAL_FORM, without_legal_form
from expensed.extraction.vendor.name_forms import is_personal
from expensed.extraction.vendor.name_likeness import likeness
from expensed.extraction.vendor.names import garbled_words, is_slogan
from expensed.extraction.vendor.other_mentions import find_witnesses
from expensed.extraction.vendor.parties import find_parties, is_label, is_saluted
from expensed.extraction.vendor.spelling import is_spaced
from expensed.extraction.vendor.till_lines import is_till_line, may_be_till_line
from expensed.extraction.vendor.trade_words import is_generic, is_outlet, is_tagline, says_trade

Features = dict[str, float]

_MOST_ROWS = 120
_READABLE = 0.8
_FAR = 20
_MOST_HEIGHT = 4.0
_TALLEST = 0.92
_ALIKE = 0.8
_PARTLY = 0.7
_SHORT = 4
_MOST_BRANDS = 4
_REACH = 3
"""How many lines away the next one in the same column is looked for."""
_WIDEST_GAP = 1.5
_PHONE = re.compile(r"\(?\d{2,4}\)?[ .-]?\d{3,4}[ .-]\d{3,4}|\b(?:tel|fax|phone|ph)\b", re.IGNORECASE)
_WEB = re.compile(r"www|\.com|\.net|\.org|@|http", re.IGNORECASE)
_SUPPORTS = ("domain", "thanks", "copyright", "payee", "imprint", "alias")
_OF_SECOND = (
    "is name", "height", "address", "till line", "capitals", "digits", "phone", "money", "slogan", "trade",
    "strong legal form", "only words of trade", "one word", "generic", "garbled", "town", "below money", "title",
)  # fmt: skip
_OF_FIRST = ("one word", "only words of trade", "trade", "strong legal form", "short", "half a bracket")
_OF_NEIGHBOUR = (
    "joins", "is name", "same height", "close", "same case", "generic", "trade", "form", "tall", "address", "one word",
    "till",
)  # fmt: skip


class HeadOfPage:
    """The lines of the first page, with what the features of each compare it to."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.lines: Sequence[Line] = find_lines(rows)
        self.witnesses = find_witnesses(rows)
        self.parties = find_parties([row for row in rows[:_MOST_ROWS] if row.page == rows[0].page])
        self._of_line: dict[int, Features] = {}
        self._of_neighbour: dict[tuple[int, int], Features] = {}

    @cached_property
    def usual_height(self) -> float:
        """The median height of a line."""
        return median(line.height for line in self.lines) or 1.0

    @cached_property
    def _tallest(self) -> float:
        return max(line.height for line in self.lines[:40])

    @cached_property
    def _first_name(self) -> int:
        names = (place for place, line in enumerate(self.lines) if line.is_name and line.cell.confidence >= _READABLE)
        return next(names, 0)

    @cached_property
    def _rows_with_money(self) -> frozenset[int]:
        rows = self.rows[:_MOST_ROWS]
        return frozenset(row.index for row in rows if any(money.exact for money in find_money(row.text)))

    @cached_property
    def _first_address(self) -> int:
        addresses = (line.index for line in self.lines if is_address(line.cell.text))
        return next(addresses, len(self.rows))

    @cached_property
    def _towns(self) -> frozenset[str]:
        return frozenset(compact(town) for line in self.lines if (town := find_town(line.cell.text)))

    @cached_property
    def _texts(self) -> list[tuple[int, str]]:
        return [(row.index, compact(row.text)) for row in self.rows[:_MOST_ROWS]]

    def describe(self, name: str, lines: Sequence[int], cut: str) -> Features:
        """Return the features of a name that stands in these lines; `cut` says what was cut off or repaired."""
        features = self._line(lines[0]) | _text(name) | self._support(name) | self._again(name, lines)
        features |= self._second(lines) | self._neighbour(lines[0], -1) | self._neighbour(lines[-1], 1)
        features["lines joined"] = len(lines) - 1.0
        if cut:
            features[f"cut {cut}"] = 1.0
        return features

    def _line(self, place: int) -> Features:
        if place not in self._of_line:
            line = self.lines[place]
            text = line.cell.text
            self._of_line[place] = self._place(place, line) | _signs(text) | self._around(place, line, text)
        return self._of_line[place]

    def _place(self, place: int, line: Line) -> Features:
        left, top, right, bottom = line.cell.box
        row = self.rows[line.index]
        later = line.index - self.lines[self._first_name].index
        return {
            "row": min(line.index, _FAR) / _FAR,
            "rows after first name": min(max(later, -3), 12) / 12,
            "is first name": float(place == self._first_name),
            "y": (top + bottom) / 2,
            "height": min(line.height / self.usual_height, _MOST_HEIGHT) - 1,
            "tallest": float(line.height >= _TALLEST * self._tallest),
            "off centre": abs((left + right) / 2 - 0.5),
            "left": left,
            "width": right - left,
            "confidence": line.cell.confidence,
            "cells": min(len(row.cells), 4) / 4,
            "first cell": float(line.cell is row.cells[0]),
            "lines": min(len(self.lines), 80) / 80,
        }

    def _around(self, place: int, line: Line, text: str) -> Features:
        before = self.lines[place - 1] if place else None
        after = self.lines[place + 1] if place + 1 < len(self.lines) else None
        return {
            "is name": float(line.is_name),
            "town": float(compact(text) in self._towns),
            "money": float(line.index in self._rows_with_money),
            "below money": float(line.index > min(self._rows_with_money, default=len(self.rows))),
            "above address": float(is_above_address(self.lines, place)),
            "below address": float(line.index > self._first_address),
            "address next": float(after is not None and is_address(after.cell.text)),
            "name before": float(before is not None and before.is_name),
            "name after": float(after is not None and after.is_name),
            "before ends in colon": float(before is not None and before.cell.text.rstrip().endswith(":")),
            "customer": float(id(line.cell) in self.parties.customer),
            "seller": float(id(line.cell) in self.parties.seller),
        }

    def _second(self, lines: Sequence[int]) -> Features:
        """Return the features of the last of several lines that are joined to one name."""
        if len(lines) < 2:
            return {}
        first = _text(self.lines[lines[0]].text)
        last = self._line(lines[-1]) | _text(self.lines[lines[-1]].text)
        ratio = self.lines[lines[-1]].height / max(self.lines[lines[0]].height, 1e-6)
        found = {f"second {name}": last[name] for name in _OF_SECOND} | {
            f"first {name}": first[name] for name in _OF_FIRST
        }
        return found | {"same height": min(ratio, _MOST_HEIGHT)}

    def _neighbour(self, place: int, step: int) -> Features:
        """Return how well the next line of the column below (`step` 1) or above (-1) would go on with a name."""
        if (place, step) not in self._of_neighbour:
            found = next((other for other in self._near(place, step) if self._is_next(place, other)), None)
            side = "down" if step > 0 else "up"
            features = {} if found is None else self._join(self.lines[place], self.lines[found])
            self._of_neighbour[place, step] = {f"{side} {name}": value for name, value in features.items()}
        return self._of_neighbour[place, step]

    def _near(self, place: int, step: int) -> Sequence[int]:
        return [other for other in range(place + step, place + step * (_REACH + 1), step) if self._exists(other)]

    def _exists(self, place: int) -> bool:
        return 0 <= place < len(self.lines)

    def _is_next(self, place: int, other: int) -> bool:
        upper, lower = sorted((place, other))
        return is_below(self.lines[upper], self.lines[lower])

    def _join(self, line: Line, near: Line) -> Features:
        upper, lower = sorted((line, near), key=lambda each: each.index)
        gap = (lower.cell.box[1] - upper.cell.box[3]) / max(line.height, 1e-6)
        text = near.text
        return {
            "joins": 1.0,
            "is name": float(near.is_name),
            "same height": min(line.height, near.height) / max(line.height, near.height, 1e-6),
            "close": max(0.0, _WIDEST_GAP - max(gap, 0.0)),
            "same case": float(line.text.isupper() == text.isupper()),
            "generic": float(is_generic(text)),
            "trade": float(says_trade(text)),
            "form": float(_has_strong_form(text)),
            "tall": min(near.height / self.usual_height, _MOST_HEIGHT) - 1,
            "address": float(is_address(near.cell.text)),
            "one word": float(len(text.split()) == 1),
            "till": float(is_till_line(near.cell.text) or may_be_till_line(near.cell.text)),
        }

    def _support(self, name: str) -> Features:
        """Return how well each kind of other mention agrees with a name."""
        plain = _plain(name)
        found: Features = {}
        for each in self.witnesses:
            if (alike := likeness(each.key, plain)) >= _ALIKE:
                alike *= 1.0 if len(each.key) <= len(plain) + 1 else _PARTLY
                found[f"support {each.kind}"] = max(found.get(f"support {each.kind}", 0.0), alike)
        return found

    def _again(self, name: str, lines: Sequence[int]) -> Features:
        plain = _plain(name)
        if len(plain) < _SHORT:
            return {}
        own = {self.lines[place].index for place in lines}
        again = sum(plain in text for row, text in self._texts if row not in own)
        return {"said again": min(again, 3) / 3}


def describe_brand(name: str, brands: Sequence[BrandFound]) -> Features:
    """Return what the known brands on the page, likeliest first, say of a name: it is one, or it contains one."""
    plain = _plain(name)
    for rank, each in enumerate(brands[:_MOST_BRANDS]):
        brand = compact(each.brand)
        if not brand or brand not in plain:
            continue
        found = {
            "brand": 1.0,
            "first brand": float(rank == 0),
            "brand sure": float(each.is_sure),
            "brand backed": float(each.is_backed),
            "brand common": float(each.is_common),
            "brand in head": float(each.is_in_head),
            "brand likeness": each.likeness,
            "brand mentions": min(each.mentions, 4) / 4,
            "brand row": min(each.row, _FAR) / _FAR,
            "brand share": len(brand) / len(plain),
            "is brand": float(brand == plain),
        }
        return found | {f"brand as {evidence.value}": 1.0 for evidence in each.seen_as}
    known = find_spelling(skeleton(name))
    return {
        "other brand sure": float(any(each.is_sure for each in brands[:_MOST_BRANDS])),
        "spelt like a brand": float(known is not None and not known.is_common and not known.is_web),
        "spelt like a common one": float(known is not None and known.is_common),
    }


def is_below(upper: Line, lower: Line) -> bool:
    """Whether a line is in the next row, in the same column."""
    return lower.index == upper.index + 1 and is_aligned(upper.cell.box, lower.cell.box)


def _signs(text: str) -> Features:
    """Return the features of a line's text as it was read."""
    letters = [sign for sign in text if sign.isalpha()]
    digits = sum(map(str.isdigit, text))
    return {
        "digits": digits / max(len(text), 1),
        "letters": min(len(letters), 40) / 40,
        "few letters": float(len(letters) < _SHORT),
        "capitals": sum(map(str.isupper, letters)) / max(len(letters), 1),
        "all small": float(bool(letters) and text.islower()),
        "address": float(is_address(text)),
        "address words": float(has_address_words(text)),
        "american town": float(is_american_town(text)),
        "till line": float(is_till_line(text)),
        "may be till line": float(may_be_till_line(text)),
        "slogan": float(is_slogan(text)),
        "spaced": float(is_spaced(text)),
        "label": float(is_label(text)),
        "saluted": float(is_saluted(text)),
        "colon": float(":" in text),
        "ends with colon": float(text.rstrip().endswith(":")),
        "phone": float(bool(_PHONE.search(text))),
        "web": float(bool(_WEB.search(text))),
        "date": float(digits >= _SHORT and bool(find_dates(text))),
        "alphanumeric": sum(sign.isalnum() or sign == " " for sign in text) / max(len(text), 1),
    }


@lru_cache(maxsize=1_000)
def _text(name: str) -> Features:
    """Return the features of a name's words."""
    plain, words = _plain(name), name.split()
    return {
        "legal form": float(bool(LEGAL_FORM.search(name))),
        "strong legal form": float(_has_strong_form(name)),
        "personal form": float(is_personal(name)),
        "trade": float(says_trade(name)),
        "generic": float(is_generic(name)),
        "tagline": float(is_tagline(name)),
        "outlet only": float(is_outlet(name)),
        "kind of shop": kind_share(without_legal_form(name)),
        "only words of trade": float(_is_all_trade(name)),
        "title": title_share(name),
        "half a bracket": float(name.count("(") != name.count(")")),
        "begins small": float(name[:1].islower()),
        "garbled": min(garbled_words(name), 3) / 3,
        "words": min(len(words), 8) / 8,
        "one word": float(len(words) == 1),
        "length": min(len(plain), 40) / 40,
        "short": float(len(plain) < _SHORT),
        "brackets": float("(" in name),
        "ampersand": float("&" in name or "'" in name),
        "hash": float("#" in name),
    }


def _is_all_trade(name: str) -> bool:
    """Whether every word says what kind of shop it is, so that its name is missing."""
    words = without_legal_form(name).split()
    return bool(words) and all(len(word) < _SHORT or says_trade(word) or is_generic(word) for word in words)


@lru_cache(maxsize=1_000)
def _plain(name: str) -> str:
    return compact(without_legal_form(name))


@lru_cache(maxsize=1_000)
def _has_strong_form(text: str) -> bool:
    return bool(STRONG_LEGAL_FORM.search(text))
