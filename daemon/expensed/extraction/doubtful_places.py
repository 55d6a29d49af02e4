"""Where on the pages a second look may settle what is doubtful: the head for the seller, the sums for the amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import find_sums, has_role
from expensed.extraction.doubts import vendor_doubt
from expensed.extraction.findings import Findings
from expensed.extraction.page.lines import Row
from expensed.model.reading import Band

_HEAD_ROWS = 6
_PAID = (Role.CASH, Role.CARD, Role.CHANGE)
_SUMS = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.NET, Role.TAX, Role.SERVICE, Role.TIP, *_PAID)


def find_doubtful_places(findings: Findings, rows: Sequence[Row], review_below: float) -> tuple[Band, ...]:
    """Return the parts of pages to be read again, apart from each other; none if no person would have to look."""
    if not findings.expense.needs_review or not rows:
        return ()
    amount, date = (_is_doubtful(findings, name, review_below) for name in ("amount", "date"))
    bands: list[Band] = []
    if vendor_doubt(findings.fields.get("vendor")) is not None or date:
        bands += _head(rows)
    if amount or date:
        bands += _sums_of(rows)
    return _joined(bands)


def _is_doubtful(findings: Findings, name: str, review_below: float) -> bool:
    field = findings.fields.get(name)
    return field is None or (field.proof is None and field.confidence < review_below)


def _head(rows: Sequence[Row]) -> list[Band]:
    own = [row for row in rows if row.page == rows[0].page]
    return [_around(own, 0, min(_HEAD_ROWS, len(own)) - 1)]


def _sums_of(rows: Sequence[Row]) -> list[Band]:
    """Return the band from the first labelled sum to the last on each page that has any."""
    labelled = has_role(find_sums(rows), *_SUMS)
    bands = []
    for page in dict.fromkeys(each.row.page for each in labelled):
        own = [row for row in rows if row.page == page]
        places = {row.index: place for place, row in enumerate(own)}
        found = [places[each.row.index] for each in labelled if each.row.page == page]
        bands.append(_around(own, min(found), max(found)))
    return bands


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
