"""Recognise lines of an address: streets, postal codes with their towns, in many countries."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = (
    r"\bjalan\b|\bjln\b|\bjl\b|\blot\b|\bno\.?\s?\d|\btaman\b|lorong|\bbandar\b|seksyen|kampung|\bkg\.|persiaran|lebuh",
    r"\bblok\b|\bblock\b|\blevel\b|\bfloor\b|\bflr\b|\bunit\b|\bsuite\b|street|\bst\.|\bst\b$|\bave?(?:nue)?\b",
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
_ONE_FOR_L = re.compile(r"(?<=[^\W\d_]{2})1(?!\d)")
_TOWN = re.compile(r"(?<![\d.,-])(?:[A-Z]{1,2}-)?\d{4,6}\s+([^\W\d_][\w .'-]{2,30})$")
_STATE = re.compile(
    r"[ ,](?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]"
    r"|W[AVIY]|DC)(?:\s\d{5}(?:-\d{4})?)?$"
)


def has_address_words(text: str) -> bool:
    """Whether the text contains a word or a postal code of an address."""
    return bool(_ADDRESS.search(_ONE_FOR_L.sub("l", text)))


@lru_cache(maxsize=2_000)
def is_address(text: str) -> bool:
    """Whether this is a line of an address: a street with its number, a postal code with its town.

    A quantity before goods looks like a house number.
    """
    return bool(_STREET.search(text) or _ADDRESS.search(text))


def find_town(text: str) -> str | None:
    """Return the town after a postal code at the end of a line."""
    match = _TOWN.search(text)
    return match[1] if match else None


def is_american_town(text: str) -> bool:
    """Whether this is like `Springfield, IL`, with or without its ZIP code."""
    return bool(_STATE.search(text))
