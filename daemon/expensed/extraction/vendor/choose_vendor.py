"""Find the seller: score names from the head of the page and other mentions, and exclude the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.brands.find_brands import BrandFound
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.page.addresses import find_town, is_address, is_american_town
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.describe_names import HeadOfPage
from expensed.extraction.vendor.headings import Line, find_parts, is_above_address, join_lines
from expensed.extraction.vendor.legal_forms import LEGAL_FORM, STRONG_LEGAL_FORM, mend_legal_form, without_legal_form
from expensed.extraction.vendor.name_forms import ALIKE, brand_of, is_personal, prefer_form
from expensed.extraction.vendor.name_likeness import likeness
from expensed.extraction.vendor.names import QUOTED, garbled_words, is_name, is_other_in_script, is_slogan, tidy_name
from expensed.extraction.vendor.other_mentions import Witness
from expensed.extraction.vendor.other_scripts import (
    end_of_head,
    in_arabic_letters,
    is_arabic,
    is_other_line,
    page_script,
)
from expensed.extraction.vendor.parties import Parties, is_label, is_saluted
from expensed.extraction.vendor.spelling import is_spaced
from expensed.extraction.vendor.till_lines import may_be_till_line
from expensed.extraction.vendor.trade_words import is_generic, is_tagline, says_trade
from expensed.extraction.vendor.weigh_names import weigh_names
from expensed.languages.scripts import Script
from expensed.languages.vocabulary import vocabulary_of

_HEAD_ROWS = 14
_TILL = 1.2
"""The penalty for what may be a line of the till; it is small enough for the name to stay in doubt."""
_MOST_ROWS = 120
_READABLE = 0.8
_READABLE_IN_SCRIPT = 0.5
"""In other scripts than the Latin engines are less sure of what they read."""
_ILLEGIBLE = 0.4
_MOST_ADDED = 2
"""Words that a name in the page's thanks may have more."""
_SHORTEST_LATIN = 3
_DISPLAY = 2.5
"""Letters so many times as high as usual are the name, whatever words they are."""
_REGISTERED_ROWS = 6
_SHORT = 20
"""A line this short may be a label for the next one."""
_BELOW_HEAD = 0.3
"""The initial score of a company's name further down: an imprint, but also banks and makers of tills."""
_HOPELESS = -2.5
"""A name that scores less is the customer, or not a business; no name is better than that."""
_QUOTED = 1.5
"""The bonus for quotation marks around a name in another script than the Latin."""
_REPEATED = 0.5
"""The bonus for a name that is on the document again."""
_SUPPORT = {"domain": 2.2, "thanks": 1.8, "copyright": 1.8, "payee": 1.8, "imprint": 1.8, "alias": 1.5}
"""The bonus for another mention of the same seller, by its kind."""
_ALONE = {"thanks": 2.4, "copyright": 2.4, "payee": 2.4, "imprint": 2.4, "alias": 1.5, "domain": 0.4}
"""The score of a name that is nowhere else, by the kind of its mention."""
_PARTLY = 0.7
"""The share of that bonus that remains if the witness's name is longer."""
_OWNER = re.compile(
    r"^\W*(?:owne[dr] by|operated by|managed by|dimiliki|milik\b|inh(?:aber(?:in)?)?\b|proprietor|prop\.|titolare"
    r"|exploit[ée] par|betreiber|betrieben)",
    re.IGNORECASE,
)
_REGISTRATION = re.compile(
    r"[(\[]?\b\d{4,9}\s?[-–]\s?[a-z]\b|\b(?:19|20)\d{10}\b"
    r"|\b(?:co(?:mpany)?|business|reg(?:istration)?|reg'?d|roc|ssm|brn|uen|gst|sst|vat|tax)\b[^\d\n]{0,18}"
    r"\d[\d ./-]{4}",
    re.IGNORECASE,
)
"""A number under which a business is registered."""
_HEADS_RECEIPTS = re.compile(r"\bs[do0]n\b.{0,3}b|\bs/b|\bbhd\b|berhad|\bpte\b", re.IGNORECASE)
"""Malaysia and Singapore: receipts there begin with the company and its number, with at most a brand above it."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The context for scoring the lines of the first page."""

    lines: Sequence[Line]
    parties: Parties
    witnesses: Sequence[Witness]
    usual_height: float
    first: int
    """The row of the first name."""
    towns: frozenset[str]
    script: Script | None
    """None if the page is in Latin letters."""
    is_arabic: bool
    end_of_head: int
    """The row from which on nothing is a name, in other scripts."""


def find_vendors(rows: Sequence[Row], brands: Sequence[BrandFound] = ()) -> list[Candidate[str]]:
    """Return every name that might be the seller's, best first; `brands` are the known ones on the page."""
    if not rows:
        return []
    head = HeadOfPage(rows)
    lines = head.lines
    script = page_script(rows)
    readable = _READABLE if script is None else _READABLE_IN_SCRIPT
    first = next((line.index for line in lines if line.cell.confidence >= readable and line.is_name), 0)
    towns = frozenset(compact(town) for line in lines if (town := find_town(line.cell.text)))
    end = len(rows) if script is None else end_of_head(rows)
    in_arabic = script is Script.ARABIC and is_arabic(rows)
    page = _Page(lines, head.parties, head.witnesses, head.usual_height, first, towns, script, in_arabic, end)
    found: dict[str, Candidate[str]] = {}
    for candidate in (*_printed(page, rows), *_witnessed(page, rows)):
        known = found.get(candidate.value)
        found[candidate.value] = candidate if known is None else _merged(known, candidate)
    read = {line.cell.text: line.cell.confidence for line in reversed(lines)}
    by_rules = prefer_form(best_first(each for each in found.values() if each.score > _HOPELESS), read)
    return weigh_names(by_rules, head, brands, lambda line: page.script is not None and _is_other(line, page))


def _merged(one: Candidate[str], other: Candidate[str]) -> Candidate[str]:
    """Return the better of two candidates with the same name, with a bonus for repetition."""
    better = one if one.score >= other.score else other
    return replace(better, score=better.score + _REPEATED)


def _printed(page: _Page, rows: Sequence[Row]) -> Iterator[Candidate[str]]:
    """Yield names in the head of the first page, and those with a legal form or a seller's label anywhere on it."""
    taken: set[int] = set()
    for position, line in enumerate(page.lines):
        if position in taken or not _may_begin(line, page, rows) or not _is_name(line, page):
            continue
        parts = find_parts(page.lines, position, page.witnesses)
        taken.update(parts)
        name, box = join_lines([page.lines[part] for part in parts])
        name = _completed(_with_form_above(name, position, page), page)
        if sum(sign.isalpha() for sign in name) < 2 or is_label(name):
            continue
        score = _score(name, position, page)
        brand = brand_of(in_arabic_letters(name) if page.is_arabic else name, page.witnesses)
        yield Candidate("vendor", brand, score, line.cell.page, box, line.cell.text, "at the head of the page")


def _with_form_above(name: str, position: int, page: _Page) -> str:
    """Return the name with its legal form, if that stands alone in the row above, on a page in another script."""
    above = page.lines[position - 1] if position else None
    if page.script is None or above is None or above.index != page.lines[position].index - 1:
        return name
    form = above.cell.text.strip()
    joined = mend_legal_form(f"{form} {name}")
    found = STRONG_LEGAL_FORM.search(joined)
    return joined if found is not None and found.span() == (0, len(form)) else name


def _completed(name: str, page: _Page) -> str:
    """Return the name as the page's thanks have it, if it is a part of theirs, on a page in another script."""
    if page.script is None:
        return name
    plain = compact(name)
    longer = (each.text for each in page.witnesses if each.kind == "thanks" and plain in each.key)
    return next((text for text in longer if 0 < len(text.split()) - len(name.split()) <= _MOST_ADDED), name)


def _may_begin(line: Line, page: _Page, rows: Sequence[Row]) -> bool:
    """Whether a name may begin here: in the head and not beside a price, or with a legal form or a seller's label."""
    if _is_beside_label(line, rows[line.index]):
        return False
    if page.script is not None and _is_other(line, page):
        return False
    if line.index < _HEAD_ROWS and not any(money.exact for money in find_money(rows[line.index].text)):
        return True
    return bool(STRONG_LEGAL_FORM.search(line.cell.text)) or id(line.cell) in page.parties.seller


def _is_name(line: Line, page: _Page) -> bool:
    """Whether the line has the form of a name; or, in other scripts, Latin letters far higher than the rest."""
    if line.is_name:
        return True
    is_display = page.script is not None and line.height >= _DISPLAY * page.usual_height
    return is_display and line.text.isascii() and line.text.replace(" ", "").isalpha()


def _is_other(line: Line, page: _Page) -> bool:
    """Whether a line of a page in another script is a number, among goods, or hardly legible; no company is."""
    if STRONG_LEGAL_FORM.search(line.text):
        return False
    if line.index >= page.end_of_head or is_other_line(line.cell.text):
        return True
    if line.text.isascii() and len(line.text) < _SHORTEST_LATIN:
        return True
    return line.cell.confidence < _ILLEGIBLE and not QUOTED.search(line.cell.text)


def _is_beside_label(line: Line, row: Row) -> bool:
    """Whether a label of something else begins the row, `Официант  Анна`, or the row names a bank."""
    if any((words := vocabulary_of(cell.text)) is not None and words.banks.whole(cell.text) for cell in row.cells):
        return True
    return line.cell is not row.cells[0] and is_other_in_script(row.cells[0].text)


def _witnessed(page: _Page, rows: Sequence[Row]) -> Iterator[Candidate[str]]:
    """Yield names in a sentence or a host."""
    for witness in page.witnesses:
        if not is_name(witness.text):
            continue
        name, row = tidy_name(witness.text), witness.row
        score = _ALONE[witness.kind] + 0.6 * _support(name, page.witnesses, but=witness.kind)
        if witness.kind == "domain":
            name = name.title()
            score += 0.5 * min(_mentions(witness, rows), 3)
        score -= 12.0 * max(0.0, 0.9 - row.confidence) + 1.5 * (len(witness.key) < 3)
        yield Candidate("vendor", name, score, row.page, row.box, row.text, f"named by {witness.kind}")


def _mentions(witness: Witness, rows: Sequence[Row]) -> int:
    """Count the other rows that name the witness."""
    word = re.compile(rf"(?<![^\W_]){re.escape(witness.text)}(?![^\W_])", re.IGNORECASE)
    return sum(row is not witness.row and bool(word.search(row.text[:200])) for row in rows[:_MOST_ROWS])


def _score(name: str, position: int, page: _Page) -> float:
    """Score a printed name by its place and size, its words, its neighbours and other mentions."""
    line = page.lines[position]
    in_head = line.index < _HEAD_ROWS
    support = _support(name, page.witnesses)
    score = 3.0 - 0.45 * max(line.index - page.first, 0) if in_head else _BELOW_HEAD
    score += max(-0.8, min(2.0, 1.6 * (line.height / page.usual_height - 1)))
    score += support + _by_words(name) + 1.5 * _is_sender_line(line)
    score += _QUOTED * (page.script is not None and bool(QUOTED.search(name)))
    score += 2.0 * (id(line.cell) in page.parties.seller)
    score += 0.7 * (in_head and is_above_address(page.lines, position))
    score += 1.2 * (in_head and bool(_HEADS_RECEIPTS.search(name)) and _is_registered(position, page))
    score -= 1.5 * min(garbled_words(name), 2) * (support == 0.0)
    return score - _against(name, position, page) - _illegibility(line, page)


def _illegibility(line: Line, page: _Page) -> float:
    """Return the penalty for letters that the engine is unsure of."""
    is_known_less = page.script not in (None, Script.EASTERN)
    return (6.0 if is_known_less else 12.0) * max(0.0, 0.9 - line.cell.confidence)


def _by_words(name: str) -> float:
    """Score the words of a name."""
    score = 0.3 * name.isupper() - 1.2 * (len(name) < 4) - 0.3 * name.islower()
    if _HEADS_RECEIPTS.search(name):
        score += 3.0
    elif STRONG_LEGAL_FORM.search(name):
        score += 0.9 if is_personal(name) else 1.8
    elif LEGAL_FORM.search(name):
        score += 1.2
    if is_generic(name):
        return score - 1.0
    return score + 1.4 * says_trade(name)


def _against(name: str, position: int, page: _Page) -> float:
    """Return the penalty for signs of something else: customer, owner, person, town, street, slogan."""
    line = page.lines[position]
    text, is_later = line.cell.text, line.index > page.first
    against = 10.0 * (id(line.cell) in page.parties.customer)
    against += 2.0 * (is_later and is_saluted(text) and not LEGAL_FORM.search(name))
    against += 3.0 * (compact(name) in page.towns) + _town_penalty(text) + _TILL * may_be_till_line(text)
    against += 2.5 * (is_later and is_address(text) and not STRONG_LEGAL_FORM.search(name))
    against += 1.5 * (is_slogan(text) or (is_later and is_tagline(name))) + 1.0 * is_spaced(text)
    against += 2.0 * text.rstrip().endswith(":")
    if _is_owner(page.lines, position):
        against += 2.5 if _HEADS_RECEIPTS.search(name) else 4.0
    return against


def _town_penalty(text: str) -> float:
    """Return the penalty for a town and its state; less without comma or postal code: a firm may end in `ME`, too."""
    is_sure = "," in text and text[-1:].isdigit()
    return (3.0 if is_sure else 1.5) * is_american_town(text)


def _support(name: str, witnesses: Sequence[Witness], *, but: str = "") -> float:
    """Return the bonus from other mentions of a name: the best counts fully, the second by half, and so on."""
    plain = compact(without_legal_form(name))
    agreed: dict[str, float] = {}
    for each in witnesses:
        if each.kind != but and (alike := likeness(each.key, plain)) >= ALIKE:
            weight = _SUPPORT[each.kind] * alike * (1.0 if len(each.key) <= len(plain) + 1 else _PARTLY)
            agreed[each.kind] = max(weight, agreed.get(each.kind, 0.0))
    return sum((weight / 2**place for place, weight in enumerate(sorted(agreed.values(), reverse=True))), 0.0)


def _is_registered(position: int, page: _Page) -> bool:
    """Whether a company's registration number is in the same row or one of the next."""
    last = page.lines[position].index + _REGISTERED_ROWS
    for line in page.lines[position:]:
        if line.index > last:
            return False
        if _REGISTRATION.search(line.cell.text):
            return True
    return False


def _is_sender_line(line: Line) -> bool:
    """Whether this is `Name - Street 1 - 12345 Town`, the small line above the recipient in a window envelope."""
    rest = line.cell.text[len(line.text) :]
    return len(rest) > 12 and rest.lstrip()[:1] in "-–·•|,*" and any(sign.isdigit() for sign in rest)


def _is_owner(lines: Sequence[Line], position: int) -> bool:
    """Whether this is `Owned by ...`, or the line after such words alone."""
    before = lines[position - 1].cell.text if position else ""
    return bool(_OWNER.search(lines[position].cell.text)) or (bool(_OWNER.search(before)) and len(before) < _SHORT)
