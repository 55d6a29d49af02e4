"""The business that sold: names from the head of the page and from where else it is named, scored; not the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.labels import compact
from expensed.extraction.legalforms import LEGAL_FORM, STRONG_LEGAL_FORM, without_legal_form
from expensed.extraction.likeness import likeness
from expensed.extraction.lines import Cell, Row, clean_text, join_boxes
from expensed.extraction.money import find_money
from expensed.extraction.names import (
    ADDRESS,
    BUSINESS,
    EDGE,
    LONGEST_NAME,
    is_generic,
    is_name,
    is_slogan,
    tidy_name,
)
from expensed.extraction.parties import Parties, find_parties, is_label, is_saluted
from expensed.extraction.spelling import mend_name
from expensed.extraction.witnesses import Witness, find_witnesses
from expensed.model import Box

_HEAD_ROWS = 14
_FOOT_ROWS = 120
_WRAPPED_ROWS = 3
_READABLE = 0.8
_OWNER = re.compile(r"^(?:owne[dr]by|operatedby|dimiliki|inh(?:aber)?(?![a-z])|proprietor)")
_OPEN_END = re.compile(r"(?:&|\band|\bund|\bet|\bof|\bby|-)$", re.IGNORECASE)
_REGISTRATION = re.compile(
    r"^[(\[]?\d{4,9}\s?-\s?[a-z][)\]]?$|^[(\[]?(?:19|20)\d{10}|^(?:co|company|business|reg|gst|vat|tax|ust|mwst|roc|ssm|uid|siret|siren|tva"
    r"|p\.?\s?iva|partita|c\.?i\.?f|n\.?i\.?f|nip|btw|kvk|abn|acn|ein|gstin|cnpj|org|steuer)\b.{0,16}\d{4}",
    re.IGNORECASE,
)
_PERSONAL_FORM = re.compile(r"(?<![^\W_])(?:ohg|e\.?\s?k(?:fm|fr)?)\.?(?![^\W_])", re.IGNORECASE)
"""A shopkeeper's own firm, under a brand."""
_SUPPORT = {"domain": 2.2, "thanks": 1.8, "copyright": 1.8, "payee": 1.8, "imprint": 1.8, "alias": 1.5, "owner": 0.0}
"""What a place that names the same seller adds to a name."""
_ALONE = {"thanks": 2.4, "copyright": 2.4, "payee": 2.4, "imprint": 2.4, "alias": 1.5, "domain": 0.4}
"""The score of a name that stands nowhere else."""
_AGREED = 0.8
"""Two names more alike than this are the same seller's."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that might be (the start of) a name."""

    index: int
    cell: Cell
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What the lines of the first page are compared with."""

    lines: Sequence[_Line]
    parties: Parties
    witnesses: Sequence[Witness]
    usual_height: float
    first: int
    """The row of the first name."""


def find_vendors(rows: Sequence[Row]) -> list[Candidate[str]]:
    """Every name that might be the seller's, best first."""
    lines = _lines(rows)
    if not lines:
        return []
    first = next((line.index for line in lines if line.cell.confidence >= _READABLE and is_name(line.text)), 0)
    usual = median(line.height for line in lines)
    parties = find_parties([row for row in rows if row.page == rows[0].page][:_FOOT_ROWS])
    page = _Page(lines, parties, find_witnesses(rows), usual, first)
    found: dict[str, Candidate[str]] = {}
    for candidate in (*_printed(page, rows), *_witnessed(page)):
        known = found.get(candidate.value)
        if known is None or candidate.score > known.score:
            found[candidate.value] = candidate
    return best_first(found.values())


def _lines(rows: Sequence[Row]) -> list[_Line]:
    """Cells of the first page's rows (and of its foot), in reading order."""
    page = rows[0].page if rows else 1
    chosen = [row for row in rows if row.page == page][:_FOOT_ROWS]
    return [
        _Line(row.index, cell, cell.box[3] - cell.box[1], mend_name(tidy_name(cell.text), cell.confidence))
        for row in chosen
        for cell in row.cells
    ]


def _printed(page: _Page, rows: Sequence[Row]) -> Iterator[Candidate[str]]:
    """Names in the head of the first page, and with a legal form or under a seller's label anywhere on it."""
    taken: set[int] = set()
    for position, line in enumerate(page.lines):
        if position in taken or not _may_begin(line, page, rows) or not is_name(line.text):
            continue
        parts = _wrapped(page.lines, position)
        taken.update(parts)
        name, box = _joined([page.lines[part] for part in parts])
        if is_label(name):
            continue
        name = _brand(name, page.witnesses)
        if len(re.findall(r"[^\W\d_]", name)) < 2:
            continue
        score = _score(name, position, page)
        yield Candidate("vendor", name, score, line.cell.page, box, line.cell.text, "at the head of the page")


def _may_begin(line: _Line, page: _Page, rows: Sequence[Row]) -> bool:
    """False below the head, and beside a price, where neither a legal form nor a label makes a name of it."""
    if line.index < _HEAD_ROWS and not any(money.exact for money in find_money(rows[line.index].text)):
        return True
    return bool(STRONG_LEGAL_FORM.search(line.text)) or id(line.cell) in page.parties.seller


def _witnessed(page: _Page) -> Iterator[Candidate[str]]:
    """Names that stand in a sentence or a host."""
    for witness in page.witnesses:
        if witness.kind not in _ALONE or not is_name(witness.text):
            continue
        name = tidy_name(witness.text)
        score = _ALONE[witness.kind] + 0.6 * _support(name, page.witnesses, witness.kind)
        if witness.kind == "domain":
            name = name.title()
        cell = witness.row.cells[0]
        score -= 12.0 * max(0.0, 0.9 - witness.row.confidence)
        yield Candidate("vendor", name, score, cell.page, witness.row.box, witness.row.text, f"named by {witness.kind}")


def _brand(name: str, witnesses: Sequence[Witness]) -> str:
    """The part of the name that the seller's host is called by, where the rest says only what or whose shop it is."""
    domains = {each.key for each in witnesses if each.kind == "domain"}
    if not domains:
        return name
    plain = without_legal_form(name)
    for end in (match.start() for match in re.finditer(r"[\s-]+", plain)):
        rest = plain[end:].strip(EDGE)
        if compact(plain[:end]) in domains and (is_generic(rest) or _PERSONAL_FORM.search(name)):
            return plain[:end].strip(EDGE)
    return name


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
    if is_generic(so_far) and not is_generic(following.text):
        return True
    return bool(_OPEN_END.search(so_far)) or (
        bool(BUSINESS.match(following.text)) and last.text.isupper() == following.text.isupper()
    )


def _is_aligned(upper: Box, lower: Box) -> bool:
    middle = abs((upper[0] + upper[2]) - (lower[0] + lower[2])) / 2
    return middle < 0.12 or abs(upper[0] - lower[0]) < 0.06


def _score(name: str, position: int, page: _Page) -> float:
    line = page.lines[position]
    score = 3.0 - 0.45 * min(max(line.index - page.first, 0), 10)
    if line.index >= _HEAD_ROWS:
        score -= 2.0
    score += _by_form(name) - 1.5 * is_slogan(line.cell.text)
    score += max(-0.8, min(2.0, 1.6 * (line.height / page.usual_height - 1)))
    score += _support(name, page.witnesses)
    score += 1.5 * _is_sender_line(line)
    score += 2.0 * (id(line.cell) in page.parties.seller) - 8.0 * (id(line.cell) in page.parties.customer)
    score -= 2.0 * (is_saluted(line.cell.text) and line.index > page.first and not LEGAL_FORM.search(name))
    score -= 2.5 * _follows(page.lines, position, _OWNER)
    return score - 12.0 * max(0.0, 0.9 - line.cell.confidence)


def _by_form(name: str) -> float:
    """What the words of a name say for it."""
    score = 0.3 * name.isupper() - 1.2 * (len(name) < 4) - 0.3 * name.islower()
    if STRONG_LEGAL_FORM.search(name):
        score += 3.0
    elif LEGAL_FORM.search(name):
        score += 1.2
    if is_generic(name):
        return score - 1.0
    return score + 1.4 * bool(BUSINESS.search(name))


def _support(name: str, witnesses: Sequence[Witness], but: str = "") -> float:
    """What other places on the document say for a name: each kind once, the second half as much, and so on."""
    plain = compact(without_legal_form(name))
    if len(plain) < 2:
        return 0.0
    agreed = {
        each.kind: _SUPPORT[each.kind] * alike
        for each in witnesses
        if each.kind != but and (alike := likeness(each.key, plain)) >= _AGREED
    }
    return sum(weight / 2**place for place, weight in enumerate(sorted(agreed.values(), reverse=True)))


def _is_sender_line(line: _Line) -> bool:
    """`Name - Street 1 - 12345 Town`, the small line above the recipient in a window envelope."""
    rest = line.cell.text[len(line.text) :]
    return len(rest) > 12 and rest.lstrip()[:1] in "-–·•|,*" and any(sign.isdigit() for sign in rest)


def _follows(lines: Sequence[_Line], position: int, words: re.Pattern[str]) -> bool:
    """True where those words stand in the line before, or at the start of this one."""
    return any(words.match(compact(line.cell.text[:40])[:24]) for line in lines[max(0, position - 1) : position + 1])
