"""The business that sold: names from the head of the page and lines with a legal form, scored; not the customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.labels import compact
from expensed.extraction.lines import Cell, Row, clean_text, join_boxes
from expensed.extraction.money import find_money
from expensed.extraction.names import (
    ADDRESS,
    BUSINESS,
    EDGE,
    LEGAL_FORM,
    LONGEST_NAME,
    STRONG_LEGAL_FORM,
    is_name,
    is_slogan,
    tidy_name,
)
from expensed.model import Box

_HEAD_ROWS = 14
_FOOT_ROWS = 120
_WRAPPED_ROWS = 3
_READABLE = 0.8
_CUSTOMER = re.compile(
    r"^(?:bill(?:ed)?to|invoice(?:d)?to|soldto|shipto|deliverto|to$|customer|client|kunde|klant|rechnungan|adressede"
    r"|facturea|kaufer|rechnungsempfanger|warenempfanger|leistungsempfanger|buyer|cliente|exmos|factuuradres|afleveradres|rechnungsadresse|lieferadresse|lieferanschrift|destinataire"
    r"|facturation|livraison|spett|attn|deliveryaddress|shippingaddress|billingaddress|empfanger|an$|recipient|member"
    r"|patient|guest)"
)
_SELLER = re.compile(r"^(?:from|soldby|seller|vendor|supplier|remitto|payableto|merchant|verkaufer|issuedby|von$)")
_OWNER = re.compile(r"^(?:owne[dr]by|operatedby|dimiliki)")
_DOMAIN = re.compile(r"(?:www\.|@|https?://)([a-z0-9-]{3,40})\.(?:[a-z]{2,12})", re.IGNORECASE)
_FREE_MAIL = frozenset("gmail hotmail yahoo outlook icloud gmx web live aol googlemail".split())
_OPEN_END = re.compile(r"(?:&|\band|\bund|\bet|\bof|\by|-)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that might be (the start of) a name."""

    index: int
    cell: Cell
    height: float
    text: str


def find_vendors(rows: Sequence[Row]) -> list[Candidate[str]]:
    """Every name that might be the seller's, best first."""
    lines = _lines(rows)
    if not lines:
        return []
    usual = median(line.height for line in lines)
    customers = _customer_lines(lines)
    domains = _domains(rows)
    first = next((line.index for line in lines if line.cell.confidence >= _READABLE and is_name(line.text)), 0)
    found: dict[str, Candidate[str]] = {}
    priced = {row.index for row in rows if any(money.exact for money in find_money(row.text))}
    taken: set[int] = set()
    for position, line in enumerate(lines):
        if position in taken or not is_name(line.text):
            continue
        if (line.index >= _HEAD_ROWS or line.index in priced) and not STRONG_LEGAL_FORM.search(line.text):
            continue  # below the head, and beside a price, only a legal form makes a name
        parts = _wrapped(lines, position)
        taken.update(parts)
        name, box = _joined([lines[part] for part in parts])
        if len(re.findall(r"[^\W\d_]", name)) < 2:
            continue
        score = _score(name, line, usual, first, domains) - 8.0 * (position in customers)
        score += 2.0 * _follows(lines, position, _SELLER) - 2.5 * _follows(lines, position, _OWNER)
        if name not in found or score > found[name].score:
            found[name] = Candidate(
                "vendor", name, score, line.cell.page, box, line.cell.text, "at the head of the page"
            )
    return best_first(found.values())


def _lines(rows: Sequence[Row]) -> list[_Line]:
    """Cells of the first page's rows (and of its foot), in reading order."""
    page = rows[0].page if rows else 1
    chosen = [row for row in rows if row.page == page][:_FOOT_ROWS]
    return [
        _Line(row.index, cell, cell.box[3] - cell.box[1], tidy_name(cell.text)) for row in chosen for cell in row.cells
    ]


def _wrapped(lines: Sequence[_Line], position: int) -> list[int]:
    """The position with those of the lines that continue its name."""
    parts = [position]
    for following in range(position + 1, min(position + 1 + _WRAPPED_ROWS * 2, len(lines))):
        if lines[following].index == lines[parts[-1]].index:
            continue  # another column
        if len(parts) > _WRAPPED_ROWS or not _continues([lines[part] for part in parts], lines[following]):
            break
        parts.append(following)
    return parts


def _joined(parts: list[_Line]) -> tuple[str, Box]:
    name = clean_text(" ".join(part.text for part in parts), LONGEST_NAME)
    return name, join_boxes([part.cell.box for part in parts])


def _continues(parts: list[_Line], following: _Line) -> bool:
    last = parts[-1]
    so_far = " ".join(part.text for part in parts)
    if following.index != last.index + 1 or following.cell.page != last.cell.page:
        return False
    if not 0.6 < following.height / max(last.height, 1e-6) < 1.6:
        return False
    if following.cell.box[1] - last.cell.box[3] > 0.9 * last.height or not _is_aligned(
        last.cell.box, following.cell.box
    ):
        return False
    if so_far.count("(") > so_far.count(")") and ")" in following.text[:30]:
        return True
    if STRONG_LEGAL_FORM.search(so_far):
        return False
    if len(STRONG_LEGAL_FORM.sub("", following.text).strip(EDGE + "()")) < 4 and STRONG_LEGAL_FORM.search(
        following.text
    ):
        return True
    if not is_name(following.text) or ADDRESS.search(following.text):
        return False
    return bool(_OPEN_END.search(so_far)) or (
        bool(BUSINESS.match(following.text)) and last.text.isupper() == following.text.isupper()
    )


def _is_aligned(upper: Box, lower: Box) -> bool:
    middle = abs((upper[0] + upper[2]) - (lower[0] + lower[2])) / 2
    return middle < 0.12 or abs(upper[0] - lower[0]) < 0.06


def _score(name: str, line: _Line, usual: float, first: int, domains: set[str]) -> float:
    score = 3.0 - 0.45 * min(max(line.index - first, 0), 10)
    if line.index >= _HEAD_ROWS:
        score -= 2.0
    if STRONG_LEGAL_FORM.search(name):
        score += 3.0
    elif LEGAL_FORM.search(name):
        score += 1.2
    if BUSINESS.search(name):
        score += 1.4
    score += max(-0.8, min(2.0, 1.6 * (line.height / usual - 1)))
    score += 0.3 * name.isupper()
    score -= 1.2 * (len(name) < 4) + 0.3 * name.islower()
    score -= 1.5 * is_slogan(line.cell.text)
    score += 2.2 * _fits_domain(name, domains)
    score += 1.5 * _is_sender_line(line)
    return score - 12.0 * max(0.0, 0.9 - line.cell.confidence)


def _is_sender_line(line: _Line) -> bool:
    """`Name - Street 1 - 12345 Town`, the small line above the recipient in a window envelope."""
    rest = line.cell.text[len(line.text) :]
    return len(rest) > 12 and rest.lstrip()[:1] in "-–·•|,*" and any(sign.isdigit() for sign in rest)


def _domains(rows: Sequence[Row]) -> set[str]:
    text = " ".join(row.text for row in rows)[:20_000].lower()
    return {match.replace("-", "") for match in _DOMAIN.findall(text)} - _FREE_MAIL


def _fits_domain(name: str, domains: set[str]) -> bool:
    plain = compact(LEGAL_FORM.sub("", name))
    return len(plain) >= 3 and any(plain in domain or (len(domain) >= 5 and domain in plain) for domain in domains)


def _customer_lines(lines: Sequence[_Line]) -> set[int]:
    """The positions of lines that stand under `Bill to` and the like, in its column."""
    found: set[int] = set()
    for position, line in enumerate(lines):
        if not _CUSTOMER.match(compact(line.cell.text)[:24]):
            continue
        found.add(position)
        for other in range(position + 1, min(position + 14, len(lines))):
            below = lines[other]
            if below.index <= line.index + 5 and abs(below.cell.box[0] - line.cell.box[0]) < 0.12:
                found.add(other)
    return found


def _follows(lines: Sequence[_Line], position: int, words: re.Pattern[str]) -> bool:
    """True where those words stand in the line before, or at the start of this one."""
    return any(words.match(compact(line.cell.text)[:24]) for line in lines[max(0, position - 1) : position + 1])
