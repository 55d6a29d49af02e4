"""Dates that stand around a paper, not on it: in the head of a mail, in a digital signature, in a browser's lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.date.labels import DateRole, date_role_of, fold, has_words_of, known_words, mail_label
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.page.lines import Row

_FEWEST_LABELS = 3
_MOST_LINES = 8
"""How many rows the head of a mail may have."""
_LONGEST_END = 120
_ROWS_OF_SIGNATURE = 4
"""How many rows a digital signature has: that it is one, by whom, its date."""
_ADDRESS = re.compile(r"https?:/|www\.|file:/", re.IGNORECASE)
_PAGES = re.compile(r"(?<![\d/.])\d{1,3} ?(?:/|of|von|sur|de|di|van|z|av|af) ?\d{1,3}(?![\d/.])")
_STAMP = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? +(?:\w+ +)?\d{1,2}[:.]\d{2}")


def find_rows_around(rows: Sequence[Row]) -> set[int]:
    """Return the indexes of rows whose dates are a mail's, a signature's or a browser's, not the paper's own."""
    return _mail_heads(rows) | _answered_mails(rows) | _signatures(rows) | _browser_lines(rows)


def _mail_heads(rows: Sequence[Row]) -> set[int]:
    """Return the rows of heads of mails: several labels such as `From` and `Subject` one below the other."""
    labels = {row.index: label for row in rows if (label := mail_label(row.text)) is not None}
    found: set[int] = set()
    for start in labels:
        block = [index for index in labels if start <= index < start + _MOST_LINES]
        places = {labels[index][1] for index in block}
        has_ends = 0 in places and (4 in places or 3 in places)
        if has_ends and len({labels[index][0] for index in block}) >= _FEWEST_LABELS:
            found.update(block)
    return found


def _answered_mails(rows: Sequence[Row]) -> set[int]:
    """Return the rows of lines such as `On 20 Jun 2024 Ann wrote:`; such a line may have been broken in two."""
    found: set[int] = set()
    for place, row in enumerate(rows):
        text = row.text[-_LONGEST_END:].rstrip(" >")
        if text.endswith((":", "：")) and has_words_of("wrote", text):
            first = place if find_dates(row.text) else max(0, place - 1)
            found.update(each.index for each in rows[first : place + 1])
    return found


def _signatures(rows: Sequence[Row]) -> set[int]:
    """Return the rows with the days of digital signatures: the first below, or in, what says that it is one."""
    found: set[int] = set()
    for place, row in enumerate(rows):
        text = fold(row.text)
        if any(word in text for word in known_words("signed")):
            own = rows[place : place + _ROWS_OF_SIGNATURE]
            found.update(
                each.index for each in [each for each in own if find_dates(each.text)][:1] if not _is_own(each)
            )
    return found


def _is_own(row: Row) -> bool:
    """Whether a label says that the first date in a row is the purchase's: `Receipt date`."""
    return date_role_of(row.text[: find_dates(row.text)[0].start]) is DateRole.ISSUED


def _browser_lines(rows: Sequence[Row]) -> set[int]:
    """Return the first and last rows of pages on which a browser prints the time, if they also have its other marks."""
    found: set[int] = set()
    for page in {row.page for row in rows}:
        own = [row for row in rows if row.page == page]
        edges = {own[0].index: own[0], own[-1].index: own[-1]}
        stamped = [row for row in edges.values() if _STAMP.search(row.text)]
        has_address = any(_ADDRESS.search(row.text) for row in edges.values())
        has_pages = any(_PAGES.search(_STAMP.sub("", row.text)) for row in edges.values())
        if stamped and (has_address or (has_pages and any("," in row.text for row in stamped))):
            found.update(row.index for row in stamped)
    return found
