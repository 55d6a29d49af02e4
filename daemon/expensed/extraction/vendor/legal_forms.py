"""Recognise legal forms of companies in many countries, even with misread letters."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from expensed.languages.scripts import UNSPACED, Script, alike, script_of
from expensed.languages.vocabulary import load_vocabulary

_BEFORE = r"(?<![^\W_])"
_AFTER = r"\.?(?![^\W_])"

_ANYWHERE: dict[str, str] = {
    "Sdn Bhd": r"s[do0]n[\s.,]{0,3}b[hn][do0]|s/b|sendirian\s+berhad",
    "Bhd": r"berhad|bhd",
    "GmbH & Co. KG": r"(?:gmbh|ag|ug)\s?(?:&|und|\+|u\.)\s?co\.?\s?(?:kgaa|kg|ohg)",
    "GmbH": r"g?gmbh|ges\.?\s?m\.?\s?b\.?\s?h|g\.m\.b\.h|mbh",
    "UG": r"ug\s?\(haftungsbeschr[^)]{0,12}\)",
    "KGaA": r"kgaa",
    "oHG": r"ohg",
    "e.K.": r"e\.\s?k(?:fm|fr)?",
    "eG": r"e\.\s?g|genossenschaft",
    "Inc.": r"inc|incorporated",
    "LLC": r"llc|l\.l\.c",
    "LLP": r"llp",
    "Corp.": r"corp|corporation",
    "Pty Ltd": r"pty\.?(?:\s?ltd)?",
    "Pte Ltd": r"pte\.?(?:\s?ltd)?",
    "Pvt Ltd": r"(?:pvt|private)\.?\s?(?:ltd|limited)|pvt",
    "Ltd": r"ltd|limited",
    "PLC": r"plc",
    "SARL": r"s\.?\s?[aà]\.?\s?r\.?\s?l|eurl|sagl",
    "SAS": r"s\.a\.s\.?u?|sasu",
    "S.r.l.": r"s\.\s?r\.\s?l\.?s?|srls",
    "S.p.A.": r"s\.\s?p\.\s?a",
    "S.n.c.": r"s\.\s?n\.\s?c",
    "S.L.": r"s\.\s?l\.?\s?u?(?=\.)|s\.l",
    "Lda": r"ld[aª]|limitada|ltda",
    "B.V.": r"b\.\s?v|bvba",
    "V.O.F.": r"v\.\s?o\.\s?f",
    "A.Ş.": r"(?:san(?:ay[iı])?[.,]?\s?ve\s)?t[iı]c(?:aret)?[.,]?\s?a\.?\s?[şs]",
    "Ltd. Şti.": r"(?:san(?:ay[iı])?[.,]?\s?ve\s)?(?:t[iı]c(?:aret)?[.,]?\s?)?ltd[.,]?\s?[şs]t[iı]",
    "Sp. z o.o.": r"sp\.?\s?z\s?[o0]\.?\s?[o0]|sp[oó][lł]ka\s+z\s+o",
    "s.r.o.": r"(?:spol\.?\s?s\s?|s\.\s?)r\.\s?[o0]",
    "d.o.o.": r"d\.\s?[o0]\.\s?[o0]",
    "Kft.": r"kft|zrt",
    "ApS": r"aps",
}
"""Forms that are hardly ever anything else, by the way they are shown."""
_LAST: dict[str, str] = {
    "AG": r"ag",
    "SA": r"s\.?\s?a",
    "SAS": r"sas",
    "KG": r"kg",
    "SE": r"se",
    "N.V.": r"n\.?v",
    "BV": r"bv",
    "AB": r"ab",
    "AS": r"asa?",
    "A/S": r"a/s",
    "Oy": r"oyj?",
    "a.s.": r"a\.\s?s",
    "S.L.": r"slu?",
    "SRL": r"srl",
    "SpA": r"spa",
    "SNC": r"snc",
    "UG": r"ug",
    "eG": r"eg",
    "GbR": r"gbr",
    "LP": r"lp",
    "Co.": r"co",
}
"""Forms that are also words or units; they count only at the end of a name, or before a dash or a comma."""
_EASTERN = "股份有限公司|有限公司|株式会社|有限会社|合同会社|주식회사|\\(주\\)"

_QUOTES = "[\"'’”״]{0,2}"
_LONG_WORD = 6
"""Shorter words of a form are abbreviations, which may be set with points."""
_FEWEST_CAPITALS = 3
"""Shorter forms in small letters are words, such as `од`, "of"."""
_STOP = r"(?=\s*(?:$|[-–·•|,*(:]))"
_NAMED = (
    *((name, re.compile(f"{_BEFORE}(?:{words}){_AFTER}", re.IGNORECASE)) for name, words in _ANYWHERE.items()),
    *((name, re.compile(rf"(?<=[\w.&)]\s)(?:{words}){_AFTER}{_STOP}", re.IGNORECASE)) for name, words in _LAST.items()),
)
_SURE_AT_END = "|".join(words for name, words in _LAST.items() if name != "Co.")


@cache
def _forms_of(script: Script) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the legal forms of a script as usually written, with their patterns."""
    return tuple((form, re.compile(_form_pattern(form, script))) for form in load_vocabulary(script).forms)


@cache
def _any_form_of(script: Script) -> re.Pattern[str]:
    return re.compile("|".join(_form_pattern(form, script) for form in load_vocabulary(script).forms))


def _form_pattern(form: str, script: Script) -> str:
    """Return the pattern of a form: letters of the same shape may stand for its own, and points may be missing.

    Capitals may be read as small letters where a name in quotation marks follows: `Тов "Ромашка"`.
    """
    words = r"\s{0,2}".join(_word_pattern(word, script) for word in re.findall(r'[^\s."]+|"', form))
    if script in UNSPACED:
        return words
    whole = rf"{words}(?![^\W_])"
    if len(form) >= _FEWEST_CAPITALS and form.isalpha():
        whole = rf"(?:{whole}|(?i:{words})(?=\s?[\"«„“]))"
    return rf"(?<![^\W_]){whole}"


def _word_pattern(word: str, script: Script) -> str:
    if word == '"':
        return _QUOTES
    if len(word) >= _LONG_WORD or not word.isalnum():
        return rf"{re.escape(word)}\.?"
    return "".join(rf"[{sign}{alike(sign, script)}]\.?" for sign in word)


class Forms:
    """Legal forms as one pattern, which also knows those of the script that a text is in."""

    def __init__(self, latin: str) -> None:
        self._latin = re.compile(latin, re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first legal form in a text."""
        found = self._latin.search(text)
        if found is None and (script := script_of(text)) is not None:
            found = _any_form_of(script).search(text)
        return found

    def sub(self, instead: str, text: str) -> str:
        """Replace every legal form in a text."""
        rest = self._latin.sub(instead, text)
        script = script_of(text)
        return rest if script is None else _any_form_of(script).sub(instead, rest)


STRONG_LEGAL_FORM = Forms(
    f"{_BEFORE}(?:{'|'.join(_ANYWHERE.values())}){_AFTER}"
    rf"|(?<=[\w.&)]\s)(?:{_SURE_AT_END}){_AFTER}{_STOP}|{_EASTERN}"
)
"""A legal form that makes a line a company's name wherever it is."""
LEGAL_FORM = Forms(f"{_BEFORE}(?:{'|'.join([*_ANYWHERE.values(), *_LAST.values()])}){_AFTER}|{_EASTERN}")
"""Any legal form; short ones may be words of other languages."""

_MISREAD = (
    (re.compile(r"(?<=[A-Z]{3})S/B$"), " S/B"),
    (
        re.compile(r"(?<![^\W_])s(?:[ado0i1l:\[(]{1,2}n?|n)[\W_iIl1]{0,4}[be8][hnm][dluo0z](?![^\W_])", re.IGNORECASE),
        "SDN BHD",
    ),
    (re.compile(r"(?<![^\W_])[G6C](?:m|n|rn)[b6h][HIhn](?![^\W_])"), "GmbH"),
)


_TWO_OF_THREE = re.compile(r"(?<=\w )([^\W_]{3})[ .]{1,2}([^\W_]{3})(?=\W*(?:$|[\d(]))")
"""Two words of three letters at the end of a name."""
_ALIKE = frozenset(("5S", "8S", "$S", "8B", "3B", "EB", "HN", "MN", "0D", "OD", "NH", "MH"))
"""Letters as read and as they should be."""
_MOST_MISREAD = 2


def _is_misread(match: re.Match[str], right: str) -> bool:
    """Whether one letter of the two words was read for another, or two that look like the right ones."""
    pairs = [(one, other) for one, other in zip("".join(match.groups()).upper(), right, strict=True) if one != other]
    return len(pairs) <= 1 or (len(pairs) == _MOST_MISREAD and all("".join(pair) in _ALIKE for pair in pairs))


def mend_legal_form(text: str) -> str:
    """Repair misread legal forms: `SON. BHO.` is a `SDN BHD`, and `000` before Cyrillic letters is `ООО`."""
    for pattern, right in _MISREAD:
        text = pattern.sub(right, text)
    text = _TWO_OF_THREE.sub(lambda match: "SDN BHD" if _is_misread(match, "SDNBHD") else match[0], text)
    script = script_of(text)
    return text if script is None else _any_form_of(script).sub(lambda match: _in_script(match[0], script), text)


def _in_script(form: str, script: Script) -> str:
    """Return a legal form with letters of its script for others of the same shape: `000` is `ООО`."""
    return next(
        (right for right, words in _forms_of(script) if words.fullmatch(form) and len(right) == len(form)), form
    )


def find_legal_form(name: str) -> str | None:
    """Return the legal form in a name as usually written, such as `Sdn Bhd`, `GmbH & Co. KG`, `S.r.l.`, or None."""
    found = [(len(match[0]), match.start(), shown) for shown, form in _NAMED if (match := form.search(name))]
    if found:
        return max(found)[2]
    if eastern := re.search(_EASTERN, name):
        return eastern[0]
    script = script_of(name)
    return None if script is None else next((form for form, words in _forms_of(script) if words.search(name)), None)


@lru_cache(maxsize=2_000)
def without_legal_form(name: str) -> str:
    """Return the name without its legal form."""
    return STRONG_LEGAL_FORM.sub(" ", name).strip(" .,;:-–&")
