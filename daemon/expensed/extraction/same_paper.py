"""Tell whether two texts were read from the same paper, scanned or photographed twice.

Numbers decide, because words are the same on every paper of a till. Two readings of one paper share nearly all of them
but for misread digits and what was cropped; two purchases at one till differ in document number and time, and mostly in
what was paid. Being sure takes something that no other purchase has: the time of day, or the document's number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from expensed.model.expense import Expense, Facts
from expensed.model.fingerprint import bare, find_numbers, plain
from expensed.model.purchase import number_key
from expensed.model.states import Likeness

LONGEST_TEXT = 20_000
"""Characters of a text that are compared; about ten dense pages."""
_FEWEST, _FEWEST_IN_A_SECOND = 4, 3
"""Numbers that two papers must share to be compared at all; fewer are enough beside a time to the second."""
_LEAST_SHARE, _SURE_SHARE, _SURE_SHARE_IN_A_MINUTE, _NEARLY_ALL = 0.5, 0.7, 0.6, 0.85
_MANY_PRICES, _MANY_PRICES_IN_A_MINUTE, _MANY_NUMBERS = 10, 8, 15
"""Nobody buys so much at one price twice on one day; a receipt over one thing prints five sums, with tax and change."""
_AMOUNT = re.compile(r"\d{1,3}(?:[.,']?\d{3})*[.,]\d{2}")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:h]([0-5]\d)(?:[:]([0-5]\d))?(?!\d|:\d)")
_GLUED_CLOCK = re.compile(r"(?:19|20)?\d\d([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?!\d|:\d)")
_NAMED = 60
"""How similar a part of a text is to a name that stands there, in percent."""
_WITHIN_A_MINUTE, _WITHIN_A_DAY = 10, 100
"""How far apart the numbers are, if they look alike, that a till gives within that time."""

_SURELY = 0.9
"""Confidence from which on a field is hardly misread."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two papers are one, with the reason as the end of a sentence that begins with `It`."""

    likeness: Likeness
    reason: str


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the numbers of two texts have in common, and what not."""

    shared: int
    share: float
    """Of the numbers of the shorter text."""
    kinds: int
    """How many different numbers are shared."""
    prices: int
    """How many of these are amounts."""
    near: Sequence[tuple[str, str]]
    """Pairs that differ in a digit or so, as one misread number does, or two that follow each other; not of amounts."""
    near_amounts: int
    lone: int
    """How many numbers only one of the texts has, without amounts and without the pairs above."""
    contradictions: int
    """How many amounts each has that the other lacks, and how many other numbers of the same length."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What speaks for one paper, and what against it."""

    numbers: _Numbers
    in_one_second: bool
    """Whether both print the same time to the second."""
    in_one_minute: bool
    at_other_times: bool
    """Whether each prints a time that the other lacks: what they share then may be opening hours."""
    is_same_day: bool
    is_another_day: bool
    has_same_number: bool
    is_same_kind: bool

    @property
    def contradictions(self) -> int:
        """How many numbers contradict each other; one paper may print two days."""
        differs = bool(self.numbers.near or self.numbers.contradictions)
        return self.numbers.contradictions + (self.is_another_day and differs)

    @property
    def is_long(self) -> bool:
        """Whether they share so many prices that another purchase cannot have the same on the same day."""
        return self.numbers.prices >= _MANY_PRICES


def compare_papers(one: Facts, text: str, other: Facts, other_text: str) -> Verdict:
    """Return whether two texts come from one paper; `one` and `other` are what was understood of them."""
    if one.amount is not None and other.amount is not None and one.amount * other.amount < 0:
        return Verdict(Likeness.DIFFERENT, "gives money back, or the other one does")
    text, other_text = text[:LONGEST_TEXT], other_text[:LONGEST_TEXT]
    signs = _find_signs(one, text, other, other_text)
    if signs is None:
        return Verdict(Likeness.DIFFERENT, "has other numbers")
    verdict = _agree_in_time(signs) or _find_difference(signs) or _find_doubt(signs) or _find_certainty(signs)
    return verdict if verdict.likeness is Likeness.DIFFERENT else _mind_seller(verdict, one, text, other, other_text)


def judge_pictures(pictures: Likeness, one: Expense, text: str, other: Expense, other_text: str) -> Verdict | None:
    """Return whether two papers are one whose pictures were compared; None if those do not show it.

    If only the print is known to be the same, it must show what tells two purchases from each other. Print that is too
    pale to be compared may still be legible: two receipts of an app may differ in nothing else.
    """
    if pictures is Likeness.DIFFERENT:
        return None
    if (name := _find_contradiction(one, other)) is not None:
        return Verdict(Likeness.UNSURE, f"looks the same, but another {name} was read")
    if pictures is Likeness.SURE or _is_told_apart(one, text) or _is_told_apart(other, other_text):
        return Verdict(Likeness.SURE, "has the same picture")
    return Verdict(Likeness.UNSURE, "looks the same, but shows no time or document number")


def _find_contradiction(one: Expense, other: Expense) -> str | None:
    """Return the field that was read with certainty on two papers and differs: date, amount, or None."""
    for name in ("date", "amount"):
        found = [each.fields[name] for each in (one, other) if name in each.fields]
        read = {each.value if each.read_as is UNSET else each.read_as for each in found if each.confidence >= _SURELY}
        if len(read) > 1:
            return name
    return None


def _is_told_apart(facts: Facts, text: str) -> bool:
    """Whether a paper shows a time, its number, or so many prices that no other purchase has the same."""
    prices = {number for number in _list_numbers(text[:LONGEST_TEXT]) if _AMOUNT.fullmatch(number)}
    has_number = len(number_key(facts.invoice_number or "")) > 2
    return has_number or bool(_find_times(text[:LONGEST_TEXT])) or len(prices) >= _MANY_PRICES


def share_numbers(text: str, other_text: str) -> float:
    """Return how many of the numbers of the shorter text the other one has, 0 to 1."""
    numbers, others = (Counter(map(bare, _list_numbers(each[:LONGEST_TEXT]))) for each in (text, other_text))
    return (numbers & others).total() / max(1, min(numbers.total(), others.total()))


def _mind_seller(verdict: Verdict, one: Facts, text: str, other: Facts, other_text: str) -> Verdict:
    """Return a verdict that heeds sellers of which neither stands on the other's paper, and currencies."""
    has_other_currency = None not in (one.currency, other.currency) and one.currency != other.currency
    has_other_seller = not _names(other_text, one.vendor) and not _names(text, other.vendor)
    if has_other_currency and has_other_seller:
        return Verdict(Likeness.DIFFERENT, "has another seller and currency")
    if verdict.likeness is Likeness.SURE and (has_other_currency or has_other_seller):
        return Verdict(
            Likeness.UNSURE, f"has the same numbers, but another {'seller' if has_other_seller else 'currency'}"
        )
    return verdict


def _names(text: str, seller: str | None) -> bool:
    """Whether a text may name a seller; a few letters may be misread."""
    return seller is None or fuzz.partial_ratio(seller.casefold(), plain(text), score_cutoff=_NAMED) > 0


def _find_signs(one: Facts, text: str, other: Facts, other_text: str) -> _Signs | None:
    """Return what speaks for and against one paper; None if hardly a number is the same."""
    numbers = _compare_numbers(_list_numbers(text), _list_numbers(other_text))
    times, other_times = _find_times(text), _find_times(other_text)
    in_one_second = any(len(time) == len("hhmmss") for time in times & other_times)
    minutes, other_minutes = ({time[:4] for time in each} for each in (times, other_times))
    at_other_times = bool(minutes - other_minutes and other_minutes - minutes) and not in_one_second
    if numbers is None or numbers.shared < (_FEWEST_IN_A_SECOND if in_one_second else _FEWEST):
        return None
    return _Signs(
        numbers,
        in_one_second=in_one_second,
        in_one_minute=not minutes.isdisjoint(other_minutes) and not at_other_times,
        at_other_times=at_other_times,
        is_same_day=one.date is not None and one.date == other.date,
        is_another_day=None not in (one.date, other.date) and one.date != other.date,
        has_same_number=_has_same_number(one, other),
        is_same_kind=one.kind == other.kind or (numbers.share >= _NEARLY_ALL and not numbers.contradictions),
    )


def _agree_in_time(signs: _Signs) -> Verdict | None:
    """Return SURE if time and numbers agree so well that a few misread ones do not matter."""
    has_many = signs.numbers.prices >= _MANY_PRICES_IN_A_MINUTE and signs.numbers.share >= _SURE_SHARE
    is_bearable = signs.contradictions <= 1 + signs.numbers.shared // 8
    if signs.is_same_kind and is_bearable and (signs.in_one_second or (signs.in_one_minute and has_many)):
        return Verdict(Likeness.SURE, "has the same time and the same numbers")
    return None


def _find_difference(signs: _Signs) -> Verdict | None:
    """Return DIFFERENT if times or numbers contradict each other."""
    numbers = signs.numbers
    if signs.at_other_times and (signs.contradictions or not signs.is_long or numbers.share < _NEARLY_ALL):
        return Verdict(Likeness.DIFFERENT, "has another time of day")
    is_bound = signs.in_one_minute or signs.has_same_number or (signs.is_long and signs.is_same_day)
    most = 0 if _is_next(numbers.near, signs) else numbers.shared // 12
    if signs.contradictions > (1 + numbers.shared // 6 if is_bound else most):
        return Verdict(Likeness.DIFFERENT, "has other numbers")
    return None


def _find_doubt(signs: _Signs) -> Verdict | None:
    """Return UNSURE if another purchase at the same till could differ as little."""
    numbers = signs.numbers
    if signs.at_other_times:
        return Verdict(Likeness.UNSURE, "has the same numbers, but another time of day")
    if _is_next(numbers.near, signs):
        return Verdict(Likeness.UNSURE, "has the same numbers but for the last digits of one")
    is_misread = numbers.near_amounts + len(numbers.near) > 1 + numbers.shared // (4 if signs.in_one_minute else 8)
    share = _SURE_SHARE_IN_A_MINUTE if signs.in_one_minute else _SURE_SHARE
    if signs.contradictions or is_misread or not signs.is_same_kind or numbers.share < share:
        return Verdict(Likeness.UNSURE, "has nearly the same numbers")
    return None


def _find_certainty(signs: _Signs) -> Verdict:
    """Return SURE if they share what no other purchase has, otherwise UNSURE; no number contradicts it."""
    numbers = signs.numbers
    if signs.in_one_minute:
        return Verdict(Likeness.SURE, "has the same time and the same numbers")
    if signs.has_same_number and not signs.is_another_day:
        return Verdict(Likeness.SURE, "has the same document number and the same amounts")
    is_complete = numbers.kinds >= _MANY_NUMBERS and len(numbers.near) + numbers.lone <= 1
    if is_complete or (signs.is_long and (signs.is_same_day or numbers.prices >= _MANY_NUMBERS)):
        return Verdict(Likeness.SURE, "has the same numbers, all of many")
    return Verdict(Likeness.UNSURE, "has the same numbers, but no time or document number that both show")


def _has_same_number(one: Facts, other: Facts) -> bool:
    number = number_key(one.invoice_number or "")
    return len(number) > 2 and number == number_key(other.invoice_number or "")


def _list_numbers(text: str) -> list[str]:
    return [number for line in text.splitlines() for number in find_numbers(line)]


def _compare_numbers(numbers: Sequence[str], others: Sequence[str]) -> _Numbers | None:
    """Return what two lists of numbers have in common; None if that is little."""
    counts, other_counts = Counter(map(bare, numbers)), Counter(map(bare, others))
    amounts = {bare(number) for number in (*numbers, *others) if _AMOUNT.fullmatch(number)}
    both = counts & other_counts
    fewer = min(counts.total(), other_counts.total())
    if both.total() < _LEAST_SHARE * fewer:
        return None
    lone = _list_lone(counts, other_counts, amounts, "".join(map(bare, others)))
    other_lone = _list_lone(other_counts, counts, amounts, "".join(map(bare, numbers)))
    near, near_amounts = [], 0
    for number in list(lone):
        most = max(1, len(number) // 5)
        found = process.extractOne(number, other_lone, scorer=Levenshtein.distance, score_cutoff=most)
        if found is not None:
            lone.remove(number)
            other_lone.remove(found[0])
            if number in amounts and found[0] in amounts:
                near_amounts += 1
            else:
                near.append((number, found[0]))
    prices, other_prices = (sum(number in amounts for number in side) for side in (lone, other_lone))
    lengths, other_lengths = (
        sorted(len(number) for number in side if number not in amounts) for side in (lone, other_lone)
    )
    return _Numbers(
        shared=both.total(),
        share=both.total() / max(1, fewer),
        kinds=len(both),
        prices=len(amounts & both.keys()),
        near=near,
        near_amounts=near_amounts,
        lone=len(lengths) + len(other_lengths),
        contradictions=min(prices, other_prices) + _count_alike(lengths, other_lengths),
    )


def _count_alike(lengths: list[int], others: list[int]) -> int:
    """Return how many of these lengths, shortest first, have another of their own that differs by at most 1."""
    count = 0
    for length in lengths:
        found = next((other for other in others if abs(other - length) <= 1), None)
        if found is not None:
            others.remove(found)
            count += 1
    return count


def _list_lone(counts: Counter[str], others: Counter[str], amounts: set[str], other_digits: str) -> list[str]:
    """Return the numbers that the other text lacks; one that was read joined to its neighbour is not lacking."""
    lone = (counts - others).elements()
    return [number for number in lone if number in amounts or len(number) < 4 or number not in other_digits]


def _is_next(near: Sequence[tuple[str, str]], signs: _Signs) -> bool:
    """Whether one of these pairs may be numbers that a till gave one soon after the other, and not one misread."""
    apart = _WITHIN_A_MINUTE if signs.in_one_minute else _WITHIN_A_DAY
    return any(len(one) == len(other) and abs(int(one) - int(other)) < apart for one, other in near)


def _find_times(text: str) -> set[str]:
    """Return the times of day, `hhmm` or `hhmmss`; full and half hours without seconds are also opening hours."""
    plained = plain(text)
    found = {"".join(each) for each in (*_CLOCK.findall(plained), *_GLUED_CLOCK.findall(plained))}
    padded = {time if len(time) % 2 == 0 else f"0{time}" for time in found}
    return {time for time in padded if len(time) == 6 or time[2:] not in ("00", "30")}
