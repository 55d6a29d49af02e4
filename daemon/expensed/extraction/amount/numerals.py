"""Find sums of money in a line of text, in every usual style of writing them, without judging their meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from expensed.languages.scripts import Script, script_of
from expensed.languages.signs import CODES, LETTERS, SIGNS, SIGNS_BEFORE, marks_of, read_sign, shared_by
from expensed.languages.vocabulary import load_vocabulary
from expensed.model.money import currencies_of_decimals

_THREE_DECIMALS = currencies_of_decimals(3) - {"IQD"}
"""Currencies whose amounts have three decimals; nobody writes those of the Iraqi dinar."""
_COMPANY = "bhd"
"""The end of `Sdn Bhd` is no money of Bahrain."""


def _either(signs: Iterable[str]) -> str:
    """Return the pattern of any of these signs, the longest first."""
    escaped = (re.escape(sign) for sign in sorted(set(signs), key=lambda sign: (-len(sign), sign)))
    return "|".join(rf"(?<!sdn )(?<!sdn\.)(?<!sdn\. ){sign}" if sign == _COMPANY else sign for sign in escaped)


_SIGN = _either([*SIGNS, *map(str.lower, CODES)])
_SIGN_BEFORE = _either([*SIGNS, *SIGNS_BEFORE, *map(str.lower, CODES)])
_MARKS = "'’‘´`·\u0301"
"""Thousands separators other than point and comma; the last is what Unicode folding makes of an acute accent."""
_AFTER_THOUSANDS = "ft|huf|kr|sek|nok|dkk|isk|kč|czk|zł|pln|€|eur|₽|руб|₫|₩|원"
"""Signs that follow the amount in countries that separate thousands by spaces."""
_NUMBER = (
    rf"(?P<open>\()?(?P<minus>(?<!\w)[-−–]\s?)?"
    rf"(?:(?<![^\W\d_])(?P<sign>@)\s?[:.]?\s?(?P<minus2>[-−–])?)?(?P<digits>"
    r"(?<![\d,])(?<!\d\.)(?:"
    rf"\d{{1,3}}(?:[.,{_MARKS}]\d{{3}}){{1,4}}(?:[.,]\d{{1,2}})?(?![\d.,]*\d)"
    rf"|\d{{1,3}}(?: ?[.,{_MARKS}] ?\d{{3}}){{1,3}}[.,]\d{{2}}(?!\d|[.,]\d)"
    r"|\d{1,2}(?:,\d{2}){1,4},\d{3}(?:\.\d{1,2})?(?!\d)"
    r"|\d{1,3}(?: \d{3}){1,3}[.,]\d{2}(?!\d|[.,]\d)"
    r"|\d{1,9} ?[.,] ?\d{2}(?!\d|[.,]\d)"
    rf"|\d{{1,3}}(?: \d{{3}}){{1,3}}(?=\s?(?:{_AFTER_THOUSANDS}|#)(?![^\W\d_]))"
    r"|(?<![^\s$€£(-])\.\d{2}(?![\w.,])"
    r"|\d{1,9}[.,](?:[-—–]{1,2}|=)"
    r"|(?<![\w-])\d{1,9}-\d{2}(?=\s*$)"
    r"|(?<![^\W_])\d{1,9}(?!\d|[.,:/-]?\d|[^\W\d_]{2})"
    r"|(?<=[$€£¥₹₩₫₱฿M])\d{1,9}(?!\d|[.,:/-]?\d|[^\W\d_])"
    rf"))(?:\s{{0,2}}(?P<after>~)(?![^\W\d_]))?(?P<close>\s?\))?(?P<minus3>-(?!\s?\d))?(?P<percent>\s?%)?"
)
"""The pattern of a number: `@` are the signs before it, `~` those after it, `#` those of its script."""
_MISREAD = re.compile(r"(?<![^\W_])[\dOoQDUIlSBZ]{1,6} ?[.,] ?[\dOoQDUIlSBZ]{2}(?![^\W_])")
_DIGIT_FOR = str.maketrans("OoQDUIlSBZ", "0000011582")
_GROUP_BEFORE = re.compile(rf"\d(?: ?[.,{_MARKS}] ?| )$")
_LOOSE_GROUPS = re.compile(rf"\d+(?: \d{{3}})+\.\d{{2}}|.*(?: [.,{_MARKS}] ?|[.,{_MARKS}] )\d{{3}}.*")
_GROUPED = re.compile(r"\d{1,3}(?:[., ]\d{3})+")
_UNIT_AFTER = re.compile(
    r"\s?(?:(?:kgs?|gr|ml|cl|ltr|lit(?:re|er)s?|pcs?|stk|cm|mm|km|kwh|lb|oz)\b|[x×*]\s?\d)", re.IGNORECASE
)
_SMALL_UNIT_AFTER = re.compile(r"\s?[glmx]\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Money:
    """A number that may be a sum of money: its value, its place in the line, and its spelling."""

    value: Decimal
    start: int
    end: int
    sign: str | None
    """The currency written beside it: an ISO code, or a sign such as `$` or `kr` that several countries share."""
    exact: bool
    """Whether it is written with its cents."""
    repaired: bool = False
    """Whether letters were taken for digits, or spaces and hyphens were repaired."""
    whole: bool = False
    """Whether it counts as exact without cents, because the document prints none."""
    doubtful: bool = False
    """Whether its thousands may stand apart to its left, or another number was joined to it: `2 500.00`."""


@lru_cache(maxsize=2_000)
def find_money(line: str, *, has_thousandths: bool = False) -> tuple[Money, ...]:
    """Return all numbers in a line that could be sums of money, left to right, without rates, weights and counts.

    On a paper that `has_thousandths`, as in Kuwait, `12.500` are twelve and a half. The results are cached,
    because extraction asks for each line several times.
    """
    if not _DIGIT.search(line):
        return ()
    repaired = _repair(line[:_LONGEST_LINE])
    script = script_of(line)
    found = (
        _read(match, line, script, "KWD" if has_thousandths else None) for match in _number(script).finditer(repaired)
    )
    return tuple(money for money in found if money is not None)


@cache
def _number(script: Script | None) -> re.Pattern[str]:
    """Return the pattern of a number in a line of this script; None stands for the Latin."""
    own = sorted(map(re.escape, marks_of(script)), key=len, reverse=True)
    before, after = "|".join([*own, _SIGN_BEFORE]), "|".join([*own, _SIGN])
    thousands = _NUMBER.replace("|#", "".join(f"|{mark}" for mark in own))
    return re.compile(thousands.replace("@", before).replace("~", after), re.IGNORECASE)


def _repair(line: str) -> str:
    """Turn letters that can only be digits into digits, keeping the line's length."""
    return _MISREAD.sub(lambda match: match[0].translate(_DIGIT_FOR) if _is_number(match[0]) else match[0], line)


def _is_number(text: str) -> bool:
    """Whether the cents contain a digit; `98109-5210, US` is not a price."""
    return any(sign.isdigit() for sign in text[-2:])


def _read(match: re.Match[str], line: str, script: Script | None, usual: str | None) -> Money | None:
    if match["percent"] or _UNIT_AFTER.match(match.string, match.end()) or _has_unit_after(match, script):
        return None
    digits = match["digits"]
    sign = read_sign(match["sign"] or match["after"], script)
    value, exact = parse_number(digits, usual or sign)
    if (sign in LETTERS.values() and not (exact or _GROUPED.fullmatch(digits))) or match["sign"] in LETTERS:
        sign = None
    if value is None or (not exact and _SMALL_UNIT_AFTER.match(match.string, match.end())):
        return None
    untouched = line[match.start() : match.end()] == match[0] and " " not in digits and "-" not in digits[:-2]
    signed = -value if _is_negative(match, sign) else value
    return Money(signed, match.start(), match.end(), sign, exact, not untouched, doubtful=_is_doubtful(match))


def _has_unit_after(match: re.Match[str], script: Script | None) -> bool:
    """Whether a unit of this script follows: `0.500 кг`, `2 шт`."""
    if script is None or not (units := load_vocabulary(script).units):
        return False
    rest = match.string[match.end() : match.end() + 12].lstrip().lower()
    unit = next((unit for unit in units if rest.startswith(unit)), None)
    return unit is not None and not rest[len(unit) : len(unit) + 1].isalpha()


def _is_doubtful(match: re.Match[str]) -> bool:
    """Whether digits and spaces leave open if a digit to the left counts thousands."""
    digits = match["digits"]
    if _LOOSE_GROUPS.fullmatch(digits):
        return True
    is_group = re.match(r"\d{3}(?!\d)", digits) is not None
    before = match.string[max(0, match.start("digits") - 4) : match.start("digits")]
    return is_group and _GROUP_BEFORE.search(before) is not None


def _is_negative(match: re.Match[str], sign: str | None) -> bool:
    """Whether there is a minus before or after, or brackets.

    A dash that stands apart after words does not count, nor the one that ends sums of Japan: `¥13,858-`, of
    which OCR may read `Y1,300-`.
    """
    minus = match["minus"]
    dash = minus is not None and minus[-1].isspace() and match.start() > 0
    return bool(
        (minus and not dash)
        or match["minus2"]
        or (match["minus3"] and sign != "JPY" and not match.string[: match.start()].endswith(("Y", "V")))
        or (match["open"] and match["close"])
    )


def _has_three_decimals(sign: str | None) -> bool:
    """Whether amounts of a currency have three decimals; of a sign that several share, those of the likeliest."""
    return sign is not None and (sign if not (family := shared_by(sign)) else family[0]) in _THREE_DECIMALS


def parse_number(text: str, sign: str | None = None) -> tuple[Decimal | None, bool]:
    """Return a numeral's value and whether it has cents: `1.234,56`, `1'234.50`, `12.-`, `7,08,000.00`.

    `sign` is what stands beside it: `1.250` is a thousand and more, but not of a currency with three decimals.
    """
    digits = re.sub(rf"[ {_MARKS}]", "", text)
    if digits[-1] in "-—–=":
        return Decimal(re.sub(r"\D", "", digits)), True
    if re.fullmatch(r"\d+-\d{2}", digits):
        return Decimal(digits.replace("-", ".")), True
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits), False
    tail = digits[last + 1 :]
    whole = re.sub(r"\D", "", digits[:last])
    if len(tail) == 3 and _has_three_decimals(sign) and re.fullmatch(r"[\d,]+\.\d{3}", digits):
        return Decimal(f"{whole}.{tail}"), True
    if len(tail) == 3:
        return (None, False) if digits[0] == "0" else (Decimal(re.sub(r"\D", "", digits)), False)
    return Decimal(f"{whole or 0}.{tail}"), len(tail) == 2
