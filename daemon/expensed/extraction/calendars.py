"""Dates in a line of text, in every usual style; a numeric date may have two readings, which is left open here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene gennaio gen januari janeiro januari ledna styczen stycznia",
    "feb february februar fevrier fevr fev febrero febbraio februari fevereiro lutego luty",
    "mar march marz maerz mrz mars marzo maart marco mac marca marts",
    "apr april avril avr abril abr aprile kwietnia",
    "may mai mei mayo mag maggio maj maio maja",
    "jun june juni juin junio giugno giu junho jui czerwca",
    "jul july juli juillet juil julio luglio lug julho julai lipca",
    "aug august aout agosto ago augustus augusti ogos sierpnia",
    "sep sept september septembre septiembre settembre set setembro wrzesnia",
    "oct october okt oktober octobre octubre ottobre ott out outubro pazdziernika",
    "nov november novembre noviembre novembro listopada",
    "dec december dez dezember decembre diciembre dic dicembre dezembro desember des dis grudnia",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:(?:19|20)\d{2}|['’]?\d{2})(?!\d|[.,]\d)"
_YEAR_BEFORE_TIME = r"(?:(?:19|20)\d{2}|\d{2})(?=\d{1,2}:\d{2})"
_ANY_YEAR = rf"(?P<year>{_YEAR_BEFORE_TIME}|{_YEAR})"
_SEPARATOR = r" ?[./\-–,] ?"
_NUMERIC = re.compile(
    rf"(?:(?<=:\d\d)|(?<![\d.,]))(?P<one>\d{{1,2}})(?P<sep>{_SEPARATOR})(?P<two>\d{{1,2}}){_SEPARATOR}{_ANY_YEAR}"
)
_SLASH_AS_7 = re.compile(r"(?<!\d)(?P<one>\d{2})[/7](?P<two>\d{2})[/7](?P<year>20\d{2})(?!\d)")
_COMPACT_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])(?P<month>0[1-9]|1[0-2])(?P<year>20[0-4]\d)(?!\d)")
_NUMERIC_SPACED = re.compile(r"(?<![\d.,])(?P<one>\d{2}) (?P<two>\d{2}) (?P<year>20\d{2})(?!\d)")
_ISO = re.compile(
    r"(?<![\d.,])(?P<year>(?:19|20)\d{2})(?: ?[./\-–] ?)(?P<month>\d{1,2})(?: ?[./\-–] ?)"
    r"(?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2})(?!\d(?!\d?:\d{2}))"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|o)?[ .,/\-'’]{{0,3}}(?:de |of )?(?P<name>{_MONTH})(?![a-z])"
    rf"[ .,/\-'’]{{0,3}}(?:de |del )?{_ANY_YEAR}"
)
_DAY_GLUED = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?P<name>{_MONTH})(?P<year>(?:19|20)?\d{{2}})(?!\d)")
_NAMED_DAY = re.compile(
    rf"(?<![a-z])(?P<name>{_MONTH})[ .,\-/]{{0,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[ .,\-/'’]{{1,3}}{_ANY_YEAR}"
)
_CJK = re.compile(r"(?P<era>令和|平成)?(?<!\d)(?P<year>\d{2,4}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日?")
_MISREAD = re.compile(r"(?<=[\d/.\-])[OoIl|](?=[\d/.\-])|(?<![^\W_])[OoIl|](?=\d[/.\-]\d)")
_REPUBLIC_OF_CHINA = 1911
_ERAS = {"令和": 2018, "平成": 1988}
_TWO_TWO_TWO = re.compile(r"(?P<one>\d{2}) ?[./\-–] ?(?P<two>\d{2}) ?[./\-–] ?(?P<three>\d{2})")
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: its reading `first`, and `second` where day and month could be exchanged.

    `first` takes the day to come first.
    """

    first: date | None
    second: date | None
    start: int
    end: int
    four_digit_year: bool

    @property
    def is_ambiguous(self) -> bool:
        """True where both readings are dates and differ."""
        return self.first is not None and self.second is not None and self.first != self.second


def find_dates(line: str) -> list[Written]:
    """All dates in a line, from left to right, without overlaps."""
    text = _folded(line[:_LONGEST_LINE])
    found: list[Written] = []
    for written in sorted(_all(text), key=lambda each: (each.start, -each.end)):
        if not found or written.start >= found[-1].end:
            found.append(written)
    return found


def _folded(line: str) -> str:
    """Lower case without accents, sign for sign as long as the line, digits mended."""
    signs = (unicodedata.normalize("NFD", sign)[0].lower()[:1] or " " for sign in line)
    text = _MISREAD.sub(lambda match: "0" if match[0] in "Oo" else "1", "".join(signs))
    return text.replace("0ct", "oct").replace("n0v", "nov")


def _all(text: str) -> Iterator[Written]:
    for pattern in (_ISO, _COMPACT, _COMPACT_DAY_FIRST, _CJK):
        for match in pattern.finditer(text):
            year = _cjk_year(match) if pattern is _CJK else _year(match["year"])
            yield from _ordered(match, year, int(match["month"]))
    for pattern in (_DAY_NAMED, _DAY_GLUED, _NAMED_DAY):
        for match in pattern.finditer(text):
            yield from _ordered(match, _year(match["year"]), _MONTHS[match["name"]])
    for pattern in (_NUMERIC, _NUMERIC_SPACED, _SLASH_AS_7):
        for match in pattern.finditer(text):
            yield from _numeric(match)


def _ordered(match: re.Match[str], year: int, month: int) -> Iterator[Written]:
    found = _date(year, month, int(match["day"]))
    if found is not None:
        yield Written(found, None, match.start(), match.end(), len(match["year"]) >= 4)


def _numeric(match: re.Match[str]) -> Iterator[Written]:
    year, one, two = _year(match["year"]), int(match["one"]), int(match["two"])
    day_first, month_first = _date(year, two, one), _date(year, one, two)
    if day_first is None and month_first is None:
        return
    yield Written(day_first, month_first, match.start(), match.end(), len(match["year"]) >= 4)


def year_first(text: str) -> date | None:
    """What a date such as `23/11/15` is, should the year stand first; None where it cannot."""
    match = _TWO_TWO_TWO.fullmatch(text.strip())
    return _date(2000 + int(match["one"]), int(match["two"]), int(match["three"])) if match else None


def _cjk_year(match: re.Match[str]) -> int:
    """The year of an era or of the Republic of China; 0, which is no year, where two figures name no era."""
    year = int(match["year"])
    if match["era"]:
        return year + _ERAS[match["era"]]
    if 80 <= year < 200:
        return year + _REPUBLIC_OF_CHINA
    return year if year >= 1000 else 0


def _year(text: str) -> int:
    year = int(text.strip("'’"))
    return year + 2000 if year < 100 else year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
