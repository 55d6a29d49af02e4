"""The currency: signs and codes beside amounts first, then what tells the country. None rather than a guess."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.labels import Role
from expensed.extraction.lines import Row
from expensed.extraction.money import CODES
from expensed.extraction.sums import Sum

STATE_AND_ZIP = (
    r"\b(?:(?:CT|MA|ME|NH|NJ|RI|VT),? 0\d|(?:NY|PA),? 1\d|DE,? 19|(?:DC|MD|NC|SC|VA|WV),? 2\d|(?:AL|FL|GA|MS|TN),? 3\d"
    r"|(?:IN|KY|MI|OH),? 4\d|(?:IA|MN|MT|ND|SD|WI),? 5\d|(?:IL|KS|MO|NE),? 6\d|(?:AR|LA|OK|TX),? 7\d"
    r"|(?:AZ|CO|ID|NM|NV|UT|WY),? 8\d|(?:AK|CA|HI|OR|WA),? 9\d)\d{3}(?:-\d{4})?\b"
)
"""An American state, in capitals, with a post code that lies in it."""
_CLUES: tuple[tuple[str, float, str], ...] = (
    ("MYR", 3.0, r"\bsdn\.?\s?bhd|\bs/b\b|\bberhad\b|malaysia|kuala\s?lumpur|selangor|\bjohor|penang|\bjalan\b"),
    ("MYR", 2.0, r"(?:\(|\b)rm\)?(?:\b|\d)|\+60[\s-]?\d|\bjln\b|\.com\.my|\btaman\b"),
    ("SGD", 3.0, r"singapore|\bpte\.?\s?ltd|\+65[\s-]?\d{4}|\.com\.sg|\.sg\b"),
    ("CHF", 3.0, r"\bche[-\s]?\d{3}|\+41[\s(]|\bch-\d{4}\b|schweiz|suisse|svizzera|switzerland|\bfr\.\s?\d"),
    (
        "EUR",
        2.5,
        r"deutschland|germany|\bde\s?\d{9}\b|österreich|austria|\+49[\s(]|\+43[\s(]|\bgmbh\b|ust-?id|steuer-?n",
    ),
    ("EUR", 2.5, r"\batu\s?\d{8}|\bust\b.{0,40}\bnetto\b"),
    ("EUR", 2.5, r"\bfrance\b|\+33[\s(]|\btva\b|siret|\bsiren\b|\brcs\b|\bparis\b|\bfr\s?\d{2}\s?\d{9}\b"),
    ("EUR", 2.5, r"italia|italy|\+39[\s(]|p\.?\s?iva|españa|spain|\+34[\s(]|\bnif\b|nederland|\+31[\s(]|\bbtw\b"),
    ("EUR", 2.5, r"portugal|\+351|belgi|\+32[\s(]|ireland|\+353|finland|suomi|\+358|\bmwst\b.{0,40}\bbrutto\b"),
    (
        "GBP",
        3.0,
        r"united kingdom|\bgb\s?\d{3}\s?\d{4}\s?\d{2}\b|\+44[\s(]|\.co\.uk|\blondon\b|england|scotland|\bwales\b",
    ),
    ("GBP", 2.0, r"\b[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}\b"),
    ("USD", 3.0, rf"\busa\b|united states|(?-i:{STATE_AND_ZIP})|sales tax|\bzip\b"),
    ("USD", 1.0, r"\(\s?\d{3}\s?\)\s?\d{3}\s?-\s?\d{4}|(?<!\d)\d{3}-\d{3}-\d{4}(?!\d)"),
    ("CAD", 3.0, r"(?-i:\b[A-Z][a-z]+,? (?:AB|BC|MB|NB|NL|NS|ON|PE|QC|SK)\b)|\bpst\b|\btvq\b"),
    ("MXN", 3.0, r"(?<!new )\bm[eé]xico\b|\bcdmx\b|\brfc\b"),
    ("ARS", 3.0, r"\bcuit\b|\bargentina\b|buenos aires"),
    ("CLP", 3.0, r"\bchile\b|santiago de chile|\brut\s?[:.]?\s?\d"),
    ("COP", 3.0, r"\bcolombia\b|bogot[aá]"),
    ("PKR", 3.0, r"\bpakistan\b|karachi|lahore|islamabad"),
    ("LKR", 3.0, r"sri lanka|\bcolombo\b"),
    ("NPR", 3.0, r"\bnepal\b|kathmandu"),
    ("MUR", 3.0, r"mauritius|port louis"),
    ("CAD", 3.0, r"\bcanada\b|\bhst\b|\bqst\b|\b[a-z]\d[a-z]\s\d[a-z]\d\b|ontario|québec|british columbia"),
    ("AUD", 3.0, r"australia|\babn\b|\.com\.au|\b(?:nsw|vic|qld)\s\d{4}\b"),
    ("NZD", 3.0, r"new zealand|\.co\.nz|\bnzbn\b"),
    ("INR", 3.0, r"\bindia\b|gstin|\bcgst\b|\bsgst\b|\bpvt\b|mumbai|delhi|bangalore|\+91[\s-]"),
    ("TWD", 3.0, r"統一編號|統編|電子發票|民國|台灣|臺灣|台北|taiwan"),
    ("JPY", 3.0, r"日本|東京|\bjapan\b|領収|[\u3041-\u30fa]"),
    ("CNY", 2.0, r"人民币|中国|\bchina\b|shanghai|beijing|shenzhen|guangzhou|上海|北京"),
    ("HKD", 3.0, r"hong kong|香港"),
    ("PLN", 3.0, r"polska|poland|\bnip\b|paragon|\bpln\b"),
    ("CZK", 3.0, r"česk|\bkč\b|\bdič\b"),
    ("SEK", 3.0, r"sverige|sweden|\bmoms\b.{0,30}\bkr\b|org\.?\s?nr"),
    ("NOK", 3.0, r"norge|norway|\bmva\b"),
    ("DKK", 3.0, r"danmark|denmark|\bcvr\b"),
    ("EGP", 3.0, r"\begypt\b|\bcairo\b"),
    ("ZAR", 3.0, r"south africa|\bcape town\b|johannesburg"),
    ("AED", 3.0, r"\bdubai\b|\bu\.?a\.?e\b|\btrn\b"),
    ("IDR", 3.0, r"indonesia|\bjakarta\b"),
    ("THB", 3.0, r"thailand|bangkok"),
)
_COMPILED = tuple((code, weight, re.compile(pattern, re.IGNORECASE)) for code, weight, pattern in _CLUES)
_CODE = re.compile(r"(?<![^\W_])(" + "|".join(sorted(CODES)) + r")(?![^\W_])")
_FAMILIES = {
    "$": ("USD", "SGD", "CAD", "AUD", "NZD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "¥": ("JPY", "CNY"),
}
_LIKELIEST = {"$": "USD", "Rs": "INR", "¥": "CNY"}
_STRONG_CLUE = 1.1
"""A weaker clue, such as a phone number, does not tell the country."""
_MOST_UNSETTLED = 1.5
"""The score, and so about 0.9 of confidence, beyond which a sign that several countries share does not go."""
_NOT_AMERICAN = re.compile(r"\b(?:gst|pst|hst|qst|tps|tvq|rfc|cuit|rut|iva|efectivo|vuelto)\b", re.IGNORECASE)
_UNSETTLED = 0.35
"""The weight left to a lone `$`: most likely US dollars, but a person should look."""
_SHARED = "a sign that several countries share"
_TOTALS = (Role.FINAL, Role.TOTAL, Role.CARD, Role.CASH, Role.SUBTOTAL)
_MOST_TEXT = 40_000

Weights = defaultdict[str, float]
"""Currency code to the weight of what speaks for it; 0 where nothing does."""


def find_currencies(rows: Sequence[Row], sums: Sequence[Sum], default: str = "") -> list[Candidate[str]]:
    """Every currency that the document speaks for, best first; the score is the weight of its evidence.

    `default` only settles a sign that several countries share.
    """
    country = _country_clues(rows)
    if country.get("USD") and any(_NOT_AMERICAN.search(row.text[:300]) for row in rows):
        del country["USD"]
    written = _written_codes(rows)
    known = {**country, **{code: country.get(code, 0.0) + weight for code, weight, _ in written}}
    scores: Weights = defaultdict(float)
    why: dict[str, str] = {}
    beside = _beside_amounts(sums, known, default)
    for code, weight, reason in (*beside, *written):
        scores[code] += weight
        why.setdefault(code, reason)
    for code, weight in country.items():
        scores[code] += min(weight, 6.0) * 0.8
        why.setdefault(code, "the country on the document")
    for code in {code for code, _, reason in beside if reason == _SHARED}:
        if known.get(code, 0.0) < _STRONG_CLUE:
            scores[code] = min(scores[code], _MOST_UNSETTLED)
    return best_first(Candidate("currency", code, score, why=why[code]) for code, score in scores.items())


def _beside_amounts(sums: Sequence[Sum], known: Mapping[str, float], default: str) -> list[tuple[str, float, str]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for each in sums:
        sign = each.money.sign
        if sign and each.role is not Role.FOREIGN and (each.money.exact or each.role in _TOTALS or sign == "$"):
            counts["¥" if sign == "JPY" else sign, each.role in _TOTALS] += 1
    found = []
    for (sign, is_total), count in counts.items():
        code, share = _settled(sign, known, default)
        if code:
            weight = (4.0 if is_total else 2.0) + min(count - 1, 4) * 0.5
            found.append((code, weight * share, _SHARED if share < 1 else "written beside amounts"))
    return found


def _settled(sign: str, known: Mapping[str, float], default: str) -> tuple[str, float]:
    """The currency of a sign, and how much the sign says: little where several countries share it and none is known."""
    family = _FAMILIES.get(sign)
    if family is None:
        return sign, 1.0
    members = [code for code in family if known.get(code, 0.0) >= _STRONG_CLUE]
    if members:
        return max(members, key=lambda code: known[code]), 1.0
    if default in family:
        return default, 1.0
    return (_LIKELIEST[sign], _UNSETTLED) if sign in _LIKELIEST else ("", 0.0)


def _written_codes(rows: Sequence[Row]) -> list[tuple[str, float, str]]:
    counts: Counter[str] = Counter()
    for row in rows:
        for code in _CODE.findall(row.text[:300]):
            counts[code] += 1
    return [(code, 1.2 + min(count - 1, 4) * 0.4, "its code is printed") for code, count in counts.items()]


def _country_clues(rows: Sequence[Row]) -> Weights:
    text = "\n".join(row.text for row in rows)[:_MOST_TEXT]
    clues: Weights = defaultdict(float)
    for code, weight, pattern in _COMPILED:
        if pattern.search(text):
            clues[code] += weight
    return clues
