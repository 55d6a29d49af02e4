"""What else the fields might be: the candidates that were not chosen, with the probability that is left for each."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.loose_amounts import find_loose_amounts
from expensed.extraction.candidates import Candidate as Found
from expensed.extraction.candidates import Value
from expensed.extraction.date.loose_dates import find_loose_dates
from expensed.extraction.doubts import is_doubtful
from expensed.extraction.findings import Field, Findings
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.loose_names import find_loose_names
from expensed.model.expense import NEEDED, Candidate

MOST = 5
"""How many other values of a field are kept."""
RIVALLED = ("amount", "date", "vendor", "currency", "category")
_UNLESS_TOLD = ("amount", "date", "vendor")
_REACH = {"amount": 0.7, "date": 0.5, "vendor": 0.45, "currency": 0.75, "category": 0.75}
"""How often the right value is among the rivals when the chosen one is wrong (`benchmarks/candidates.py`)."""
_MOST_LOOKED_AT = 12
_LONGEST_TEXT = 80
_OF_FIRST_LOOK = 0.2
"""How much of its share a value keeps that only the first look read."""
_OF_NAMED = 0.2
"""The least share of a value that a doubt names."""
_OF_LOOSE = 0.1
"""The share of the likeliest value that no rule takes for one; the next have a half, a third, ... of that."""
Rivals = Mapping[str, tuple[Candidate, ...]]
"""By field, the values that it might have, the chosen one too, likeliest first; confidences only compare them."""


def list_rivals(
    rows: Sequence[Row],
    found: AmountFound,
    dates: Sequence[Found[date]],
    texts: Mapping[str, Sequence[Found[str]]],
    tax: Decimal | None,
    today: date,
) -> Rivals:
    """Return what the fields of the pages might be, likeliest first.

    `texts` are the candidates for vendor, currency and category; `tax` is what all taxes are together, if known.
    """
    amounts = [(f"{each.value:f}", each.chance, each) for each in found.candidates]
    amounts += _less_likely((f"{each.value:f}", each) for each in find_loose_amounts(rows, found, tax))
    days = [*_days(dates), *_less_likely((str(each.value), each) for each in find_loose_dates(rows, dates, today))]
    names = [(each.value, each.chance, each) for each in texts["vendor"]]
    names += _less_likely((each.value, each) for each in find_loose_names(rows, texts["vendor"]))
    return {
        "amount": _likeliest(amounts),
        "date": _likeliest(days),
        "vendor": _likeliest(names),
        "currency": _likeliest((each.value, math.exp(each.score), each) for each in texts["currency"]),
        "category": _likeliest((each.value, 1 / (1 + math.exp(-each.score)), each) for each in texts["category"]),
    }


def join_rivals(one: Findings, other: Findings) -> Rivals:
    """Return the rivals of two looks at one document; those of the first, `one`, count for less."""
    joined: dict[str, tuple[Candidate, ...]] = {}
    for name in RIVALLED:
        best: dict[str, Candidate] = {}
        before = [*one.rivals.get(name, ()), *_chosen(one.fields.get(name))]
        for each in (*other.rivals.get(name, ()), *_chosen(other.fields.get(name)), *map(_of_first_look, before)):
            key = _key(name, each.value)
            if key not in best or best[key].confidence < each.confidence:
                best[key] = each
        joined[name] = tuple(sorted(best.values(), key=lambda each: -each.confidence))
    return joined


def _of_first_look(each: Candidate) -> Candidate:
    return replace(each, confidence=each.confidence * _OF_FIRST_LOOK)


def _chosen(field: Field | None) -> Iterator[Candidate]:
    if field is not None and field.value is not None:
        text = (field.text or "")[:_LONGEST_TEXT] or None
        yield Candidate(value=field.value, confidence=field.confidence, page=field.page, box=field.box, text=text)


def with_candidates(findings: Findings, review_below: float) -> Findings:
    """Return the findings with what else the doubtful fields might be, if a person has to look at them."""
    expense = findings.expense
    if not expense.needs_review:
        return findings
    doubtful = [
        name
        for name in RIVALLED
        if name in findings.doubted or is_doubtful(name, findings.fields.get(name), review_below)
    ]
    if not set(doubtful) & set(NEEDED):  # what is doubtful about it, no field tells
        doubtful = [name for name in RIVALLED if name in _UNLESS_TOLD or name in doubtful]
    candidates = {name: _others(name, findings) for name in doubtful}
    return replace(findings, expense=replace(expense, candidates=candidates))


def _others(name: str, findings: Findings) -> tuple[Candidate, ...]:
    """Return the rivals of a field without the chosen value; they share the probability that this one leaves."""
    field = findings.fields.get(name)
    chosen, sure = (None, 0.0) if field is None or field.value is None else (_key(name, field.value), field.confidence)
    best: dict[str, Candidate] = {}
    for each in findings.rivals.get(name, ()):
        best.setdefault(_key(name, each.value), each)
    others: Iterable[Candidate] = [each for key, each in best.items() if key != chosen]
    said = " ".join(findings.expense.reasons)
    others = sorted((_as_named(each, said) for each in others), key=lambda each: -each.confidence)
    whole = sum(each.confidence for each in others) or 1.0
    left = (1.0 - sure) * _REACH[name] / whole
    return tuple(replace(each, confidence=each.confidence * left) for each in others[:MOST])


def _as_named(each: Candidate, said: str) -> Candidate:
    """Return a rival as what it is worth if a doubt names it, as in `Two totals differ: 594.00 and 528.00.`"""
    is_named = re.search(rf"(?<![\w.]){re.escape(each.value)}(?![\w]|\.\d)", said) is not None
    return replace(each, confidence=max(each.confidence, _OF_NAMED)) if is_named else each


def _key(name: str, value: str) -> str:
    """Return what is equal for two ways to write one value."""
    if name == "amount":
        with suppress(InvalidOperation):
            return str(Decimal(value).normalize())
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split()) if name == "vendor" else value


def _days(dates: Sequence[Found[date]]) -> Iterator[tuple[str, float, Found[date]]]:
    shares = [math.exp(each.score - dates[0].score) for each in dates[:_MOST_LOOKED_AT]]
    whole = sum(shares)
    for each, share in zip(dates, shares, strict=False):
        yield each.value.isoformat(), share / whole, each


def _less_likely(values: Iterable[tuple[str, Found[Value]]]) -> Iterator[tuple[str, float, Found[Value]]]:
    for place, (value, each) in enumerate(values):
        yield value, _OF_LOOSE / (place + 1), each


def _likeliest(values: Iterable[tuple[str, float, Found[Value]]]) -> tuple[Candidate, ...]:
    ordered = sorted(values, key=lambda each: -each[1])[:_MOST_LOOKED_AT]
    return tuple(
        Candidate(
            value=value, confidence=min(1, share), page=each.page, box=each.box, text=each.text[:_LONGEST_TEXT] or None
        )
        for value, share, each in ordered
    )
