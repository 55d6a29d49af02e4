"""Find out which lessons are about the seller of a document: numbers identify, words support.

Lessons are looked up by keys first, which costs as little among a million as among ten; then each is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType

from rapidfuzz import fuzz

from expensed.learning.vendor_key import find_heading, is_alike, name_rightly, reduce_heading
from expensed.model.expense import Expense
from expensed.model.lesson import Lesson, Traits

READ, HEAD = "read:", "head:"
DOMAIN = "domain:"
NUMBERS = ("account:", DOMAIN, "number:")
NEAR = 90.0
"""Percent of the letters that a name as read shares with a name that is known."""
_SHORTEST_NEAR = 6
_SHORTEST_WITHIN = 7
_SHORTEST_LINE = 8
_ENOUGH_NUMBERS = 2
_HARDLY_READ = 0.3
_BRANCH = re.compile(r"(?:store|shop|branch|no|nr|number|outlet|unit|filiale)?[a-z]{0,4}\d{1,9}")
"""What may follow a name: the number of a branch."""
NO_NAMES: Mapping[str, str] = MappingProxyType({})
_EDGE = 4
"""Letters at the beginning and at the end of a name by which it is looked up, though others in it may be misread."""


class Tie(IntEnum):
    """How surely a lesson is about a document's seller."""

    NONE = 0
    GUESSED = 1
    """The right name is in the head, or a number is the same, but the name as read tells nothing."""
    NEAR = 2
    """What was read resembles the right name: letters are misread, or a branch is named."""
    NAMED = 3
    """The name is read as it was read then."""
    SURE = 4
    """A number that only this seller has is the same, and so is the name, or a line of the head."""


@dataclass(frozen=True, slots=True)
class Match:
    """A lesson, and how surely it is about the document's seller."""

    lesson: Lesson
    tie: Tie


@dataclass(frozen=True, slots=True)
class _Paper:
    """What is compared of a document: its seller as it was read, the lines of its head, all reduced."""

    read: frozenset[str]
    heads: Sequence[str]
    is_hardly_read: bool


def list_keys(traits: Traits, expense: Expense) -> tuple[str, ...]:
    """Return the keys by which lessons about a document's seller are looked up."""
    lines = [*_values(traits.identifiers, HEAD), *_read_names(expense)]
    return tuple(dict.fromkeys([*_numbers(traits.identifiers), *_edges(lines)]))


def list_lesson_keys(lesson: Lesson) -> tuple[str, ...]:
    """Return the keys by which a lesson is found."""
    names = [*_values(lesson.identifiers, READ), reduce_heading(lesson.vendor or "") or ""]
    return tuple(dict.fromkeys([*_numbers(lesson.identifiers), *_edges(names)]))


def identify(
    traits: Traits, expense: Expense, lessons: Sequence[Lesson], names: Mapping[str, str] = NO_NAMES
) -> list[Match]:
    """Return the lessons about a document's seller with the surest tie, latest first; `lessons` may be about anyone.

    `names`: what people call sellers, by their reduced names; a number of two names of one seller tells it.
    """
    read = expense.fields.get("vendor")
    is_hardly_read = read is None or read.confidence < _HARDLY_READ
    paper = _Paper(frozenset(_read_names(expense)), _values(traits.identifiers, HEAD), is_hardly_read)
    called = [
        each if each.vendor is None else replace(each, vendor=name_rightly(each.vendor, names)) for each in lessons
    ]
    telling = frozenset(traits.identifiers) - _find_shared(traits, called)
    found = [Match(lesson, _compare(paper, telling, lesson)) for lesson in lessons]
    best = max((match.tie for match in found), default=Tie.NONE)
    tied = [match for match in found if match.tie is best and best is not Tie.NONE]
    return sorted(tied, key=lambda match: (match.lesson.at, match.lesson.number), reverse=True)


def _compare(paper: _Paper, telling: frozenset[str], lesson: Lesson) -> Tie:
    common = telling.intersection(lesson.identifiers)
    numbers = _numbers(common)
    right = reduce_heading(lesson.vendor or "") or ""
    before = _values(lesson.identifiers, READ)
    is_named = not paper.read.isdisjoint(before)
    is_near = any(is_near_name(name, right) for name in paper.read)
    if numbers and (is_named or is_near or _is_supported(paper, numbers, before, right)):
        is_like = is_near or any(is_alike(name, right) for name in paper.read)
        if is_like or len(numbers) > 1 or not _has_others(telling, lesson):
            return Tie.SURE
    if is_named:
        return Tie.NAMED
    if is_near:
        return Tie.NEAR
    has_line = any(each.startswith(HEAD) and len(each) >= len(HEAD) + _SHORTEST_LINE for each in common)
    enough = 1 if has_line or paper.is_hardly_read else _ENOUGH_NUMBERS
    is_guessed = len(numbers) >= enough or any(_names_it(line, right) for line in paper.heads)
    return Tie.GUESSED if is_guessed else Tie.NONE


def _has_others(telling: frozenset[str], lesson: Lesson) -> bool:
    """Whether paper and lesson each have numbers that the other lacks.

    Then a single common one may be the buyer's, and a name such as `Invoice` is read on the papers of many sellers.
    """
    own, taught = set(_numbers(telling)), set(_numbers(lesson.identifiers))
    return not (own <= taught or taught <= own)


def _is_supported(paper: _Paper, numbers: Sequence[str], before: Sequence[str], right: str) -> bool:
    """Whether a name supports these common numbers; a domain alone may be that of the maker of the till."""
    if all(each.startswith(DOMAIN) for each in numbers):
        return False
    names = (right, *before)
    return any(is_alike(name, other) for name in paper.read for other in names) or any(
        _are_near(line, name) for line in paper.heads for name in before
    )


def is_near_name(read: str, right: str) -> bool:
    """Whether a name as read is the right one but for some letters, or for the number of a branch behind it."""
    return _are_near(read, right) or (
        len(right) >= _SHORTEST_NEAR and read.startswith(right) and _BRANCH.fullmatch(read, len(right)) is not None
    )


def _are_near(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHORTEST_NEAR and fuzz.ratio(one, other) >= NEAR


def _names_it(line: str, right: str) -> bool:
    return len(right) >= _SHORTEST_WITHIN and (right in line or _are_near(line, right))


def _find_shared(traits: Traits, lessons: Sequence[Lesson]) -> frozenset[str]:
    """Return the identifiers that lessons about several sellers have: a mall's, a till's, the buyer's."""
    having: dict[str, list[Lesson]] = {each: [] for each in traits.identifiers}
    for lesson in lessons:
        for each in having.keys() & set(lesson.identifiers):
            having[each].append(lesson)
    return frozenset(each for each, own in having.items() if any(not is_one_seller(own[0], other) for other in own[1:]))


def is_one_seller(one: Lesson, other: Lesson) -> bool:
    """Whether two lessons are about one seller, by their names alone."""
    if one.vendor is None or other.vendor is None:
        return True
    if set(_values(one.identifiers, READ)) & set(_values(other.identifiers, READ)):
        return True
    return is_alike(reduce_heading(one.vendor) or "", other.vendor)


def _read_names(expense: Expense) -> Iterator[str]:
    """Yield how the seller was read, reduced."""
    for name in (find_heading(expense), reduce_heading(expense.legal_name or "")):
        if name:
            yield name


def _values(identifiers: Iterable[str], kind: str) -> list[str]:
    return [each.removeprefix(kind) for each in identifiers if each.startswith(kind)]


def _numbers(identifiers: Iterable[str]) -> list[str]:
    return [each for each in identifiers if each.startswith(NUMBERS)]


def _edges(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name:
            yield f"start:{name[:_EDGE]}"
            yield f"end:{name[-_EDGE:]}"
