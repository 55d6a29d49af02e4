"""Find dates in a line of text, in every usual style; a numeric date may keep two readings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from expensed.extraction.date.month_names import MonthNames
from expensed.extraction.word_lists import load_word_lists
from expensed.languages.scripts import Script, fold_variants, has_loose_marks, script_of
from expensed.languages.vocabulary import load_vocabulary

_MONTHS = {name: number for number, names in enumerate(load_word_lists("date", "months").values(), 1) for name in names}
_ALSO_WORDS = frozenset("mart mac set out noi mag ago".split())
"""`7 MART 24` and `1 SET 12` are dates only with a four-digit year."""
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"\d{1,2}:[0-5]\d"
_WITHIN = r"(?<=\d)[a-gi-su-z]\d"
"""A letter among digits, such as the misread `Z` of `20Z4`; `t` and `h` may introduce a time."""
_YEAR = rf"(?:(?:19|20|25)\d{{2}}|['’]?\d{{2}})(?!\d|:[0-5]\d|[.,](?!{_CLOCK})\d|{_WITHIN})"
_YEAR_BEFORE_TIME = r"(?:(?:19|20|25)\d{2}|\d{2})(?=\d{1,2}:[0-5]\d)"
_ANY_YEAR = rf"(?P<year>{_YEAR_BEFORE_TIME}|{_YEAR})"
_SEPARATOR = r" ?[./\-–,] ?"
_START = r"(?<!\d)(?<!\d[.,/])"
"""Not inside a number; a point or comma before it may end a word."""
_NEXT = r"(?:/(?!\d{1,2}:|\d{6}(?!\d))\d|-\d{3}|-\d{1,2}(?![\d:/.]))"
"""What makes it the beginning of a longer number, such as `2024-09-15-0042`; not a time, or the end of a period."""
_NUMERIC = re.compile(
    rf"(?:(?<=:\d\d)|{_START})(?P<one>\d{{1,2}})(?P<sep>{_SEPARATOR})(?P<two>\d{{1,2}})(?P<sep2>{_SEPARATOR}){_ANY_YEAR}"
    rf"(?!{_NEXT})"
)
_SLASH_AS_7 = re.compile(
    rf"(?<!\d)(?P<one>\d{{2}})[/7](?P<two>\d{{2}})[/7](?P<year>20\d{{2}})(?!\d(?!{_CLOCK})|{_NEXT})"
)
_GLUED = re.compile(
    r"\d(?P<one>\d{1,2})(?P<sep>[/-])(?P<two>\d{1,2})(?P<two2>)(?P=sep)(?P<year>20\d{2})(?!\d(?!\d?:\d))"
)
"""A date behind digits of something else."""
_SLASH_AS_7_SHORT = re.compile(
    rf"(?<!\d)(?P<one>\d{{2}})(?:/(?P<two>\d{{2}})7|7(?P<two2>\d{{2}})/)(?P<year>\d{{2}})(?= {{1,3}}{_CLOCK})"
)
_QUOTE_AS_1 = re.compile(rf"(?<![a-z])(?P<name>{_MONTH})(?P<day>\d{{2}})1(?P<year>\d{{2}})(?= {{1,3}}{_CLOCK})")
_COMPACT_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])(?P<month>0[1-9]|1[0-2])(?P<year>20[0-4]\d)(?!\d)")
_UNKNOWN_NAME = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[\W_]{1,3}(?P<name>[^\W\d_]\D{2,20}?)[\W_]{1,3}(?P<year>(?:20|25)\d{2})(?![.,:]?\d)"
)
"""A day and a year, and between them what may be a misread name."""
_NUMERIC_SPACED = re.compile(r"(?<![\d.,])(?P<one>\d{2}) (?P<two>\d{2}) (?P<year>20\d{2})(?!\d)")
_ISO = re.compile(
    rf"{_START}(?<!\d-)(?P<year>(?:19|20|25)\d{{2}})(?: ?[./\-–] ?)(?P<month>\d{{1,2}})(?: ?[./\-–] ?)"
    rf"(?P<day>\d{{2}}(?=\d{{2}}:\d{{2}})|\d{{1,2}})(?!\d(?!\d?:\d{{2}}))(?!{_NEXT})"
)
_COMPACT = re.compile(
    rf"(?<![\d])(?<!\d[-/])(?P<year>20\d{{2}})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d|{_NEXT})"
)
_DAY_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|o)?[ .,/\-'’]{{0,3}}(?:de |of )?(?P<name>{_MONTH})(?![a-z])"
    rf"[ .,/\-'’°*~]{{0,3}}(?:de |del )?{_ANY_YEAR}"
)
_DAY_GLUED = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?P<name>{_MONTH})(?P<year>(?:19|20)?\d{{2}})(?!\d)")
_NAMED_DAY = re.compile(
    rf"(?<![a-z])(?P<name>{_MONTH})[ .,\-/]{{0,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    rf"[ .,\-/'’°*~]{{1,3}}{_ANY_YEAR}"
)
_YEAR_NAMED = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})[ .,\-/]{{1,3}}(?P<name>{_MONTH})[ .,\-/]{{0,3}}(?P<day>\d{{1,2}})(?!\d|:)"
)
_CJK = re.compile(
    r"(?:(?P<era>令和|平成|昭和) ?)?(?<!\d)(?P<year>\d{1,4}|元) ?(?:[年년]|(?<=20\d\d)[\u1100-\u1112]) ?"
    r"(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2})(?: ?[日일]|(?![\d:.,]))"
)
"""After a whole year, any Korean letter stands for a misread 년; folding leaves only the first part of it.

A number after the month that is not marked as a day may be a time.
"""
_MISREAD = re.compile(r"(?<=[\d/.\-])[oil|](?=[\d/.\-])|(?<![^\W_])[oil|](?=\d[/.\-]\d)")
_LETTER_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_]$")
"""A single letter right before a date may be its first digit, misread."""
_MISREAD_MONTHS = {"0ct": "oct", "n0v": "nov", "0ec": "dec", "ju1": "jul", "jui": "jul", "ju|": "jul", "0kt": "okt"}
_MISREAD_MONTH = re.compile(r"(?<![a-z])(?:0ct|n0v|0ec|0kt|ju[1i|])(?![a-z])")
BUDDHIST = 543
"""How many years the calendar of Thailand is ahead."""
_FIRST_BUDDHIST_YEAR = 2500
REPUBLIC_OF_CHINA = 1911
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The years before the first one of the Republic of China, and of an era of Japan."""
_HAN_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN = re.compile(
    r"(?P<era>令和|平成|昭和|民國|民国)?(?P<year>[〇零○一二三四五六七八九十]{1,4}|元) ?年 ?"
    r"(?P<month>[一二三四五六七八九十]{1,2}) ?月 ?(?P<day>[一二三四五六七八九十]{1,3}) ?[日號号]?"
)
_SIGNS = {",": ".", "–": "-"}
_TWO_TWO_TWO = re.compile(r"(?P<one>\d{2}) ?[./\-–] ?(?P<two>\d{2}) ?[./\-–] ?(?P<three>\d{2})")
_DIGIT = re.compile(r"[\d年]")
LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: its reading `first`, and `second` if day and month could be swapped.

    In `first` the day comes first.
    """

    first: date | None
    second: date | None
    start: int
    end: int
    four_digit_year: bool
    guess: str = ""
    """What it was guessed from, if its letters or its calendar leave that open; empty if they do not."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether both readings are dates and differ."""
        return self.first is not None and self.second is not None and self.first != self.second


def find_dates(line: str) -> list[Written]:
    """Return all dates in a line, from left to right, without overlaps.

    The results are cached, because extraction asks for each line several times.
    """
    return list(_found(line[:LONGEST_LINE])) if _DIGIT.search(line) else []


@lru_cache(maxsize=2_000)
def _found(line: str) -> tuple[Written, ...]:
    text = _folded(line)
    found: list[Written] = []
    for written in sorted(list(_all(text)) or list(_guessed(text)), key=lambda each: (each.start, -each.end)):
        if not found or written.start >= found[-1].end:
            found.append(written)
    return tuple(found)


def _folded(line: str) -> str:
    """Return the line in lower case without accents and with repaired digits, character for character."""
    plain = line.lower() if line.isascii() else "".join(map(_plain, line))
    text = _MISREAD.sub(lambda match: "0" if match[0] in "Oo" else "1", plain)
    return _MISREAD_MONTH.sub(lambda match: _MISREAD_MONTHS[match[0]], text)


@lru_cache(maxsize=4_096)
def _plain(sign: str) -> str:
    plain = sign if sign in "년월일" else unicodedata.normalize("NFD", sign)[0].lower()[:1] or " "
    return fold_variants(plain) or plain


def _all(text: str) -> Iterator[Written]:
    for pattern in (_ISO, _COMPACT, _COMPACT_DAY_FIRST, _CJK):
        for match in pattern.finditer(text):
            year = _cjk_year(match) if pattern is _CJK else _year(match["year"])
            yield from _ordered(match, year, int(match["month"]))
    for pattern in (_DAY_NAMED, _DAY_GLUED, _NAMED_DAY, _YEAR_NAMED):
        for match in pattern.finditer(text):
            if len(match["year"]) == 4 or match["name"] not in _ALSO_WORDS:
                yield from _ordered(match, _year(match["year"]), _MONTHS[match["name"]])
    if (script := script_of(text)) is not None:
        yield from _named_in(script, text)
    for pattern in (_NUMERIC, _NUMERIC_SPACED, _SLASH_AS_7):
        for match in pattern.finditer(text):
            if not _is_piece(match, text):
                lost = len(match["one"]) == 1 and _LETTER_BEFORE.search(text, 0, match.start())
                guess = repr(lost[0] + match[0]) if lost else ""
                yield from (replace(each, guess=guess) for each in _numeric(match))


@cache
def _months_of(script: Script) -> dict[str, int]:
    """Return the names of the months in the languages of a script, folded as lines are, with their numbers."""
    return {_folded(name).strip("."): number for name, number in load_vocabulary(script).months.items()}


@cache
def _months_by_letters(script: Script) -> MonthNames:
    return MonthNames(_months_of(script))


@cache
def _patterns_of(script: Script) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates with those names; vowels that are marks may be set apart, or be lost."""
    names = sorted(_months_of(script), key=len, reverse=True)
    if not names:
        return ()
    name = f"(?P<name>{'|'.join(_spaced(name, script) for name in names)})(?![^\\W\\d_])"
    gap = r"[\W_]{0,4}"
    era = r"(?:พ\W?ศ\W{0,2})?" if script is Script.THAI else ""
    return (
        re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}){gap}{name}{gap}{era}{_ANY_YEAR}"),
        re.compile(rf"(?<![^\W\d_]){name}{gap}(?P<day>\d{{1,2}})(?!\d)[\W_]{{1,3}}{_ANY_YEAR}"),
        re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})[\W_]{{1,3}}{name}{gap}(?P<day>\d{{1,2}})(?!\d|:)"),
    )


def _spaced(name: str, script: Script) -> str:
    """Return the pattern of a name in which spaces, points and loose vowels are optional."""
    between = r"\W{0,3}"
    if has_loose_marks(script):
        return between.join(filter(str.isalnum, name))
    return "".join(sign if sign.isalnum() else between for sign in name)


def _named_in(script: Script, text: str) -> Iterator[Written]:
    """Yield the dates with a month's name in a script, and those in Han numerals."""
    for pattern in _patterns_of(script):
        for match in pattern.finditer(text):
            year = _year(match["year"])
            if script is Script.THAI and len(match["year"]) == 2:
                year = _year(f"25{match['year']}")
            yield from _ordered(match, year, _months_by_letters(script).name(match["name"]))
    for match in _UNKNOWN_NAME.finditer(text):
        if (month := _months_by_letters(script).guess(match["name"])) and not _is_known(match["name"], script):
            for written in _ordered(match, _year(match["year"]), month):
                yield replace(written, guess=f"the month {match['name'].strip()!r}")
    if script is Script.EASTERN:
        for match in _HAN.finditer(text):
            found = _date(_han_year(match), _han_number(match["month"]), _han_number(match["day"]))
            if found is not None:
                yield Written(found, None, match.start(), match.end(), four_digit_year=True)


def _is_known(name: str, script: Script) -> bool:
    """Whether it is a word of receipts, such as one for a card or for money, and so no misread month."""
    words = load_vocabulary(script)
    known = (words.sums, words.dates, words.categories, words.trades, words.titles, words.others, words.streets)
    return any(phrases.is_in(name) for phrases in known) or name.casefold() in (words.marks | words.shared_marks)


def _han_number(text: str) -> int:
    """Read a numeral up to 99, `二十四`, or one that is written digit by digit, `二〇二四`."""
    if "十" not in text:
        return int("".join(str(_HAN_DIGITS[sign]) for sign in text))
    tens, _, ones = text.partition("十")
    return 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)


def _han_year(match: re.Match[str]) -> int:
    if match["year"] == "元":
        return 1 + ERAS.get(match["era"] or "", 0)
    year = _han_number(match["year"])
    return year + ERAS.get(match["era"], REPUBLIC_OF_CHINA) if match["era"] else year


def _ordered(match: re.Match[str], year: int, month: int) -> Iterator[Written]:
    found = _date(year, month, int(match["day"]))
    if found is not None:
        is_told = len(match["year"]) >= 4 or match.re is _CJK
        yield Written(found, None, match.start(), match.end(), is_told)


def _is_piece(match: re.Match[str], text: str) -> bool:
    """Whether its signs differ, as in `21-14/06`, or its first one also stands between it and digits before it."""
    if match.re is not _NUMERIC:
        return False
    sign, other = match["sep"].strip(), match["sep2"].strip()
    before = text[max(0, match.start() - 2) : match.start()]
    return _SIGNS.get(sign, sign) != _SIGNS.get(other, other) or (before[-1:] == sign and before[:1].isdecimal())


def _guessed(text: str) -> Iterator[Written]:
    """Yield what may be a date: behind digits of something else, or with a sign misread as a digit."""
    for pattern in (_GLUED, _SLASH_AS_7_SHORT):
        for match in pattern.finditer(text):
            two = match["two"] or match["two2"]
            for one in (match["one"], match["one"][-1]):
                found = list(_readings(match, int(one), int(two)))
                yield from (replace(each, guess=repr(match[0])) for each in found[:1])
                if found:
                    break
    for match in _QUOTE_AS_1.finditer(text):
        for each in _ordered(match, _year(match["year"]), _MONTHS[match["name"]]):
            yield replace(each, guess=repr(match[0]))


def _numeric(match: re.Match[str]) -> Iterator[Written]:
    yield from _readings(match, int(match["one"]), int(match["two"]))


def _readings(match: re.Match[str], one: int, two: int) -> Iterator[Written]:
    year = _year(match["year"])
    day_first, month_first = _date(year, two, one), _date(year, one, two)
    if day_first is None and month_first is None:
        return
    yield Written(day_first, month_first, match.start(), match.end(), len(match["year"]) >= 4)


def year_first(text: str) -> date | None:
    """Return the reading of a date such as `23/11/15` with the year first; None if that is impossible."""
    match = _TWO_TWO_TWO.fullmatch(text.strip())
    return _date(2000 + int(match["one"]), int(match["two"]), int(match["three"])) if match else None


def _cjk_year(match: re.Match[str]) -> int:
    """Return the year, also of an era or the Republic of China; 0, not a year, for two digits without an era."""
    year = 1 if match["year"] == "元" else int(match["year"])
    if match["era"]:
        return year + ERAS[match["era"]]
    if 80 <= year < 200:
        return year + REPUBLIC_OF_CHINA
    return year if year >= 1000 else 0


def _year(text: str) -> int:
    year = int(text.strip("'’"))
    if year >= _FIRST_BUDDHIST_YEAR:
        return year - BUDDHIST
    return year + 2000 if year < 100 else year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_WEEKDAYS: dict[str, set[int]] = {}
for _number, _names in enumerate(load_word_lists("date", "weekdays").values()):
    for _name in _names:
        _WEEKDAYS.setdefault(_name, set()).add(_number)
_CJK_DAYS = {sign: number for signs in ("月火水木金土日", "一二三四五六") for number, sign in enumerate(signs)}
_CJK_DAY = re.compile(r"[(（]([月火水木金土日])[)）]|(?:星期|週|周)([一二三四五六日])")
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,12}(?=[.,)\]]{0,2} ?$)|[^\W\d_]{2}(?=[.,] ?$))")
"""Two letters need a point or a comma: `Do, 14.03.` is a Thursday, `due to 14.03.` is not."""
_WORD_AFTER = re.compile(r"^ ?[,(\[]{0,2} ?([^\W\d_]{3,12})(?![^\W\d_])")


@cache
def _weekdays_of(script: Script | None) -> dict[str, set[int]]:
    """Return the names of weekdays in the languages of a script, folded as lines are."""
    names: dict[str, set[int]] = {}
    for name, number in load_vocabulary(script).weekdays.items() if script is not None else ():
        names.setdefault(_folded(name), set()).add(number)
    return names


def find_weekdays(line: str, start: int, end: int) -> set[int]:
    """Return the weekdays (0 is Monday) that a word right before or after the date at that place may name."""
    text = _folded(line[:LONGEST_LINE])
    found: set[int] = set()
    names = _weekdays_of(script_of(text))
    for match in (_WORD_BEFORE.search(text[max(0, start - 16) : start]), _WORD_AFTER.search(text[end : end + 16])):
        found |= _WEEKDAYS.get(match[1], set()) | names.get(match[1], set()) if match else set()
    if match := _CJK_DAY.search(text[end : end + 8]):
        found.add(_CJK_DAYS[match[1] or match[2]])
    return found
