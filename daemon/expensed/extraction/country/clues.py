"""Gather the clues to each country on a document, by kind: names, towns, taxes, numbers, post codes, words of tills."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from expensed.extraction.country.decimals import ends_in_thousandths
from expensed.extraction.country.facts import countries_by_title, fold, listed, load_countries, load_tills
from expensed.extraction.country.figures import find_figures, flatten
from expensed.extraction.country.places import find_places
from expensed.extraction.country.words import LANGUAGE, Word, find_words, part_words
from expensed.languages.scripts import Script, count_letters
from expensed.languages.vocabulary import Country as ScriptCountry
from expensed.languages.vocabulary import load_vocabulary
from expensed.model.money import currencies_of_decimals

_MOST_TEXT = 40_000
_FEWEST_LETTERS = 6
"""Letters of a script that a document needs; engines read stray ones into other documents."""
_FEWEST_OWN_LETTERS = 3
_MAIN_SHARE = 0.5
"""The share of letters that makes Chinese, Japanese or Korean the language: shops abroad print names of goods in it."""
_GAP_IN_NUMBER = re.compile(r"(?<=\d)[ ()-]{1,2}(?=\d)")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?) ?[%x]")
_COUNT_AFTER = re.compile(r"\W{0,2}\d{1,2}(?![\d.,%]| ?%)")
"""What follows `Gst` where that counts guests."""
_WEB = re.compile(
    r"(?P<sure>www[.,]|@|https?:|//)?[a-z\d][\w-]{0,40}(?:\.[\w-]{1,40}){0,4}\.(?P<end>[a-z]{2,6})(?![\w@])"
)
_WORDS_TOO = frozenset("in is it no id be at my me sa la to so us am ma pe al ge as".split())
"""Domains that are also words, or appear in `REG.NO`; they need a `www.` or an `@` before them."""
_PLUS_CODE = re.compile(r"(?<![\d.,])(?:\+ ?|(?<!-)00(?=[1-9]\d{1,2}[ -]))(?=[1-9])([\d ()-]{6,20})")
_CODE_AFTER_LABEL = re.compile(
    r"(?:tel|fax|te1|phone|ph|mobile)\W{0,4}(\d{2,3})[ )-]{1,2}(?!\d{3}[ -.]\d{4}(?!\d))(?=[\d -]{6,})"
)
_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:20)?\d{2}(?!\d)")
_PLAIN_TAX = re.compile(r"^\W*tax\W{0,3}(?:\$ ?)?\d*[.,]?\d*\W*$")
_PLAIN_TAX_COUNTRIES = ("US", "CA")
"""Where a sales tax is called just that."""
_MONTHS = 12
_UNSHARED = frozenset(("language", "day_first", "month_first", "plain_tax", "script", "thousandths"))
"""Kinds that many countries share by their nature."""


@dataclass(slots=True)
class Clues:
    """The clues to one country: for each kind the words found, with how much each tells."""

    words: dict[str, dict[str, float]] = field(default_factory=dict)

    def add(self, kind: str, word: str) -> None:
        """Add a word to those of its kind."""
        self.words.setdefault(kind, {})[word] = 1.0

    @property
    def features(self) -> dict[str, float]:
        """How much there is of each kind: the logarithm of the number of words, shared ones counting less."""
        return {kind: math.log1p(sum(words.values())) for kind, words in self.words.items()}

    @property
    def sentence(self) -> str:
        """At most three of the clues, those that tell most first."""
        kinds = sorted(self.words, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER))
        return ", ".join(next(iter(self.words[kind])).strip()[:24] for kind in kinds[:3])


_ORDER = (
    *(
        "name",
        "script name",
        "region_post",
        "number",
        "city",
        "script city",
        "post",
        "rate",
        "region",
        "code",
        "tax_word",
    ),
    *("script tax", "form", "script form", "phone", "web", "word", "script language", "tax", "plain_tax", "street"),
)
"""Kinds of clue in the order in which a sentence names them."""


def find_clues(texts: Sequence[str]) -> dict[str, Clues]:
    """Return the clues to each country in rows of text, by ISO 3166 code."""
    found = {code: Clues() for code in load_countries()}
    text = "\n".join(texts)[:_MOST_TEXT]
    folded = fold(part_words(text)).split("\n")
    named = _words_of_name(folded[0])
    words = [word for word in find_words(folded) if not _is_part_of_name(word, named)]
    labelled: dict[int, set[str]] = {}
    for word in words:
        _add_word(word, folded[word.row], found, labelled)
    for figure in find_figures(text, labelled):
        found[figure.country].add(figure.kind, figure.text)
    for place in find_places(text):
        found[place.country].add("region_post" if place.is_certain else "region", place.text)
    _add_addresses(fold(text), found)
    _add_days(folded, found)
    _add_languages(words, found)
    _add_scripts(text, found)
    _add_thousandths(texts, found)
    _weigh(found.values())
    return found


def _words_of_name(row: str) -> int:
    """Return how many words the first row has; none if it is an address, with a number or a comma."""
    return 0 if "," in row or any(map(str.isdigit, row)) else len(row.split())


def _is_part_of_name(word: Word, named: int) -> bool:
    """Whether a place stands in the first row beside other words: `New York Deli` is anywhere."""
    is_place = any(kind in ("city", "name") for _, kind in word.meanings)
    return word.row == 0 and is_place and named > len(word.phrase.split())


def _weigh(found: Iterable[Clues]) -> None:
    """Let a word tell the less, the more countries it speaks for."""
    clues = [each for each in found if each.words]
    counts = Counter((kind, word) for each in clues for kind, words in each.words.items() for word in words)
    for each in clues:
        for kind, words in each.words.items():
            for word in words:
                words[word] = counts[kind, word] ** -0.3 if kind not in _UNSHARED else 1.0


def _add_thousandths(texts: Sequence[str], found: Mapping[str, Clues]) -> None:
    """Add where amounts have three decimals if nearly all sums on the document have."""
    if ends_in_thousandths(texts):
        for code, country in load_countries().items():
            if country.currency in currencies_of_decimals(3):
                found[code].add("thousandths", "three decimals")


def _add_word(word: Word, row: str, found: Mapping[str, Clues], labelled: dict[int, set[str]]) -> None:
    for code, kind in word.meanings:
        if kind == LANGUAGE or (
            kind in ("tax", "tax_word") and word.phrase == "gst" and _COUNT_AFTER.match(row, word.end)
        ):
            continue
        if kind in ("tax", "tax_word"):
            labelled.setdefault(word.row, set()).add(code)
        found[code].add(kind, word.phrase)
        if kind == "tax" and (rate := _rate(code, word, row)):
            found[code].add("rate", f"{word.phrase} {rate}%")


def _rate(code: str, word: Word, row: str) -> str:
    """Return the rate in the row if the tax has it in that country."""
    known = _rates(code, word.phrase)
    return next((written for written in _percents(row) if float(written) in known), "")


@lru_cache(maxsize=64)
def _percents(row: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[1].replace(",", ".") for match in _PERCENT.finditer(row)))


@cache
def _rates(code: str, phrase: str) -> frozenset[float]:
    taxes = load_countries()[code].taxes
    return frozenset(float(rate) for name, rates in taxes.items() if fold(name) == phrase for rate in listed(rates))


def _add_addresses(text: str, found: Mapping[str, Clues]) -> None:
    """Add the countries of web and mail addresses and of telephones' codes."""
    for match in _WEB.finditer(text) if "." in text else ():
        end = match["end"]
        if end in _WORDS_TOO and not match["sure"]:
            continue
        for code in _codes_by_end().get(end, ()):
            found[code].add("web", match[0])
    flat = flatten(text)
    numbers = [re.sub(r"\D", "", match[1]) for match in _PLUS_CODE.finditer(flat)]
    numbers += [match[1] for match in _CODE_AFTER_LABEL.finditer(flat)]
    for number in numbers:
        for code in _codes_by_prefix(number):
            found[code].add("code", f"+{load_countries()[code].code}")


@cache
def _codes_by_end() -> dict[str, tuple[str, ...]]:
    ends: dict[str, tuple[str, ...]] = {}
    for code, country in load_countries().items():
        for end in listed(country.web):
            ends[end] = (*ends.get(end, ()), code)
    return ends


def _codes_by_prefix(number: str) -> list[str]:
    """Return the countries of the longest code with which an international number begins."""
    fitting = [
        (country.code, code)
        for code, country in load_countries().items()
        if country.code and number.startswith(country.code)
    ]
    longest = max((len(prefix) for prefix, _ in fitting), default=0)
    return [code for prefix, code in fitting if len(prefix) == longest]


def _add_days(rows: Sequence[str], found: Mapping[str, Clues]) -> None:
    """Add where the month stands first in dates that have only one reading, and where a tax is called just that."""
    pairs = [(int(match[1]), int(match[2])) for row in rows if "/" in row for match in _DAY.finditer(row)]
    month_first = set(listed(load_tills().month_first))
    for first, second in pairs:
        if first <= _MONTHS < second:
            for code in month_first:
                found[code].add("month_first", f"{first}/{second}")
        elif second <= _MONTHS < first:
            for code in found.keys() - {"US"}:
                found[code].add("day_first", f"{first}/{second}")
    if any(_PLAIN_TAX.match(cell) for row in rows if "tax" in row for cell in row.split("  ")):
        for code in _PLAIN_TAX_COUNTRIES:
            found[code].add("plain_tax", "tax")


def _add_languages(words: Sequence[Word], found: Mapping[str, Clues]) -> None:
    spoken: dict[str, set[str]] = {}
    for word in words:
        for code, kind in word.meanings:
            if kind == LANGUAGE:
                spoken.setdefault(code, set()).add(word.phrase)
    for code, country in load_countries().items():
        languages = [sorted(spoken[each]) for each in listed(country.languages) if each in spoken]
        for phrase in max(languages, key=len, default=[]):
            found[code].add(LANGUAGE, phrase)


def _add_scripts(text: str, found: Mapping[str, Clues]) -> None:
    """Add the clues in other scripts than the Latin; one word of each kind."""
    scripts = count_letters(text) if not text.isascii() else {}
    for script in (script for script, letters in scripts.items() if letters >= _FEWEST_LETTERS):
        words = dict(load_vocabulary(script).clues.in_text(text))
        is_main = script is not Script.EASTERN or scripts[script] >= _MAIN_SHARE * sum(map(str.isalpha, text))
        for title, country in load_vocabulary(script).countries:
            clues = found[countries_by_title()[title]]
            if is_main:
                clues.add("script", f"{script} letters")
            for word, kinds in words.items():
                for kind in kinds.get(title, ()):
                    clues.add(f"script {kind}", word)
            for kind, word in _by_figures(country, text).items():
                clues.add(kind, word)


def _by_figures(country: ScriptCountry, text: str) -> dict[str, str]:
    """Return the clues in letters that only one language has, and in the numbers of telephones and taxpayers."""
    clues = {}
    if country.letters and sum(map(text.lower().count, country.letters)) >= _FEWEST_OWN_LETTERS:
        clues["script letters"] = f"letters {country.letters}"
    if country.numbers and (match := _masked(country.numbers).search(_GAP_IN_NUMBER.sub("", text))):
        clues["script phone"] = match[0]
    if country.tax_numbers and (match := _masked(country.tax_numbers).search(text)):
        clues["script number"] = match[0]
    return clues


@cache
def _masked(masks: str) -> re.Pattern[str]:
    """Return the pattern of numbers such as `010########`, of which there is a list with commas between them."""
    either = "|".join(mask.strip().replace("#", r"\d") for mask in masks.split(","))
    return re.compile(rf"(?<!\d)(?:{either})(?!\d)")
