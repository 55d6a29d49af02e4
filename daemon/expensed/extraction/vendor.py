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
    garbled_words,
    is_address,
    is_generic,
    is_name,
    is_outlet,
    is_slogan,
    tidy_name,
)
from expensed.extraction.parties import Parties, find_parties, is_label, is_saluted
from expensed.extraction.spelling import is_spaced, mend_name
from expensed.extraction.witnesses import Witness, find_witnesses
from expensed.model import Box

_HEAD_ROWS = 14
_FOOT_ROWS = 120
_WRAPPED_ROWS = 3
_READABLE = 0.8
_OWNER = re.compile(
    r"^\W*(?:owne[dr] by|operated by|managed by|dimiliki|milik\b|inh(?:aber(?:in)?)?\b|proprietor|prop\.|titolare|exploit[ée] par)",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"(?:&|\band|\bund|\bet|\bof|\bby|-)$", re.IGNORECASE)
_REGISTRATION = re.compile(
    r"[(\[]?\b\d{4,9}\s?[-–]\s?[a-z]\b|\b(?:19|20)\d{10}\b"
    r"|\b(?:co(?:mpany)?|business|reg(?:istration)?|reg'?d|roc|ssm|brn|uen|gst|vat|tax|sst|ust|uid|mwst|siret|siren|rcs|tva|iva|p\.?\s?iva|partita"
    r"|c\.?i\.?f|n\.?i\.?f|nipc|nip|regon|krs|btw|kvk|abn|acn|ein|gstin|cin|cnpj|org|cvr|ičo?|dič|steuer|hrb|fn)\b[^\d\n]{0,18}\d[\d ./-]{4}",
    re.IGNORECASE,
)
"""A number under which a business is registered."""
_HEADS_RECEIPTS = re.compile(r"\bs[do0]n\b.{0,3}b|\bs/b|\bbhd\b|berhad|\bpte\b", re.IGNORECASE)
"""Malaysia and Singapore: the head of a receipt there has the company with its number, and a brand at most above it."""
_TOWN = re.compile(r"(?<![\d.,-])(?:[A-Z]{1,2}-)?\d{4,6}\s+([^\W\d_][\w .'-]{2,30})$")
_STATE = re.compile(
    r"[ ,](?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|DC)"
    r"(?:\s\d{5}(?:-\d{4})?)?$"
)
"""A town of the United States, as it stands under a street."""
_HOPELESS = -2.5
"""Whoever scores less is the customer, or no business at all: no name is better than that."""
_NEAR_BEST = 3.0
_CLEARER = 0.04
_HEAD_HEIGHT = 0.25
"""In page heights: how far apart two forms of a name may stand."""
_REPEATED = 0.5
"""What a name gains that stands on the document once more."""
_BELOW_HEAD = 0.3
"""Where a company's name starts that stands further down: an imprint, but also banks and makers of tills."""
_REGISTERED_ROWS = 6
_BLOCK_ROWS = 4
_SHORT = 20
"""A line this short may be a label for the next one."""
_PERSONAL_FORM = re.compile(r"(?<![^\W_])(?:ohg|e\.?\s?k(?:fm|fr)?)\.?(?![^\W_])", re.IGNORECASE)
"""A shopkeeper's own firm, under a brand."""
_CAPITALS_FIRST = re.compile(r"([A-ZÄÖÜ]{3,}(?:[ -][A-ZÄÖÜ]{3,})*)\s+[A-ZÄÖÜ][a-zäöüß]")
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
    towns: frozenset[str]


def find_vendors(rows: Sequence[Row]) -> list[Candidate[str]]:
    """Every name that might be the seller's, best first."""
    lines = _lines(rows)
    if not lines:
        return []
    first = next((line.index for line in lines if line.cell.confidence >= _READABLE and is_name(line.text)), 0)
    usual = median(line.height for line in lines)
    parties = find_parties([row for row in rows if row.page == rows[0].page][:_FOOT_ROWS])
    page = _Page(lines, parties, find_witnesses(rows), usual, first, _towns(lines))
    found: dict[str, Candidate[str]] = {}
    for candidate in (*_printed(page, rows), *_witnessed(page, rows)):
        known = found.get(candidate.value)
        if known is None:
            found[candidate.value] = candidate
        else:
            best = max(known, candidate, key=lambda each: each.score)
            found[candidate.value] = replace(best, score=best.score + _REPEATED)
    return _settled(best_first(each for each in found.values() if each.score > _HOPELESS), lines)


def _settled(candidates: list[Candidate[str]], lines: Sequence[_Line]) -> list[Candidate[str]]:
    """The candidates with another form of the best name set before it: clearer letters, the whole name, no branch."""
    if not candidates:
        return []
    best = candidates[0]
    for other in candidates[1:]:
        if best.score - other.score <= _NEAR_BEST and _is_better_form(other, best, lines):
            raised = replace(other, score=best.score)
            rest = [
                replace(best, score=other.score) if each is best else each for each in candidates if each is not other
            ]
            return [raised, *best_first(rest)]
    return candidates


def _is_better_form(other: Candidate[str], best: Candidate[str], lines: Sequence[_Line]) -> bool:
    """True for the same name read with more confidence, for one that holds it, and for one without a branch behind."""
    one, two = compact(other.value), compact(best.value)
    if one == two or min(len(one), len(two)) < 4 or _is_apart(other, best):
        return False
    if two.startswith(one):
        return (rest := _rest(best.value, other.value)) is not None and not _says_trade(rest)
    if one.startswith(two):
        return (rest := _rest(other.value, best.value)) is not None and len(rest.split()) <= 3 and _says_trade(rest) and not is_outlet(rest)
    if two in one:
        return len(other.value.split()) <= len(best.value.split()) + 3
    clearer = _confidence(other, lines) - _confidence(best, lines)
    return clearer >= _CLEARER and likeness(one, two) >= _AGREED


def _rest(longer: str, shorter: str) -> str | None:
    """What follows the shorter name in the longer one, after a space."""
    return longer[len(shorter) :] if longer.casefold().startswith(f"{shorter} ".casefold()) else None


def _says_trade(text: str) -> bool:
    return bool(BUSINESS.search(text) or LEGAL_FORM.search(text))


def _is_apart(one: Candidate[str], other: Candidate[str]) -> bool:
    """True where the names do not stand near one another on the page."""
    if one.box is None or other.box is None:
        return True
    return abs(one.box[1] - other.box[1]) > _HEAD_HEIGHT


def _confidence(candidate: Candidate[str], lines: Sequence[_Line]) -> float:
    """The engine's, of the line that a name begins in."""
    return next((line.cell.confidence for line in lines if line.cell.text == candidate.text), 0.0)


def _towns(lines: Sequence[_Line]) -> frozenset[str]:
    """The towns behind postal codes."""
    return frozenset(compact(match[1]) for line in lines if (match := _TOWN.search(line.cell.text)))


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
        parts = _wrapped(page.lines, position, page.witnesses)
        taken.update(parts)
        name, box = _joined([page.lines[part] for part in parts])
        if is_label(name):
            continue
        if len(re.findall(r"[^\W\d_]", name)) < 2:
            continue
        score = _score(name, position, page)
        name = _brand(name, page.witnesses)
        yield Candidate("vendor", name, score, line.cell.page, box, line.cell.text, "at the head of the page")


def _may_begin(line: _Line, page: _Page, rows: Sequence[Row]) -> bool:
    """False below the head, and beside a price, where neither a legal form nor a label makes a name of it."""
    if line.index < _HEAD_ROWS and not any(money.exact for money in find_money(rows[line.index].text)):
        return True
    return bool(STRONG_LEGAL_FORM.search(line.text)) or id(line.cell) in page.parties.seller


def _witnessed(page: _Page, rows: Sequence[Row]) -> Iterator[Candidate[str]]:
    """Names that stand in a sentence or a host."""
    for witness in page.witnesses:
        if witness.kind not in _ALONE or not is_name(witness.text):
            continue
        name = tidy_name(witness.text)
        score = _ALONE[witness.kind] + 0.6 * _support(name, page.witnesses, witness.kind)
        if witness.kind == "domain":
            name = name.title()
            score += 0.5 * min(_mentions(witness, rows), 3)
        score -= 12.0 * max(0.0, 0.9 - witness.row.confidence) + 1.5 * (len(witness.key) < 3)
        box, text = witness.row.box, witness.row.text
        yield Candidate("vendor", name, score, witness.row.page, box, text, f"named by {witness.kind}")


def _mentions(witness: Witness, rows: Sequence[Row]) -> int:
    """How many other rows name it."""
    word = re.compile(rf"(?<![^\W_]){re.escape(witness.text)}(?![^\W_])", re.IGNORECASE)
    return sum(row is not witness.row and bool(word.search(row.text[:200])) for row in rows[:_FOOT_ROWS])


def _brand(name: str, witnesses: Sequence[Witness]) -> str:
    """The part of the name that the seller goes by, where the rest only says what or whose shop it is.

    It is what the seller's host is called by, or in a shopkeeper's own firm (`FERN Jane Doe e.K.`) the capitals.
    """
    personal = bool(_PERSONAL_FORM.search(name))
    if personal and (capitals := _CAPITALS_FIRST.match(name)):
        return capitals[1]
    domains = {each.key for each in witnesses if each.kind == "domain"}
    if not domains:
        return name
    plain = without_legal_form(name)
    for end in (match.start() for match in re.finditer(r"[\s-]+", plain)):
        rest = plain[end:].strip(EDGE)
        if compact(plain[:end]) in domains and (personal or is_outlet(rest)):
            return plain[:end].strip(EDGE)
    return name


def _wrapped(lines: Sequence[_Line], position: int, witnesses: Sequence[Witness]) -> list[int]:
    """The position with those of the lines that continue its name."""
    parts = [position]
    for following in range(position + 1, min(position + 1 + _WRAPPED_ROWS * 2, len(lines))):
        if lines[following].index == lines[parts[-1]].index:
            continue  # another column
        so_far = [lines[part] for part in parts]
        if len(parts) > _WRAPPED_ROWS or not _is_next(so_far[-1], lines[following]):
            break
        if not (_continues(so_far, lines[following]) or _is_in_host(so_far, lines[following], witnesses)):
            break
        parts.append(following)
    return parts


def _joined(parts: list[_Line]) -> tuple[str, Box]:
    name = clean_text(" ".join(part.text for part in parts), LONGEST_NAME)
    return name, join_boxes([part.cell.box for part in parts])


def _is_next(last: _Line, following: _Line) -> bool:
    """True for the row right below, in the same column."""
    if following.index != last.index + 1 or following.cell.page != last.cell.page:
        return False
    gap = following.cell.box[1] - last.cell.box[3]
    return gap <= 0.9 * max(last.height, following.height) and _is_aligned(last.cell.box, following.cell.box)


def _is_in_host(parts: list[_Line], following: _Line, witnesses: Sequence[Witness]) -> bool:
    """True where a host holds what is there so far and the next line's first word: `fernbrook` `hardware`."""
    so_far = compact(" ".join(part.text for part in parts))
    word = compact(following.text.split()[0]) if following.text else ""
    return (
        len(so_far) >= 3
        and len(word) >= 4
        and any(each.kind == "domain" and each.key.startswith(so_far + word) for each in witnesses)
    )


def _continues(parts: list[_Line], following: _Line) -> bool:
    last = parts[-1]
    so_far = " ".join(part.text for part in parts)
    if not 0.6 < following.height / max(last.height, 1e-6) < 1.6:
        return False
    if following.cell.box[1] - last.cell.box[3] > 0.9 * last.height:
        return False
    if so_far.count("(") > so_far.count(")") and ")" in following.text[:30]:
        return True
    if STRONG_LEGAL_FORM.search(so_far):
        return False
    if len(STRONG_LEGAL_FORM.sub("", following.text).strip(EDGE + "()")) < 4 and STRONG_LEGAL_FORM.search(
        following.text
    ):
        return True
    if not is_name(following.text) or any(sign.isdigit() for sign in following.cell.text):
        return False
    if is_generic(so_far) and not is_generic(following.text):
        return True
    if _OPEN_END.search(so_far):
        return True
    if BUSINESS.search(so_far) and is_generic(following.text):
        return False  # what it is, once more
    says_what = bool(BUSINESS.match(following.text)) or is_generic(following.text)
    return says_what and _is_capitals(last.text) == _is_capitals(following.text)


def _is_capitals(text: str) -> bool:
    """True where nearly all letters are capitals; one may be misread."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) > 0.8 * len(letters)


def _is_aligned(upper: Box, lower: Box) -> bool:
    middle = abs((upper[0] + upper[2]) - (lower[0] + lower[2])) / 2
    return middle < 0.12 or abs(upper[0] - lower[0]) < 0.06


def _score(name: str, position: int, page: _Page) -> float:
    line = page.lines[position]
    score = 3.0 - 0.45 * max(line.index - page.first, 0) if line.index < _HEAD_ROWS else _BELOW_HEAD
    score += _by_form(name) - 1.5 * is_slogan(line.cell.text)
    score += max(-0.8, min(2.0, 1.6 * (line.height / page.usual_height - 1)))
    support = _support(name, page.witnesses)
    score += support - 1.5 * min(garbled_words(name), 2) * (support == 0.0)
    score += 1.5 * _is_sender_line(line)
    score += 2.0 * (id(line.cell) in page.parties.seller) - 10.0 * (id(line.cell) in page.parties.customer)
    score -= 2.0 * (is_saluted(line.cell.text) and line.index > page.first and not LEGAL_FORM.search(name))
    if line.index < _HEAD_ROWS and _HEADS_RECEIPTS.search(name) and _is_registered(position, page):
        score += 1.2
    score += 0.7 * (line.index < _HEAD_ROWS and _is_above_address(position, page))
    score -= 3.0 * (compact(name) in page.towns) + 1.5 * bool(_STATE.search(line.cell.text))
    score -= 1.5 * is_address(line.cell.text) * (line.index > page.first and not STRONG_LEGAL_FORM.search(name))
    score -= 1.0 * is_spaced(line.cell.text)
    if _is_owner(page.lines, position):
        score -= 2.5 if _HEADS_RECEIPTS.search(name) else 4.0
    return score - 12.0 * max(0.0, 0.9 - line.cell.confidence)


def _is_above_address(position: int, page: _Page) -> bool:
    """True where names, and after at most four of them an address, stand in the next rows of the same column."""
    last = page.lines[position]
    if is_address(last.cell.text):
        return False
    for below in page.lines[position + 1 :]:
        if below.index > min(last.index + 1, page.lines[position].index + _BLOCK_ROWS):
            return False
        if below.index == last.index + 1 and _is_aligned(last.cell.box, below.cell.box):
            if is_address(below.cell.text):
                return True
            if not is_name(below.text):
                return False
            last = below
    return False


def _is_registered(position: int, page: _Page) -> bool:
    """True where the number of a company stands in the same row or in the next ones."""
    last = page.lines[position].index + _REGISTERED_ROWS
    for line in page.lines[position:]:
        if line.index > last:
            return False
        if _REGISTRATION.search(line.cell.text):
            return True
    return False


def _by_form(name: str) -> float:
    """What the words of a name say for it."""
    score = 0.3 * name.isupper() - 1.2 * (len(name) < 4) - 0.3 * name.islower()
    if STRONG_LEGAL_FORM.search(name):
        score += 3.0 if _HEADS_RECEIPTS.search(name) else 2.0
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
        each.kind: _SUPPORT[each.kind] * (alike if len(each.key) <= len(plain) + 1 else 0.7 * alike)
        for each in witnesses
        if each.kind != but and (alike := likeness(each.key, plain)) >= _AGREED
    }
    return sum(weight / 2**place for place, weight in enumerate(sorted(agreed.values(), reverse=True)))


def _is_sender_line(line: _Line) -> bool:
    """`Name - Street 1 - 12345 Town`, the small line above the recipient in a window envelope."""
    rest = line.cell.text[len(line.text) :]
    return len(rest) > 12 and rest.lstrip()[:1] in "-–·•|,*" and any(sign.isdigit() for sign in rest)


def _is_owner(lines: Sequence[_Line], position: int) -> bool:
    """True for `Owned by ...`, and for the line after such words alone."""
    before = lines[position - 1].cell.text if position else ""
    return bool(_OWNER.search(lines[position].cell.text)) or (bool(_OWNER.search(before)) and len(before) < _SHORT)
