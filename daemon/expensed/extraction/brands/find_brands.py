"""Find brands of the list on a page, with what shows that they are its seller.

A brand counts where sellers stand: in the head, in thanks, in a web address, and in the foot. Between the prices stand
goods, which are called like brands too. A brand that is called like a common word needs another sign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise

from expensed.extraction.brands.keys import folded, skeleton
from expensed.extraction.brands.kinds import find_kind
from expensed.extraction.brands.known_brands import Brand, Spelling, find_misread, find_spelling
from expensed.extraction.page.addresses import is_address
from expensed.extraction.page.lines import Row, join_boxes
from expensed.extraction.word_lists import load_word_lists
from expensed.model.reading import Box

_PRICE = re.compile(r"\d[.,]\d\d(?!\d)|\d\s?(?:[$€£¥₹]|RM|Rp|kr)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s/,;:()|]+")
_ADDRESS = re.compile(
    r"(?:https?\W*)?(?:www\s?[.,]\s?)?([\w-]{2,40}(?:[.,][\w-]{2,30})*)[.,]([a-z]{2,6})\b(?!\.\d)", re.IGNORECASE
)
_DOT = re.compile(r"[.,]\s?[A-Za-z]{2}")
_MAIL = re.compile(r"[\w.+-]+\s?@\s?([\w-]+(?:\.[\w-]+)*)\.[a-z]{2,6}\b", re.IGNORECASE)
_ENDINGS = frozenset(
    """com net org info biz eu co shop store app de at ch fr es pt it nl be uk ie us ca mx br ar cl pe au nz za in my sg
    id ph th vn cn hk tw jp kr tr il ae sa eg ru ua by kz pl cz sk hu ro bg gr hr rs si ba mk lt lv ee fi se no dk
    is""".split()
)
_SECOND_LEVEL = frozenset("co com net org gov ac or ne go edu gob".split())
_HEAD_ROWS, _FOOT_ROWS, _LEAST_HEAD = 14, 14, 5
_MOST_TOKENS, _LONGEST = 12, 5
_LONGEST_OVER_LINES = 40
_SHORTEST_INSIDE, _FEWEST_LETTERS = 5, 2
_SHORTEST_SURE = 5
"""Letters of a brand that needs no second sign where it does not stand alone."""
_FIRST_ROWS, _TITLE_ROWS = 4, 2
_SHORTEST_IN_TITLE = 4
_EASTERN = "\u0e00"
_TELECOM = frozenset(("shop/telecommunication", "shop/mobile_phone", "office/telecommunication"))


class Evidence(StrEnum):
    """How a brand stands on the page, strongest first."""

    WEB = "web address"
    ALONE = "a line of its own"
    THANKS = "in thanks"
    BEGINS = "at a line's beginning"
    ENDS = "at a line's end"
    INSIDE = "inside a line"


@dataclass(frozen=True, slots=True)
class BrandFound:
    """A brand, its best place on the page, and every way in which the page shows it."""

    brand: str
    trades: tuple[str, ...]
    countries: tuple[str, ...]
    """ISO codes; none means anywhere."""
    row: int
    page: int
    box: Box
    text: str
    """The letters on the page that stand for it."""
    evidence: Evidence
    seen_as: frozenset[Evidence]
    likeness: float
    """1 if spelt as known, less for misread letters."""
    is_common: bool
    """Whether its name is a common word."""
    is_in_head: bool
    mentions: int
    """In how many rows it stands."""
    is_backed: bool
    """Whether something besides its name speaks for it: address, thanks, another mention, its kind of shop."""

    @property
    def is_sure(self) -> bool:
        """Whether the page shows beyond its mere letters that this is the seller."""
        if self.is_backed:
            return True
        if self.is_common or self.likeness < 1.0 or self.evidence not in (Evidence.ALONE, Evidence.BEGINS):
            return False
        size = len(skeleton(self.text))
        return size >= _SHORTEST_IN_TITLE if self.row < _TITLE_ROWS else size >= _SHORTEST_SURE and self._is_heading

    @property
    def _is_heading(self) -> bool:
        return self.evidence is Evidence.ALONE and self.row < _FIRST_ROWS


@dataclass(frozen=True, slots=True)
class _Mention:
    brands: tuple[Brand, ...]
    is_common: bool
    row: Row
    box: Box
    text: str
    evidence: Evidence
    likeness: float
    is_in_head: bool


def find_brands(rows: Sequence[Row], country: str | None = None) -> list[BrandFound]:
    """Return the brands that the page shows as its seller's, likeliest first.

    `country` (ISO) decides between brands of one name, and against brands of other countries.
    """
    head = _head(rows)
    mentions = [mention for row in rows for mention in _web_mentions(row)]
    over_two = {upper.index: mention for upper, lower in pairwise(head) for mention in _over_two_lines(upper, lower)}
    within = {row for index in over_two for row in (index, index + 1)}
    mentions += [*over_two.values()]
    mentions += [mention for row in head if row.index not in within for mention in _head_mentions(row)]
    mentions += [mention for row in _foot(rows, head) for mention in _foot_mentions(row)]
    grouped: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.brands[0].name].append(mention)
    found = (_found(group, rows, country) for group in grouped.values())
    return sorted((each for each in found if each is not None), key=_rank)


def _rank(found: BrandFound) -> tuple[bool, bool, int, float, int, int]:
    order = list(Evidence).index(found.evidence)
    return (not found.is_sure, found.is_common, order, -found.likeness, -len(found.text), found.row)


def _found(group: Sequence[_Mention], rows: Sequence[Row], country: str | None) -> BrandFound | None:
    best = min(group, key=lambda each: (list(Evidence).index(each.evidence), -each.likeness, each.row.index))
    seen = frozenset(each.evidence for each in group)
    brands = [each for each in best.brands if not (country and each.countries) or country in each.countries]
    if not brands:
        return None
    trades = tuple(dict.fromkeys(trade for brand in brands for trade in brand.trades))
    everywhere = any(not brand.countries for brand in brands)
    countries = () if everywhere else tuple(sorted({code for brand in brands for code in brand.countries}))
    mentions = len({each.row.index for each in group})
    place = min(group, key=lambda each: (each.evidence is Evidence.WEB, -each.likeness, each.row.index))
    found = BrandFound(
        brand=brands[0].name if _is_alike(brands[0].name, place.text) else place.text,
        trades=trades,
        countries=countries,
        row=place.row.index,
        page=place.row.page,
        box=place.box,
        text=place.text,
        evidence=best.evidence,
        seen_as=seen,
        likeness=max(each.likeness for each in group),
        is_common=all(each.is_common for each in group),
        is_in_head=any(each.is_in_head for each in group),
        mentions=mentions,
        is_backed=False,
    )
    return replace(found, is_backed=_is_backed(found, rows, country))


def _is_alike(name: str, text: str) -> bool:
    """Whether both are written in one script, so that the brand's own spelling can stand for the page's."""
    return folded(name).isascii() == folded(text).isascii()


def _is_backed(found: BrandFound, rows: Sequence[Row], country: str | None) -> bool:
    if not found.seen_as.isdisjoint((Evidence.WEB, Evidence.THANKS)):
        return True
    is_heading = found.is_in_head and found.evidence is Evidence.ALONE
    if found.mentions > 1 and is_heading and not found.is_common:
        return True
    if not is_heading or found.row >= _FIRST_ROWS:
        return False
    return (bool(country) and country in found.countries) or _has_kind(found, rows)


def _has_kind(found: BrandFound, rows: Sequence[Row]) -> bool:
    """Whether another line of the head says what kind of shop this is, and it is the brand's."""
    near = (row.text for row in _head(rows) if skeleton(found.text) not in skeleton(row.text))
    return any(trade in found.trades for text in near for trade in find_kind(text).called)


def _head(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows before the first price, a few at least."""
    priced = next((place for place, row in enumerate(rows) if _PRICE.search(row.text)), len(rows))
    return [row for row in rows[: max(_LEAST_HEAD, min(priced, _HEAD_ROWS))] if not _PRICE.search(row.text)]


def _foot(rows: Sequence[Row], head: Sequence[Row]) -> Sequence[Row]:
    after = head[-1].index + 1 if head else 0
    return [row for row in rows[max(after, len(rows) - _FOOT_ROWS) :] if not _PRICE.search(row.text)]


def _head_mentions(row: Row) -> Iterator[_Mention]:
    """Yield brands in a row of the head: whole cells even if misread, else words in a row."""
    if _is_about_others(row.text):
        return
    whole = [each for text, box in _cells(row) for each in _whole(text, row, box, is_in_head=True)]
    if not is_address(row.text):
        yield from whole
        yield from _parts(row, is_in_head=True)
    else:
        yield from (each for each in whole if each.likeness == 1.0 and not each.is_common)


def _over_two_lines(upper: Row, lower: Row) -> Iterator[_Mention]:
    """Yield the brand whose name is two lines of the head, one below the other: `GREEN` and `ACORN`."""
    if (
        lower.index != upper.index + 1
        or upper.page != lower.page
        or _is_about_others(upper.text)
        or is_address(lower.text)
    ):
        return
    text = f"{upper.text} {lower.text}"
    known = find_spelling(skeleton(text)) if len(text) <= _LONGEST_OVER_LINES else None
    if known is not None and not known.is_common and not known.is_web and _is_word(upper.text) and _is_word(lower.text):
        yield _mention(known, upper, join_boxes([upper.box, lower.box]), text, Evidence.ALONE, 1.0, is_in_head=True)


def _foot_mentions(row: Row) -> Iterator[_Mention]:
    if _is_about_others(row.text) or is_address(row.text):
        return
    for text, box in _cells(row):
        yield from _whole(text, row, box, is_in_head=False)
    parts = _parts(row, is_in_head=False)
    yield from (each for each in parts if not each.is_common or each.evidence is Evidence.THANKS)


def _cells(row: Row) -> Iterator[tuple[str, Box]]:
    yield row.text, row.box
    if len(row.cells) > 1:
        yield from ((cell.text, cell.box) for cell in row.cells)


def _whole(text: str, row: Row, box: Box, *, is_in_head: bool) -> Iterator[_Mention]:
    """Yield the brand whose name this is."""
    key = skeleton(text)
    known = None if _has_word(text, "thanks") else find_spelling(key)
    likeness = 1.0
    if known is None and row.index < _FIRST_ROWS and not find_kind(text).called:
        known = find_misread(key)
        likeness = 1.0 - 1.0 / max(1, len(key))
    if known is not None and not known.is_web and _is_word(text):
        yield _mention(known, row, box, text, Evidence.ALONE, likeness, is_in_head=is_in_head)


def _parts(row: Row, *, is_in_head: bool) -> Iterator[_Mention]:
    """Yield brands that are some words of a row, the longest first; no word counts twice."""
    text = row.text
    tokens = list(_TOKEN.finditer(text))[:_MOST_TOKENS]
    keys = [skeleton(token[0]) for token in tokens]
    thanks = _has_word(text, "thanks")
    taken = 0
    for start in range(len(tokens)):
        if start < taken:
            continue
        for end in range(min(len(tokens), start + _LONGEST), start, -1):
            known = None if end - start == len(tokens) else find_spelling("".join(keys[start:end]))
            part = text[tokens[start].start() : tokens[end - 1].end()]
            if known is None or known.is_web or not _is_word(part) or _has_word(part, "thanks"):
                continue
            evidence = _evidence(start, end, len(tokens))
            is_place = start > 0 and end == len(tokens) and _has_word(tokens[start - 1][0], "at")
            if thanks and (is_place or not known.is_common):
                evidence = Evidence.THANKS
            if not _is_enough(known, evidence):
                continue
            yield _mention(known, row, row.box, part, evidence, 1.0, is_in_head=is_in_head)
            taken = end
            break


def _is_word(text: str) -> bool:
    """Whether these are letters rather than figures, which look like letters."""
    letters = sum(map(str.isalpha, text))
    return letters >= _FEWEST_LETTERS and letters > sum(map(str.isdecimal, text))


def _evidence(start: int, end: int, count: int) -> Evidence:
    if start == 0:
        return Evidence.BEGINS
    return Evidence.ENDS if end == count else Evidence.INSIDE


def _is_enough(known: Spelling, evidence: Evidence) -> bool:
    """Whether the letters suffice among others: a short one and a common word only where a line begins or thanks."""
    if known.key[0] >= _EASTERN:
        return True
    if evidence in (Evidence.THANKS, Evidence.BEGINS):
        return len(known.key) > 2
    return not known.is_common and len(known.key) >= _SHORTEST_INSIDE


def _web_mentions(row: Row) -> Iterator[_Mention]:
    """Yield the brands whose web or mail addresses stand in a row."""
    if not _DOT.search(row.text):
        return
    for host, is_mail in _hosts(row.text):
        known = find_spelling(skeleton(host))
        if known is not None and not _has_word(host, "hosts") and not (is_mail and _gives_mail(known)):
            yield _mention(known, row, row.box, host, Evidence.WEB, 1.0, is_in_head=False)


def _gives_mail(known: Spelling) -> bool:
    """Whether this brand's customers have mail addresses with its name."""
    return any(not _TELECOM.isdisjoint(brand.trades) for brand in known.brands)


def _hosts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the names before the endings of web addresses, and whether they are of mail."""
    mails = list(_MAIL.finditer(text))
    for found in mails:
        yield _own_part(found[1]), True
    if mails or "@" in text:
        return
    for found in _ADDRESS.finditer(text):
        if found[2].lower() in _ENDINGS and (_is_plain(found[0]) or "www" in found[0].lower()):
            yield _own_part(found[1]), False


def _is_plain(address: str) -> bool:
    """Whether this looks like an address although it has no `www`: one word, a full stop, an ending in lower case."""
    return "," not in address and address == address.strip() and (address.islower() or address.isupper())


def _own_part(host: str) -> str:
    parts = re.split(r"[.,]", host.lower())
    if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
        parts = parts[:-1]
    return parts[-1].removeprefix("www")


def _mention(
    known: Spelling, row: Row, box: Box, text: str, evidence: Evidence, likeness: float, *, is_in_head: bool
) -> _Mention:
    is_common = known.is_common and evidence is not Evidence.WEB
    return _Mention(known.brands, is_common, row, box, text, evidence, likeness, is_in_head)


def _is_about_others(text: str) -> bool:
    return _has_word(text, "other") and not _has_word(text, "thanks")


def _has_word(text: str, kind: str) -> bool:
    whole, begun = _words()[kind]
    tokens = re.findall(r"[\w-]+", folded(text))
    return any(token in whole or token.startswith(begun) for token in tokens)


@cache
def _words() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    return {kind: _split(words) for kind, words in load_word_lists("brands", "data/words").items()}


def _split(words: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    words = [folded(word) for word in words]
    whole = frozenset(word for word in words if not word.endswith("*"))
    return whole, tuple(word[:-1] for word in words if word.endswith("*"))
