"""Find the currency: by signs and codes beside amounts, then by clues to the country; none rather than a guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.numerals import CODES, SHARED_SIGNS, marks_of, read_sign, shared_by
from expensed.extraction.amount.sums import Sum
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.country.countries import Clues, find_countries
from expensed.extraction.languages.scripts import script_of
from expensed.extraction.page.lines import Row

_CODE = re.compile(r"(?<![^\W_])(" + "|".join(sorted(CODES)) + r")(?![^\W_])")
_LIKELIEST = {"$": "USD", "Rs": "INR", "¥": "CNY"}
_TELLING = frozenset(("name", "city", "form", "tax", "post"))
"""Kinds of clue that tell where a document was issued; a phone number or web address may be a head office's."""
_TELLING_WEIGHT = 2.0
_MOST_UNSETTLED = 1.5
"""The highest score of a sign that several countries share while none of them is known."""
_UNSETTLED = 0.35
"""The weight of a lone `$`: most likely US dollars, but a person should look."""
_LOCAL_WEIGHT, _LOCAL_KINDS = 3.0, 2
"""A country with this weight and number of clues pays in its own currency if no sign is printed."""
_SHARED = "a sign that several countries share"
_COUNTRY = 0.8
_MOST_COUNTRY = 4.8
_LAST_WORD = re.compile(r"(?<![^\W_])([A-Z]{3}|RM|Rs|CHF|€|£|\$|zł|Kč|Ft|kr|Fr\.|円|元|원)[\s)\]:=*]*$")
_ALSO_WORDS = frozenset("PEN TRY MAD COP RON RUB SAR ILS LE".split())
"""Codes that are also words: `BALL PEN` is not Peruvian money."""
_TOTALS = (Role.FINAL, Role.TOTAL, Role.CARD, Role.CASH, Role.SUBTOTAL)


@dataclass(frozen=True, slots=True)
class _Beside:
    """Signs of one kind beside amounts: their currency, their weight, and whether a total is among the amounts."""

    code: str
    sign: str
    weight: float
    at_total: bool
    is_settled: bool
    first: Sum
    """The first of these amounts."""


def find_currencies(rows: Sequence[Row], sums: Sequence[Sum], default: str = "") -> list[Candidate[str]]:
    """Return every currency that the document supports, best first, with the weight of its evidence as score.

    `default` only settles a sign that several countries share.
    """
    countries = find_countries(rows)
    written = _written_codes(rows, sums)
    beside = _beside_amounts(sums, countries, written, default)
    codes = dict.fromkeys((*(each.code for each in beside), *written, *countries))
    return best_first(_candidate(code, beside, written, countries) for code in codes)


def _candidate(
    code: str, beside: Sequence[_Beside], written: Mapping[str, int], countries: Mapping[str, Clues]
) -> Candidate[str]:
    own = [each for each in beside if each.code == code]
    clues = countries.get(code)
    signs = sum(each.weight for each in own)
    printed = 1.2 + min(written[code] - 1, 4) * 0.4 if code in written else 0.0
    country = min(clues.weight * _COUNTRY, _MOST_COUNTRY) if clues else 0.0
    score = signs + printed + country
    is_settled = all(each.is_settled for each in own) or code in written
    if not is_settled:
        score = min(score, _MOST_UNSETTLED)
    rival = max((each.weight for other, each in countries.items() if other != code), default=0.0)
    features = {
        "at_total": float(is_settled and any(each.at_total for each in own)),
        "beside": float(is_settled and bool(own)),
        "printed": float(code in written),
        "country": min(clues.weight, 6.0) if clues else 0.0,
        "rival": min(rival, 6.0),
        "rival_signs": float(any(other.code != code and other.at_total for other in beside)),
        "rival_code": float(any(other != code for other in written)),
        "unsettled": float(not is_settled),
    }
    shown = next((each for each in own if each.at_total), own[0]).first if own else None
    return Candidate(
        "currency", code, score, why=_why(own, written, code), features=features,
        page=shown.row.page if shown else None, box=shown.box if shown else None, text=shown.row.text if shown else "",
        proof=_proof(code, own, features, clues) if is_settled else None,
    )  # fmt: skip


def _why(own: Sequence[_Beside], written: Mapping[str, int], code: str) -> str:
    if own:
        return "written beside amounts" if all(each.is_settled for each in own) else _SHARED
    return "its code is printed" if code in written else "the country on the document"


def _proof(code: str, own: Sequence[_Beside], features: Mapping[str, float], clues: Clues | None) -> str | None:
    """Return why no other currency is possible; None if one is."""
    if features["rival_signs"] or features["rival_code"] or features["rival"] > 0.6 * features["country"] + 0.9:
        return None
    at_total = next((each for each in own if each.at_total), None)
    if at_total is not None and not shared_by(at_total.sign) and (features["printed"] or features["country"] >= 1):
        return f"{at_total.sign} beside the total"
    is_local = clues is not None and clues.weight >= _LOCAL_WEIGHT and len(clues.words) >= _LOCAL_KINDS
    if clues is not None and is_local and features["rival"] < 0.5 * clues.weight:
        return clues.sentence
    return None


def _beside_amounts(
    sums: Sequence[Sum], countries: Mapping[str, Clues], written: Mapping[str, int], default: str
) -> list[_Beside]:
    counts: Counter[tuple[str, bool]] = Counter()
    firsts: dict[tuple[str, bool], Sum] = {}
    for each in sums:
        sign = each.money.sign or (_sign_of_label(each.label) if each.role in _TOTALS and each.money.exact else None)
        if sign and each.role is not Role.FOREIGN and (each.money.exact or each.role in _TOTALS or sign == "$"):
            kind = ("¥" if sign == "JPY" else sign, each.role in _TOTALS)
            counts[kind] += 1
            firsts.setdefault(kind, each)
    found = []
    for (sign, at_total), count in counts.items():
        code, share = _settled(sign, countries, written, default)
        if code:
            weight = (4.0 if at_total else 2.0) + min(count - 1, 4) * 0.5
            found.append(_Beside(code, sign, weight * share, at_total, share == 1.0, firsts[sign, at_total]))
    return found


def find_codes_beside(sums: Sequence[Sum], amount: Decimal) -> set[str]:
    """Return the currencies beside sums of this size, whatever their sign, apart from signs that several share."""
    signs = {each.money.sign or _sign_of_label(each.label) for each in sums if abs(each.value) == abs(amount)}
    return {sign for sign in signs if sign is not None and not shared_by(sign)}


def _sign_of_label(label: str) -> str | None:
    """Return the sign or code that ends a label: `Total (RM)`, `Summe EUR`."""
    if (word := _LAST_WORD.search(label)) is not None:
        return read_sign(word[1])
    script = script_of(label)
    last = label.rpartition(" ")[2].strip("()[]:=*\n").lower()
    return read_sign(last, script) if script is not None and last in marks_of(script) else None


def _settled(sign: str, countries: Mapping[str, Clues], written: Mapping[str, int], default: str) -> tuple[str, float]:
    """Return the currency of a sign and its weight, which is low if several countries share it and none is known."""
    family = shared_by(sign)
    if not family:
        return sign, 1.0
    known = {code: _known_weight(code, countries, written) for code in family}
    best = max(family, key=lambda code: known[code])
    if known[best] > 0:
        return best, 1.0
    if default in family:
        return default, 1.0
    likeliest = _LIKELIEST.get(sign) if sign in SHARED_SIGNS else family[0]
    return (likeliest, _UNSETTLED) if likeliest else ("", 0.0)


def _known_weight(code: str, countries: Mapping[str, Clues], written: Mapping[str, int]) -> float:
    """Return the weight for one of the countries that share a sign; 0 if its only clue is, say, a phone number."""
    clues = countries.get(code)
    is_telling = clues is not None and clues.weight >= _TELLING_WEIGHT and bool(_TELLING & clues.words.keys())
    return (clues.weight if clues is not None and is_telling else 0.0) + (2.0 if code in written else 0.0)


def _written_codes(rows: Sequence[Row], sums: Sequence[Sum]) -> dict[str, int]:
    """Count the printed ISO codes in capitals; one that is also a word counts only if it appears beside a sum."""
    beside = {each.money.sign for each in sums}
    found = Counter(code for row in rows for code in _CODE.findall(row.text[:300]))
    return {code: count for code, count in found.items() if code not in _ALSO_WORDS or code in beside}
