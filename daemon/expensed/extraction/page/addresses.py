"""Recognise lines of an address: streets, postal codes with their towns, in many countries."""

from __future__ import annotations

import re
from functools import lru_cache

from expensed.languages.scripts import UNSPACED
from expensed.languages.vocabulary import vocabulary_of

_WORDS = (
    r"\bjalan\b|\bjln\b|\bjl\b|\blot\b|\bno\.?\s?\d|\btaman\b|lorong|\bbandar\b|seksyen|kampung|\bkg\.|persiaran|lebuh",
    r"\b(?:blok|block|level|floor|flr|unit|suite)\d{0,3}\b|street|\bst\.|\bst\b$|\bave?(?:nue)?\b",
    r"\broad\b|\brd\b|\bblvd|boulevard|\bdrive\b|\bdr\.?(?:$|,|\s(?:#|suite|apt|unit))|\blane\b|\bln\b|highway|\bhwy\b",
    r"parkway|square|plaza|\bmall\b|stra(?:ß|ss)e\b|str\.|\bstr\b|\bweg\b|weg\s\d|platz|allee|gasse|\brue\b|\bplace\b",
    r"chemin|\bvia\b|piazza|\bcorso\b|\bcalle\b|avenida|\brua\b|\bplein\b|straat|\blaan\b|\bquai\b|\bimpasse\b",
    r"\bcours\s|\broute\sde|\ball[ée]e\b|\bulica\b|\bul\.|\bnám|\blargo\b|\bpra[çc]a\b|\bctra\b|\bpol\.\s?ind|\bpkwy\b",
    r"(?:stra(?:ß|ss)e|str|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|gata|gatan|vej)\.?\s?\d{1,4}\b",
    r"\bp\.?\s?o\.?\s?box|selangor|kuala lumpur|johor|malaysia$|germany|deutschland|singapore\s\d|\b\d{5}\b",
    r"\b[a-z]{2}\s\d{5}\b|\b\d{4}\s?[a-z]{2}\b|\b[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}\b",
)
_ADDRESS = re.compile("|".join(_WORDS), re.IGNORECASE)
_STREET = re.compile(
    r"^[^\d\n]{4,40}[ .,]\d{1,4}\s?[a-zA-Z]?$|^\d{1,5}[a-zA-Z]?,?\s[^\W\d_]{3}|^\D?\d{4,6}\s[^\W\d_]{3}"
)
_STREET_AND_TOWN = re.compile(r"^\W*[^\d\n,]{3,40}[ .]\d{1,4}\s?[^\W\d_]?,\s?[^\W\d_][^\d\n]{1,40}(?:\s\d{4,6})?\W*$")
"""In other scripts than the Latin: a name, a number, a comma, and a town."""
_ABBREVIATED_TOWN = re.compile(r"(?<![^\W_])(?:[мгМГ]|смт|с|д)[.,]\s?[А-ЯІЇЄҐЁ][А-ЯІЇЄҐЁа-яіїєґё]")
"""Cyrillic: `м.Київ`, `г. Самара`."""
_ONE_FOR_L = re.compile(r"(?<=[^\W\d_]{2})1(?!\d)")
_TOWN = re.compile(r"(?<![\d.,-])(?:[A-Z]{1,2}-)?\d{4,6}\s+([^\W\d_][\w .'-]{2,30})$")
_EASTERN_PARTS = re.compile(
    r"(?<=[\u3400-\u9fff])[省市縣县區区郡町村路街巷弄號号樓楼鎮镇鄉]|(?<=[\uac00-\ud7a3])(?:[시구군동읍면로길](?![\uac00-\ud7a3]))|(?<=\d)[號号巷弄樓楼室층호]|丁目|番"
)
_FEWEST_PARTS = 2
_STATE = re.compile(
    r"[ ,](?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]"
    r"|W[AVIY]|DC)(?:[ .]{1,2}\d{5}(?:-\d{4})?|, ?\d{4,5})?$"
    r"|, ?(?:AB|BC|MB|N[BLS]|ON|PE|QC|SK)(?: [A-Z]\d[A-Z] ?\d[A-Z]\d)?$"
)


def has_address_words(text: str) -> bool:
    """Whether the text contains a word or a postal code of an address."""
    return bool(_ADDRESS.search(text) or _ADDRESS.search(_ONE_FOR_L.sub("l", text))) or _has_street(text)


@lru_cache(maxsize=2_000)
def is_address(text: str) -> bool:
    """Whether this is a line of an address: a street with its number, a postal code with its town.

    A quantity before goods looks like a house number.
    """
    if _STREET.search(text) and not _is_no_street(text):
        return True
    return bool(_ADDRESS.search(text)) or _has_street(text) or is_eastern_address(text)


def _has_street(text: str) -> bool:
    """Whether a word of another script than the Latin says that this is an address."""
    words = vocabulary_of(text)
    if words is None:
        return False
    return words.streets.is_in(text) or bool(_STREET_AND_TOWN.match(text) or _ABBREVIATED_TOWN.search(text))


def _is_no_street(text: str) -> bool:
    """Whether a number after words in another script than the Latin is no house number: `Аптека 116`, `緑茶 120`."""
    words = vocabulary_of(text)
    return words is not None and (words.script in UNSPACED or words.trades.is_in(text))


def is_eastern_address(text: str) -> bool:
    """Whether the text goes down from a province, county or town to a number, as in China, Japan, Korea and Taiwan."""
    if "〒" in text:
        return True
    return len(set(_EASTERN_PARTS.findall(text))) >= _FEWEST_PARTS and any(map(str.isdigit, text))


def find_town(text: str) -> str | None:
    """Return the town after a postal code at the end of a line."""
    match = _TOWN.search(text)
    return match[1] if match else None


def is_american_town(text: str) -> bool:
    """Whether this is like `Springfield, IL` or `Winnipeg, MB`, with or without its postal code."""
    return bool(_STATE.search(text))
