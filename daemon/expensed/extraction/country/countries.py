"""Find the country of a document by names, phone numbers, tax words, post codes, web addresses and language.

Two clues of one kind say no more than one. The customer's address says nothing about the seller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from expensed.extraction.country.clues_by_country import COUNTRIES, STATE_AND_ZIP
from expensed.extraction.languages.scripts import count_letters
from expensed.extraction.languages.vocabulary import Country, load_vocabulary
from expensed.extraction.page.lines import Row

WEIGHTS = {"name": 2.4, "city": 1.6, "form": 2.0, "tax": 2.0, "phone": 1.6, "post": 1.4, "web": 1.4, "language": 0.8}
"""The weight of each kind of clue; a lone phone number or web address is often that of a head office abroad."""
_NOT_AMERICAN = re.compile(
    r"\b(?:gst|(?<!:\d\d )pst|hst|qst|tps|tvq|rfc|cuit|rut|iva|efectivo|vuelto)\b", re.IGNORECASE
)
_BILL_TO = re.compile(
    r"\b(?:bill(?:ed)?|sold|ship|invoice)[ -]to\b|\bcustomer\b\s*:?$"
    r"|^(?:to|an|à|kunde|cliente?|klant|destinataire)\s*:?$"
    r"|\b(?:rechnung an|rechnungsempfänger|facturé à|adresse de facturation|factuur aan|facturar a)\b",
    re.IGNORECASE,
)
_CUSTOMER_ROWS = 3
_MOST_TEXT = 40_000
_FEWEST_OWN_LETTERS = 3
_GAP_IN_NUMBER = re.compile(r"(?<=\d)[ ()-]{1,2}(?=\d)")
_FEWEST_LETTERS = 6
"""Letters of a script that a document needs; engines read stray ones into other documents."""

_WORDS_TOO = frozenset("in is it no id be at my me sa la to so".split())
"""Domain endings that are also words, or appear in `REG.NO`; they need a `www.` or an `@` before them."""


def _address(pattern: str) -> re.Pattern[str]:
    """Return the pattern of a web or mail address with this ending."""
    bare = "" if pattern in _WORDS_TOO else rf"|\b[a-z][a-z\d-]{{2,30}}(?:\.com?)?\.{pattern}\b"
    return re.compile(rf"(?:www\.|@)[\w.-]{{2,40}}\.{pattern}\b{bare}")


_NOT_LITERAL = re.compile(
    r"\(\?<?[!=][^)]*\)|\[[^\]]*\](?:[*+?]|\{[^}]*\})?|\([^)]*\)(?:[*+?]|\{[^}]*\})?|\\.(?:[*+?]|\{[^}]*\})?"
    r"|.(?:[*?]|\{[^}]*\})|[.^$+]"
)


_ESCAPED_SIGN = re.compile(r"\\([+.])(?![*+?{])")
_SIGN_TO_MARK = {"+": "\1", ".": "\2"}
_MARK_TO_SIGN = str.maketrans({mark: sign for sign, mark in _SIGN_TO_MARK.items()})
_CLASS = re.compile(r"\\.|\[[^\]]*\]")
_LIST = re.compile(r"\\b\(\?:([^()]*)\)(\\b)?")


def _alternatives(pattern: str) -> list[str]:
    """Split a pattern at the bars that are outside all brackets, or inside the one pair that encloses everything."""
    if listed := _LIST.fullmatch(pattern):
        return [rf"\b{word}{listed[2] or ''}" for word in listed[1].split("|")]
    parts, depth, start = [], 0, 0
    plain = _CLASS.sub(lambda match: "." * len(match[0]), pattern)
    for place, sign in enumerate(plain):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def required_literal(alternative: str) -> str:
    """Return the longest text that every match must contain; searching it first is 50 times as fast as the pattern."""
    escaped = _ESCAPED_SIGN.sub(lambda match: _SIGN_TO_MARK[match[1]], alternative)
    literal = max(_NOT_LITERAL.sub("\0", escaped).split("\0"), key=len)
    return literal.translate(_MARK_TO_SIGN)


_Test = tuple[str, re.Pattern[str]]


def _tests(kind: str, pattern: str) -> tuple[_Test, ...]:
    """Return each alternative's required text and pattern."""
    if kind == "web":
        return tuple((f".{ending}", _address(ending)) for ending in pattern.split())
    return tuple((required_literal(each), re.compile(each)) for each in _alternatives(pattern))


def _first(tests: Sequence[_Test], text: str) -> str | None:
    """Return the first clue that is in the text."""
    for literal, pattern in tests:
        if literal in text and (match := pattern.search(text)):
            return match[0]
    return None


PATTERNS = tuple(
    (country, code, tuple((kind, _tests(kind, pattern)) for kind, pattern in kinds.items()))
    for country, code, kinds in COUNTRIES
)
"""For each country its currency, and its tests by kind of clue."""
_STATE_AND_ZIP = re.compile(STATE_AND_ZIP)
_CANADIAN_PROVINCE = re.compile(r"\b[A-Z][A-Za-z]+,? (?:AB|BC|MB|NB|NL|NS|ON|PE|QC|SK)\b")


@dataclass(frozen=True, slots=True)
class Clues:
    """The clues for one currency: the country's name, and the words found by kind."""

    country: str
    code: str
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """The weight of all kinds together."""
        return sum(WEIGHTS[kind] for kind in self.words)

    @property
    def sentence(self) -> str:
        """The country with at most three of its clues: `Austria: wien, atu12345678`."""
        return f"{self.country}: " + ", ".join(word.strip()[:24] for word in list(self.words.values())[:3])


def find_countries(rows: Sequence[Row]) -> dict[str, Clues]:
    """Return for each currency the country with the most clues, ignoring the customer's rows."""
    text = "\n".join(row.text for row in without_customer(rows))[:_MOST_TEXT]
    lower = text.lower()
    best: dict[str, Clues] = {}
    in_scripts = _in_scripts(text)
    for country, code, kinds in PATTERNS:
        words = {kind: word for kind, tests in kinds if (word := _first(tests, lower)) is not None}
        words = words | (in_scripts.pop((country, code), {}) | words)
        if code == "USD":
            words = _american(words, text)
        elif code == "CAD" and (province := _CANADIAN_PROVINCE.search(text)):
            words.setdefault("post", province[0])
        _keep(Clues(country, code, words), best)
    for (country, code), words in in_scripts.items():
        _keep(Clues(country, code, words), best)
    return best


def _keep(clues: Clues, best: dict[str, Clues]) -> None:
    if clues.words and (clues.code not in best or clues.weight > best[clues.code].weight):
        best[clues.code] = clues


def _in_scripts(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return the clues in other scripts than the Latin, by country and currency; one word of each kind."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    scripts = count_letters(text) if not text.isascii() else {}
    for script in (script for script, letters in scripts.items() if letters >= _FEWEST_LETTERS):
        words = dict(load_vocabulary(script).clues.in_text(text))
        for name, country in load_vocabulary(script).countries:
            own = {kind: word for word, clues in reversed(words.items()) for kind in clues.get(name, ())}
            found[name, country.currency] = _by_figures(country, text) | own
    return found


def _by_figures(country: Country, text: str) -> dict[str, str]:
    """Return the clues in letters that only one language has, and in the numbers of telephones and taxpayers."""
    clues = {}
    if country.letters and sum(map(text.lower().count, country.letters)) >= _FEWEST_OWN_LETTERS:
        clues["language"] = f"letters {country.letters}"
    if country.phone and country.phone in text:
        clues["phone"] = country.phone
    elif country.numbers and (match := _masked(country.numbers).search(_GAP_IN_NUMBER.sub("", text))):
        clues["phone"] = match[0]
    if country.tax_numbers and (match := _masked(country.tax_numbers).search(text)):
        clues["tax"] = match[0]
    return clues


@cache
def _masked(masks: str) -> re.Pattern[str]:
    """Return the pattern of numbers such as `010########`, of which there is a list with commas between them."""
    either = "|".join(mask.strip().replace("#", r"\d") for mask in masks.split(","))
    return re.compile(rf"(?<!\d)(?:{either})(?!\d)")


def without_customer(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without the customer's address, which says nothing about the seller's country."""
    heads = [index for index, row in enumerate(rows) if _BILL_TO.search(row.text)]
    return [row for index, row in enumerate(rows) if not any(head <= index <= head + _CUSTOMER_ROWS for head in heads)]


def _american(words: dict[str, str], text: str) -> dict[str, str]:
    """Return the US clues, none if a tax or word of another country appears; state and ZIP code are the best."""
    if _NOT_AMERICAN.search(text):
        return {}
    state = _STATE_AND_ZIP.search(text)
    if state:
        return words | {"post": state[0]} | ({} if "name" in words else {"name": state[0]})
    return words
