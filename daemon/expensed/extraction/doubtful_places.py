"""Where on the pages a second look may settle what is doubtful: the head for the seller, the sums for the amount.

Measured on 345 photos of receipts (`wild`), engine CPU 0.26 s a page at first: the head alone brings 6 points of
sellers for 0.2 s, the sums 3 points of amounts for 0.2 s, the rest of a page without a date 5 points of dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import find_sums, has_role
from expensed.extraction.doubts import vendor_doubt
from expensed.extraction.findings import Findings
from expensed.extraction.page.lines import Row
from expensed.model.reading import Band

_HEAD_ROWS = 6
_MANY_LETTERS, _MOST_OF_A_PAGE = 200, 1 / 3
"""How many letters from a page's first sum to its last are read again, and which share of a page with many more: the
larger model takes five times as long for each. The lowest sums tell most."""
_PAID = (Role.CASH, Role.CARD, Role.CHANGE)
_SUMS = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.NET, Role.TAX, Role.SERVICE, Role.TIP, *_PAID)


def find_doubtful_places(findings: Findings, rows: Sequence[Row], review_below: float) -> tuple[Band, ...]:
    """Return the parts of pages to be read again, top to bottom; none if no person would have to look."""
    if not findings.expense.needs_review or not rows:
        return ()
    bands: list[Band] = []
    if vendor_doubt(findings.fields.get("vendor")) is not None or _is_doubtful("date", findings, review_below):
        bands.append(_head(rows))
    if _is_doubtful("amount", findings, review_below):
        bands += _sums_of(rows)
    return _joined(bands)


def _is_doubtful(name: str, findings: Findings, review_below: float) -> bool:
    field = findings.fields.get(name)
    return field is None or (field.proof is None and field.confidence < review_below)


def find_rest(findings: Findings, bands: Sequence[Band], pages: Iterable[int]) -> tuple[Band, ...]:
    """Return what these bands leave out of these pages, if the amount or the date was found nowhere."""
    if findings.expense.amount is not None and findings.expense.date is not None:
        return ()
    rest: list[Band] = []
    for page in pages:
        edges = [0.0, *(edge for band in bands if band.page == page for edge in (band.top, band.bottom)), 1.0]
        rest += [Band(page, top, bottom) for top, bottom in zip(edges[::2], edges[1::2], strict=True) if bottom > top]
    return tuple(rest)


def _head(rows: Sequence[Row]) -> Band:
    own = [row for row in rows if row.page == rows[0].page]
    return _around(own, 0, min(_HEAD_ROWS, len(own)) - 1)


def _sums_of(rows: Sequence[Row]) -> list[Band]:
    """Return the band from the first labelled sum to the last on each page that has any, or its lower part."""
    labelled = has_role(find_sums(rows), *_SUMS)
    bands = []
    for page in dict.fromkeys(each.row.page for each in labelled):
        own = [row for row in rows if row.page == page]
        places = {row.index: place for place, row in enumerate(own)}
        found = sorted(places[each.row.index] for each in labelled if each.row.page == page)
        most = max(_MANY_LETTERS, _MOST_OF_A_PAGE * _letters(own))
        first = next(place for place in found if place == found[-1] or _letters(own[place : found[-1] + 1]) <= most)
        bands.append(_around(own, first, found[-1]))
    return bands


def _letters(rows: Iterable[Row]) -> int:
    return sum(len(row.text) for row in rows)


def _around(rows: Sequence[Row], first: int, last: int) -> Band:
    """Return the band of these rows of one page; it ends halfway to the rows above and below."""
    top = (rows[first - 1].box[3] + rows[first].box[1]) / 2 if first else 0.0
    bottom = (rows[last].box[3] + rows[last + 1].box[1]) / 2 if last + 1 < len(rows) else 1.0
    return Band(rows[first].page, top, max(top, bottom))


def _joined(bands: Iterable[Band]) -> tuple[Band, ...]:
    """Return the bands top to bottom, those that overlap joined."""
    joined: list[Band] = []
    for band in sorted(bands, key=lambda each: (each.page, each.top)):
        before = joined[-1] if joined else None
        if before is not None and before.page == band.page and band.top <= before.bottom:
            joined[-1] = Band(band.page, before.top, max(before.bottom, band.bottom))
        else:
            joined.append(band)
    return tuple(joined)
