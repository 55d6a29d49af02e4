"""Find the currency: the signs and codes on a document and the country of its seller compete, with learnt weights.

What comes out is a probability for each currency; some of it is left for currencies that nothing on the document names.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.country.countries import CountryFound, find_country, load_weights
from expensed.extraction.country.facts import currencies_of, currency_on, load_countries, worth
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.page.lines import Row
from expensed.languages.scripts import script_of
from expensed.languages.signs import ALSO_WORDS, CODES, LETTERS, marks_of, read_sign, shared_by
from expensed.model.money import currencies_of_decimals, minor_units

_CODE = re.compile(r"(?<![^\W_])(" + "|".join(sorted(CODES)) + r")(?![^\W_])")
_STATED = re.compile(r"(?:\(|\bin )([A-Z]{2,3}|€|£|₹|zł|Kč)(?:\)|[.\s]*$)")
_LAST_WORD = re.compile(r"(?<![^\W_])([A-Z]{2,3}|Rs|€|£|\$|zł|Kč|Ft|kr|kn|Gs|Tk|Fr\.|円|元|원|đ)[\s)\]:=*.]*$")
_TOTALS = (Role.FINAL, Role.TOTAL, Role.CARD, Role.CASH, Role.SUBTOTAL)
_OTHER = ""
"""Stands for all currencies that nothing on the document names."""
_LEAST_COUNTRY = 0.02
"""The least probability of a country that makes its currency a candidate."""
_FLOOR = 0.001
_LIKELY, _LIKELIER = 0.5, 0.75
"""Without a sign or code, a country less likely than this tells nothing; the second if the user named a currency."""
_MOST_ODDS, _MOST_CONTESTED = 8.0, 2.8
"""The highest logarithm of odds; the second if another currency is printed beside a total or as its code."""
_KNOWN, _HOME = 0.97, 0.95
"""How probable a currency must be to settle a sign that several share, and a country to prove its currency."""
_PROVEN = 0.97
_LIKELY_HOME = 0.75
_TELLING = frozenset(
    ("name", "city", "form", "rate", "number", "post", "region_post", "region", "code", "tax_word", "phone")
)
"""Kinds of clue that tell where a document was issued; to be sure it needs two, or one and two that tell less."""
_FAINT = frozenset(("language", "day_first", "post_town"))
_FEWEST_TELLING = 2
_BY_DEFAULT = 7.0
"""The weight of the user's own currency for a sign that it shares with others, while no other's country is known."""
_OTHERS_KNOWN = 0.9
_USUAL_TOTAL, _USUAL_SPREAD, _MOST_APART = 1.5, 1.0, 3.0
"""The usual total in dollars and by how much others differ, as powers of ten."""
_WITHOUT_CENTS = 3
"""A currency of which a thousand or more are a dollar is written without cents."""
_SHARED = "a sign that several countries share"


@dataclass(slots=True)
class _Beside:
    """A sign beside amounts: how often, and whether a total is among them."""

    count: int = 0
    at_total: bool = False
    shown: Sum | None = None

    def add(self, each: Sum, *, is_total: bool) -> None:
        """Add an amount; the first of the totals is shown as evidence, or else the first of all."""
        self.count += 1
        if self.shown is None or (is_total and not self.at_total):
            self.shown = each
        self.at_total = self.at_total or is_total


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document says of currencies: signs beside amounts, printed codes, and the country."""

    beside: Mapping[str, _Beside]
    written: Mapping[str, int]
    country: CountryFound
    masses: Mapping[str, float]
    """How probable the countries of each currency are together."""
    default: str = ""
    stated: frozenset[str] = frozenset()
    """The currencies whose signs are stated apart from amounts."""
    has_thousandths: bool = False
    total: Sum | None = None
    """The labelled total in the middle, by size."""

    def own(self, code: str) -> _Beside | None:
        """The sign of this currency alone."""
        return self.beside.get(code)

    def shared(self, code: str) -> tuple[str, _Beside] | None:
        """The sign that this currency shares with others and that stands beside most amounts, totals first."""
        signs = [(sign, each) for sign, each in self.beside.items() if code in self._family(sign)]
        return max(signs, key=lambda pair: (pair[1].at_total, pair[1].count), default=None)

    def _family(self, sign: str) -> tuple[str, ...]:
        family = shared_by(sign)
        precise = tuple(code for code in family if code in currencies_of_decimals(3))
        return precise if self.has_thousandths and precise else family

    @property
    def codes(self) -> tuple[str, ...]:
        """The currencies that anything on the document speaks for."""
        shared = (code for sign in self.beside for code in self._family(sign))
        settled = (sign for sign in self.beside if not shared_by(sign))
        likely = (code for code, mass in self.masses.items() if mass >= _LEAST_COUNTRY)
        return tuple(dict.fromkeys((*settled, *shared, *self.written, *self.stated, *likely)))


def weigh_currencies(rows: Sequence[Row], sums: Sequence[Sum], default: str = "") -> list[Candidate[str]]:
    """Return every currency that is at all likely, best first, even if nothing on the document names one.

    `default` only settles a sign that several countries share.
    """
    evidence = find_evidence(rows, sums, find_country(rows), default)
    chances = chances_of(evidence)
    return best_first(
        _candidate(code, evidence, chances) for code, chance in chances.items() if code != _OTHER and chance >= _FLOOR
    )


def only_supported(likely: list[Candidate[str]], default: str = "") -> list[Candidate[str]]:
    """Return these currencies if the document names any, or its country makes one likely enough; else none."""
    least = _LIKELIER if default else _LIKELY
    is_supported = any(each.described["named"] or math.exp(each.score) >= least for each in likely)
    return likely if is_supported else []


def find_evidence(rows: Sequence[Row], sums: Sequence[Sum], country: CountryFound, default: str = "") -> Evidence:
    """Return what the document says of currencies."""
    beside: dict[str, _Beside] = {}
    for each in sums:
        sign = each.money.sign or (_sign_of_label(each.label) if each.role in _TOTALS and each.money.exact else None)
        is_total = each.role in _TOTALS
        if sign and each.role is not Role.FOREIGN and (each.money.exact or is_total or sign == "$"):
            beside.setdefault("¥" if sign == "JPY" else sign, _Beside()).add(each, is_total=is_total)
    labelled = [each for each in sums if each.role in (Role.FINAL, Role.TOTAL)]
    totals = sorted([each for each in labelled if each.money.exact] or labelled, key=lambda each: each.value)
    precise = sum(each.money.exact and each.value.as_tuple().exponent == -3 for each in sums)
    return Evidence(
        beside,
        _written_codes(rows, sums),
        country,
        _masses(rows, country.shares),
        default,
        _stated(rows),
        has_thousandths=precise > 1,
        total=totals[(len(totals) - 1) // 2] if totals else None,
    )


def _masses(rows: Sequence[Row], shares: Mapping[str, float]) -> dict[str, float]:
    """Return for each currency the sum of its countries' probabilities on the day of the document."""
    masses: dict[str, float] = {}
    day: str | None = None
    for code, share in shares.items():
        country = load_countries()[code]
        if len(currencies_of(country)) > 1 and share >= _LEAST_COUNTRY and day is None:
            day = _first_day(rows)
        currency = currency_on(country, day or "")
        masses[currency] = masses.get(currency, 0.0) + share
    return masses


def _first_day(rows: Sequence[Row]) -> str:
    """Return the first date on the document in ISO form; empty if it has none."""
    days = (written.first or written.second for row in rows for written in find_dates(row.text))
    return next((day.isoformat() for day in days if day), "")


def chances_of(evidence: Evidence) -> dict[str, float]:
    """Return the probability of each currency, and that of all others under an empty code."""
    weights = load_weights()["currency"]
    scores = {code: _score(code, evidence, weights) for code in evidence.codes}
    scores[_OTHER] = weights["other"]
    most = max(scores.values())
    odds = {code: math.exp(score - most) for code, score in scores.items()}
    total = sum(odds.values())
    return {code: each / total for code, each in odds.items()}


def _score(code: str, evidence: Evidence, weights: Mapping[str, float]) -> float:
    score = sum(weights[name] * value for name, value in features_of(code, evidence).items())
    return score + (_BY_DEFAULT if code == evidence.default and _is_open(code, evidence) else 0.0)


def _is_open(code: str, evidence: Evidence) -> bool:
    """Whether a currency shares a sign on the document and no other's country is known."""
    others = (mass for other, mass in evidence.masses.items() if other != code)
    return evidence.shared(code) is not None and max(others, default=0.0) < _OTHERS_KNOWN


def features_of(code: str, evidence: Evidence) -> dict[str, float]:
    """Return what speaks for a currency, by name."""
    own, shared = evidence.own(code), evidence.shared(code)
    features = {"country": math.log(max(_FLOOR, evidence.masses.get(code, 0.0)) / _FLOOR)}
    if own is not None:
        features |= {"sign_at_total": float(own.at_total), "sign": math.log1p(own.count)}
    if shared is not None and shared[0] not in LETTERS.values():
        features |= {"shared_at_total": float(shared[1].at_total), "shared": math.log1p(shared[1].count)}
    elif shared is not None:
        features["letter"] = 1.0
    if code in evidence.written:
        features["printed"] = math.log1p(evidence.written[code])
    if code in evidence.stated and code not in evidence.written:
        features["stated"] = 1.0
    return features | _features_of_total(code, evidence.total)


def _features_of_total(code: str, total: Sum | None) -> dict[str, float]:
    """Return what speaks against a currency in the size of the total and in its cents."""
    if total is None or total.value <= 0:
        return {}
    power = worth().get(code, 0)
    apart = abs(math.log10(float(total.value)) - _USUAL_TOTAL - power)
    has_cents = total.money.exact and not total.money.whole and total.value % 1 != 0
    is_without = minor_units(code) == 0 or power >= _WITHOUT_CENTS
    return {
        "odd_size": -max(0.0, min(_MOST_APART, apart) - _USUAL_SPREAD),
        "odd_cents": -float(has_cents and is_without),
    }


def _candidate(code: str, evidence: Evidence, chances: Mapping[str, float]) -> Candidate[str]:
    chance, own, shared = chances[code], evidence.own(code), evidence.shared(code)
    mass = evidence.masses.get(code, 0.0)
    is_settled = own is not None or code in evidence.written or chance >= _KNOWN
    rivals = [each for sign, each in evidence.beside.items() if sign != code and code not in shared_by(sign)]
    has_rival = any(each.at_total for each in rivals) or any(other != code for other in evidence.written)
    most = _MOST_CONTESTED if has_rival else _MOST_ODDS
    features = {
        "odds": max(-_MOST_ODDS, min(most, math.log(chance / max(1e-9, 1.0 - chance)))),
        "at_total": float(is_settled and any(each.at_total for each in (own, shared and shared[1]) if each)),
        "beside": float(is_settled and (own is not None or shared is not None)),
        "printed": float(code in evidence.written),
        "country": _odds(mass),
        "rival": _odds(max((each for other, each in evidence.masses.items() if other != code), default=0.0)),
        "rival_signs": float(any(each.at_total for each in rivals)),
        "rival_code": float(any(other != code for other in evidence.written)),
        "unsettled": float(not is_settled and shared is not None),
    }
    shown = own.shown if own else shared[1].shown if shared else None
    return Candidate(
        "currency", code, math.log(chance), why=_why(code, evidence, is_settled=is_settled), features=features,
        page=shown.row.page if shown else None, box=shown.box if shown else None, text=shown.row.text if shown else "",
        proof=_proof(code, evidence, chance, rivals),
        described={"named": float(bool(evidence.beside or evidence.written or evidence.stated))},
    )  # fmt: skip


def _odds(mass: float) -> float:
    """Return one more than the logarithm of a country's odds, between 0 and 6; 2 is three chances of four."""
    return max(0.0, min(6.0, 1.0 + math.log(max(mass, 1e-9) / max(1e-9, 1.0 - mass))))


def _why(code: str, evidence: Evidence, *, is_settled: bool) -> str:
    if evidence.own(code) or (evidence.shared(code) and is_settled):
        return "written beside amounts"
    if evidence.shared(code):
        return _SHARED
    return "its code is printed" if code in evidence.written else "the country on the document"


def _proof(code: str, evidence: Evidence, chance: float, rivals: Sequence[_Beside]) -> str | None:
    """Return why no other currency is possible; None if one is, or if another stands beside amounts."""
    if chance < _PROVEN or rivals:
        return None
    own, mass = evidence.own(code), evidence.masses.get(code, 0.0)
    has_other_code = any(other != code for other in evidence.written)
    if own is not None and own.at_total and (mass >= _HOME or (not has_other_code and _is_backed(code, evidence))):
        return f"{code} beside the total"
    country = _likeliest_with(code, evidence)
    if mass >= _HOME and not has_other_code and _is_telling(country, evidence):
        return evidence.country.sentence_of(country)
    return None


def _is_backed(code: str, evidence: Evidence) -> bool:
    """Whether a printed code or the country says the same as a sign."""
    return code in evidence.written or evidence.masses.get(code, 0.0) >= _LIKELY_HOME


def _likeliest_with(code: str, evidence: Evidence) -> str:
    """Return the likeliest country that has ever paid with a currency."""
    own = [country for country in evidence.country.shares if code in _currencies(country)]
    return max(own, key=lambda country: evidence.country.shares[country], default="")


@cache
def _currencies(country: str) -> frozenset[str]:
    return frozenset(code for _, code in currencies_of(load_countries()[country]))


def _is_telling(country: str, evidence: Evidence) -> bool:
    """Whether clues of several kinds tell the country, or words of another script do."""
    clues = evidence.country.clues.get(country)
    kinds = (clues.words.keys() if clues else set()) - _FAINT
    telling = sum(kind in _TELLING or kind.startswith("script") for kind in kinds)
    return "region_post" in kinds or telling >= _FEWEST_TELLING or (telling > 0 and len(kinds) > _FEWEST_TELLING)


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


def _written_codes(rows: Sequence[Row], sums: Sequence[Sum]) -> dict[str, int]:
    """Count the printed ISO codes in capitals; one that is also a word counts only if it appears beside a sum."""
    beside = {each.money.sign for each in sums}
    found = Counter(code for row in rows for code in _CODE.findall(row.text[:300]))
    return {code: count for code, count in found.items() if code not in ALSO_WORDS or code in beside}


def _stated(rows: Sequence[Row]) -> frozenset[str]:
    """Return the currencies whose signs are stated apart from amounts: `Amount (RM)`, `all amounts are in RM`."""
    signs = (read_sign(sign) for row in rows for sign in _STATED.findall(row.text[:300]))
    return frozenset(sign for sign in signs if sign is not None and not shared_by(sign) and sign not in ALSO_WORDS)
