"""Find dates in a line of text, in every usual style; a numeric date may keep two readings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_MONTH_NAMES = (
    (
        "jan january januar janvier janv enero ene gennaio gen januari janeiro ledna styczen stycznia "
        "ianuarie ian leden lednu januara tammikuu tammikuuta ocak ιανουαριου ιαν января янв sijecnja"
    ),
    (
        "feb february februar fevrier fevr fev febrero febbraio februari fevereiro lutego luty februarie "
        "unor unora februara helmikuu helmikuuta subat φεβρουαριου φεβ февраля фев veljace"
    ),
    (
        "mar march marz maerz mrz mars marzo maart marco mac marca marts martie brezen brezna marcius "
        "maaliskuu maaliskuuta mart μαρτιου μαρ марта мар ozujka"
    ),
    (
        "apr april avril avr abril abr aprile kwietnia aprilie duben dubna aprilis huhtikuu huhtikuuta nisan "
        "απριλιου απρ апреля апр travnja"
    ),
    (
        "may mai mei mayo mag maggio maj maio maja kveten kvetna majus toukokuu toukokuuta mayıs mayis μαιου "
        "μαι мая svibnja"
    ),
    (
        "jun june juni juin junio giugno giu junho jui czerwca iunie iun cerven cervna junius kesakuu "
        "kesakuuta haziran ιουνιου ιουν июня июн lipnja"
    ),
    (
        "jul july juli juillet juil julio luglio lug julho julai lipca iulie iul cervenec cervence julius "
        "heinakuu heinakuuta temmuz ιουλιου ιουλ июля июл srpnja"
    ),
    (
        "aug august aout agosto ago augustus augusti ogos sierpnia srpen srpna augusztus elokuu elokuuta "
        "agustos αυγουστου αυγ августа авг kolovoza"
    ),
    (
        "sep sept september septembre septiembre settembre set setembro wrzesnia septembrie zari szeptember "
        "szept syyskuu syyskuuta eylul σεπτεμβριου σεπ сентября сен rujna"
    ),
    (
        "oct october okt oktober octobre octubre ottobre ott out outubro pazdziernika octombrie rijen rijna "
        "lokakuu lokakuuta ekim οκτωβριου οκτ октября окт"
    ),
    (
        "nov november novembre noviembre novembro listopada noiembrie noi listopadu marraskuu marraskuuta "
        "kasım kasim νοεμβριου νοε ноября ноя studenoga"
    ),
    (
        "dec december dez dezember decembre diciembre dic dicembre dezembro desember des dis grudnia "
        "decembrie prosinec prosince disember joulukuu joulukuuta aralık aralik δεκεμβριου δεκ декабря дек "
        "prosinca"
    ),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_ALSO_WORDS = frozenset("mart mac set out noi mag ago".split())
"""`7 MART 24` and `1 SET 12` are dates only with a four-digit year."""
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
_YEAR_NAMED = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})[ .,\-/]{{1,3}}(?P<name>{_MONTH})[ .,\-/]{{0,3}}(?P<day>\d{{1,2}})(?!\d|:)"
)
_CJK = re.compile(
    r"(?P<era>令和|平成)?(?<!\d)(?P<year>\d{2,4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]?"
)
_MISREAD = re.compile(r"(?<=[\d/.\-])[OoIl|](?=[\d/.\-])|(?<![^\W_])[OoIl|](?=\d[/.\-]\d)")
_REPUBLIC_OF_CHINA = 1911
_ERAS = {"令和": 2018, "平成": 1988}
_TWO_TWO_TWO = re.compile(r"(?P<one>\d{2}) ?[./\-–] ?(?P<two>\d{2}) ?[./\-–] ?(?P<three>\d{2})")
_DIGIT = re.compile(r"\d")
_LONGEST_LINE = 400


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

    @property
    def is_ambiguous(self) -> bool:
        """Whether both readings are dates and differ."""
        return self.first is not None and self.second is not None and self.first != self.second


def find_dates(line: str) -> list[Written]:
    """Return all dates in a line, from left to right, without overlaps.

    The results are cached, because extraction asks for each line several times.
    """
    return list(_found(line[:_LONGEST_LINE])) if _DIGIT.search(line) else []


@lru_cache(maxsize=2_000)
def _found(line: str) -> tuple[Written, ...]:
    text = _folded(line)
    found: list[Written] = []
    for written in sorted(_all(text), key=lambda each: (each.start, -each.end)):
        if not found or written.start >= found[-1].end:
            found.append(written)
    return tuple(found)


def _folded(line: str) -> str:
    """Return the line in lower case without accents and with repaired digits, character for character."""
    plain = line.lower() if line.isascii() else "".join(map(_plain, line))
    text = _MISREAD.sub(lambda match: "0" if match[0] in "Oo" else "1", plain)
    return text.replace("0ct", "oct").replace("n0v", "nov")


def _plain(sign: str) -> str:
    return sign if sign in "년월일" else unicodedata.normalize("NFD", sign)[0].lower()[:1] or " "


def _all(text: str) -> Iterator[Written]:
    for pattern in (_ISO, _COMPACT, _COMPACT_DAY_FIRST, _CJK):
        for match in pattern.finditer(text):
            year = _cjk_year(match) if pattern is _CJK else _year(match["year"])
            yield from _ordered(match, year, int(match["month"]))
    for pattern in (_DAY_NAMED, _DAY_GLUED, _NAMED_DAY, _YEAR_NAMED):
        for match in pattern.finditer(text):
            if len(match["year"]) == 4 or match["name"] not in _ALSO_WORDS:
                yield from _ordered(match, _year(match["year"]), _MONTHS[match["name"]])
    for pattern in (_NUMERIC, _NUMERIC_SPACED, _SLASH_AS_7):
        for match in pattern.finditer(text):
            yield from _numeric(match)


def _ordered(match: re.Match[str], year: int, month: int) -> Iterator[Written]:
    found = _date(year, month, int(match["day"]))
    if found is not None:
        is_told = len(match["year"]) >= 4 or match.re is _CJK
        yield Written(found, None, match.start(), match.end(), is_told)


def _numeric(match: re.Match[str]) -> Iterator[Written]:
    year, one, two = _year(match["year"]), int(match["one"]), int(match["two"])
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


_WEEKDAY_NAMES = (
    (
        "mon monday montag mo lundi lun lunedi lunes maandag ma mandag man maanantai ma poniedzialek pon "
        "pondeli hetfo pazartesi segunda luni isnin"
    ),
    (
        "tue tues tuesday dienstag di mardi mar martedi martes dinsdag tirsdag tir tisdag tis tiistai ti "
        "wtorek wt utery ut kedd sali terca marti selasa"
    ),
    (
        "wed weds wednesday mittwoch mi mercredi mer mercoledi miercoles mie woensdag wo onsdag ons "
        "keskiviikko ke sroda sr streda st szerda carsamba quarta miercuri rabu"
    ),
    (
        "thu thur thurs thursday donnerstag do jeudi jeu giovedi gio jueves jue donderdag torsdag tor tors "
        "torstai to czwartek czw ctvrtek ct csutortok persembe quinta joi khamis"
    ),
    (
        "fri friday freitag fr vendredi ven venerdi viernes vie vrijdag vr fredag fre perjantai pe piatek pt "
        "patek pa pentek cuma sexta vineri jumaat"
    ),
    (
        "sat saturday samstag sa samedi sam sabato sab sabado zaterdag za lordag lor lordag lauantai la "
        "sobota sob so szombat cumartesi sambata sabtu"
    ),
    (
        "sun sunday sonntag so dimanche dim domenica dom domingo zondag zo sondag son sunnuntai su niedziela "
        "nd nedele ne vasarnap pazar duminica ahad"
    ),
)
_WEEKDAYS: dict[str, set[int]] = {}
for _number, _names in enumerate(_WEEKDAY_NAMES):
    for _name in _names.split():
        _WEEKDAYS.setdefault(_name, set()).add(_number)
_CJK_DAYS = {sign: number for number, sign in enumerate("月火水木金土日")} | {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
}
_CJK_DAY = re.compile(r"[(（]([月火水木金土日])[)）]|(?:星期|週|周)([一二三四五六日])")
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,12}(?=[.,)\]]{0,2} ?$)|[^\W\d_]{2}(?=[.,] ?$))")
"""Two letters need a point or a comma: `Do, 14.03.` is a Thursday, `due to 14.03.` is not."""
_WORD_AFTER = re.compile(r"^ ?[,(\[]{0,2} ?([^\W\d_]{3,12})(?![^\W\d_])")


def find_weekdays(line: str, start: int, end: int) -> set[int]:
    """Return the weekdays (0 is Monday) that a word right before or after the date at that place may name."""
    text = _folded(line[:_LONGEST_LINE])
    found: set[int] = set()
    for match in (_WORD_BEFORE.search(text[max(0, start - 16) : start]), _WORD_AFTER.search(text[end : end + 16])):
        found |= _WEEKDAYS.get(match[1], set()) if match else set()
    if match := _CJK_DAY.search(text[end : end + 8]):
        found.add(_CJK_DAYS[match[1] or match[2]])
    return found
