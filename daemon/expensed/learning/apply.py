"""Apply what lessons teach of a seller to another of its documents; no field that is proven is made worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from msgspec import UNSET

from expensed.learning.draw import list_read_names, swap
from expensed.learning.identify import NO_NAMES, Match, Tie, identify
from expensed.learning.vendor_key import find_heading, is_alike, name_rightly
from expensed.model.expense import BY_DEFAULT, Evidence, Expense
from expensed.model.lesson import Lesson, Traits
from expensed.model.money import write_amount

SURE = 0.97
"""The confidence of what lessons about a surely identified seller agree upon."""
UNSURE = 0.8
"""The confidence otherwise: the heading may not have been a name at all (`Receipt`)."""
_KNOWN = 0.85
"""A name that is read with this confidence stays if the seller is only guessed."""
_OFTEN = 3
"""Documents that must agree upon the seller of a heading that is unlike its name."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """An expense after lessons were applied, and the fields about which they leave no doubt."""

    expense: Expense
    settled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pupil:
    """A document with the lessons about its seller, latest first, which all have the same tie."""

    traits: Traits
    matches: Sequence[Match]
    review_below: float
    names: Mapping[str, str]

    @property
    def tie(self) -> Tie:
        return self.matches[0].tie

    @property
    def lessons(self) -> list[Lesson]:
        return [match.lesson for match in self.matches]


def apply_lessons(
    expense: Expense,
    traits: Traits,
    lessons: Sequence[Lesson],
    review_below: float,
    names: Mapping[str, str] = NO_NAMES,
) -> Learnt:
    """Return the expense with what `lessons` teach, which may be about anyone; its reasons are left to the caller.

    `names`: what people call sellers, by their reduced names; lessons that differ only in such names agree.
    """
    matches = identify(traits, expense, [each for each in lessons if each.forgotten_at is UNSET], names)
    learnt = Learnt(expense)
    if matches:
        pupil = _Pupil(traits, matches, review_below, names)
        for apply in (_apply_vendor, _apply_category, _apply_currency, _apply_order, _apply_amount):
            learnt = apply(learnt, pupil)
    return learnt


def apply_name(expense: Expense, name: str) -> Expense:
    """Return the expense with its seller called as people call it; how surely it was read stays."""
    read = expense.fields.get("vendor")
    if read is None:
        return replace(expense, vendor=name)
    before = read.value if read.read_as is UNSET else read.read_as
    named = replace(read, value=name, read_as=UNSET if before is None or before == name else before)
    return replace(expense, vendor=name, fields={**expense.fields, "vendor": named})


def name_proof(lesson: Lesson) -> str:
    """Return the proof of a field that a lesson taught."""
    return f"learnt from document {lesson.document}"


def _apply_vendor(learnt: Learnt, pupil: _Pupil) -> Learnt:
    lessons = [lesson for lesson in pupil.lessons if lesson.vendor is not None]
    read = learnt.expense.fields.get("vendor") or Evidence(value=None, confidence=0.0)
    called = {name_rightly(each.vendor, pupil.names).casefold() for each in lessons if each.vendor is not None}
    is_agreed = len(called) == 1
    if not lessons or (pupil.tie is Tie.GUESSED and (read.confidence >= _KNOWN or not is_agreed)):
        return learnt
    lesson, vendor = lessons[0], lessons[0].vendor or ""
    heading = find_heading(learnt.expense) or ""
    if read.proof is not None and heading not in list_read_names(lesson):
        return learnt
    is_telling = pupil.tie in (Tie.NEAR, Tie.SURE) or len(lessons) >= _OFTEN or is_alike(heading, vendor)
    is_sure = is_agreed and is_telling and pupil.tie is not Tie.GUESSED and lesson.was_right is not False
    sure = SURE if is_sure else UNSURE
    evidence = _learn(read, vendor, max(sure, read.confidence) if vendor == read.value else sure, lesson)
    return _take(learnt, "vendor", vendor, evidence, lesson, settles=is_sure)


def _apply_category(learnt: Learnt, pupil: _Pupil) -> Learnt:
    lessons = [lesson for lesson in pupil.lessons if lesson.category is not None]
    if not lessons or (pupil.tie is Tie.GUESSED and learnt.expense.vendor != lessons[0].vendor):
        return learnt
    read = learnt.expense.fields.get("category") or Evidence(value=None, confidence=0.0)
    lesson = _choose_category(pupil.traits, lessons, read.value)
    evidence = _learn(read, lesson.category, SURE, lesson)
    return _take(learnt, "category", lesson.category, evidence, lesson, settles=True)


def _choose_category(traits: Traits, lessons: Sequence[Lesson], read: str | None) -> Lesson:
    """Return the lesson whose category fits, of those that fit alike the latest.

    Where the seller means several: the one with most words of what was bought, then one whose category was read.
    """
    words = frozenset(traits.words)
    return max(
        lessons, key=lambda each: (len(words.intersection(each.words)), read in (each.category, each.read_category))
    )


def _apply_currency(learnt: Learnt, pupil: _Pupil) -> Learnt:
    """Take the seller's currency where the paper left it open; a name alone may be that of shops in many countries."""
    read = learnt.expense.fields.get("currency") or Evidence(value=None, confidence=0.0)
    lessons = [lesson for lesson in pupil.lessons if lesson.currency is not None]
    is_open = read.value is None or read.proof == BY_DEFAULT
    is_doubtful = read.proof is None and read.confidence < pupil.review_below
    if pupil.tie is not Tie.SURE or not (is_open or is_doubtful) or len({each.currency for each in lessons}) != 1:
        return learnt
    currency = lessons[0].currency
    is_agreed = is_open or read.value == currency
    evidence = _learn(read, currency, SURE if is_agreed else UNSURE, lessons[0])
    return _take(learnt, "currency", currency, evidence, lessons[0], settles=is_agreed)


def _apply_order(learnt: Learnt, pupil: _Pupil) -> Learnt:
    """Read day and month in the seller's order where the paper left that open."""
    day, read, traits = learnt.expense.date, learnt.expense.fields.get("date"), pupil.traits
    lessons = [lesson for lesson in pupil.lessons if lesson.day_first is not None]
    if day is None or read is None or traits.sure_if_ordered is None or traits.day_first is None:
        return learnt
    if (
        read.proof is not None
        or read.confidence >= pupil.review_below
        or len({each.day_first for each in lessons}) != 1
    ):
        return learnt
    is_known = pupil.tie is Tie.SURE or (pupil.tie is Tie.NAMED and lessons[0].currency == learnt.expense.currency)
    taught = day if lessons[0].day_first == traits.day_first else swap(day)
    if not is_known or taught is None:
        return learnt
    sure = traits.sure_if_ordered
    evidence = _learn(read, taught.isoformat(), sure, lessons[0])
    return _take(learnt, "date", taught, evidence, lessons[0], settles=sure >= pupil.review_below)


def _apply_amount(learnt: Learnt, pupil: _Pupil) -> Learnt:
    """Take the sum whose label the person took, where the one that was read is unproven and was wrong then, too.

    It stays doubtful: a label proves no figures.
    """
    read, sums = learnt.expense.fields.get("amount"), pupil.traits.sums
    lessons = [lesson for lesson in pupil.lessons if lesson.amount_label is not None]
    if read is None or read.proof is not None or pupil.tie is not Tie.SURE or not sums or not lessons:
        return learnt
    lesson = lessons[0]
    values = {each.value for each in sums if each.label == lesson.amount_label}
    was_misled = lesson.read_label is not None and any(
        each.label == lesson.read_label and each.value == learnt.expense.amount for each in sums
    )
    if len({each.amount_label for each in lessons}) != 1 or not was_misled or len(values) != 1:
        return learnt
    amount = values.pop()
    if amount == learnt.expense.amount:
        return learnt
    evidence = _learn(read, write_amount(amount, learnt.expense.currency), UNSURE, lesson)
    return _take(learnt, "amount", amount, evidence, lesson, settles=False)


def _learn(read: Evidence, value: str | None, sure: float, lesson: Lesson) -> Evidence:
    """Return the evidence of a value that a lesson taught, or made sure."""
    read_as = UNSET if read.value is None or read.value == value else read.value
    return replace(read, value=value, confidence=sure, proof=name_proof(lesson), read_as=read_as)


def _take(
    learnt: Learnt, name: str, value: str | date | Decimal | None, evidence: Evidence, lesson: Lesson, *, settles: bool
) -> Learnt:
    """Return the expense with a field as a lesson teaches it."""
    expense = learnt.expense
    used = {lesson.number} if expense.lessons is UNSET else {*expense.lessons, lesson.number}
    fields = {**expense.fields, name: evidence}
    changes = {name: value}
    changed = replace(expense, fields=fields, lessons=tuple(sorted(used)), **changes)  # type: ignore[arg-type]
    return Learnt(changed, learnt.settled | {name} if settles else learnt.settled)
