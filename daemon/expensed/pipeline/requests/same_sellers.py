"""Find names that probably mean one seller, to offer them to a person; nothing is changed by that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from expensed.extraction.vendor.legal_forms import without_legal_form
from expensed.learning.identify import is_near_name
from expensed.learning.vendor_key import is_alike, reduce_heading

MOST_OFFERED = 200
_MOST_TOGETHER = 300
"""Names that begin or end alike and are compared with each other."""
_EDGE = 4
_A_PAIR = 2
_ENOUGH_NUMBERS = 2
"""Common numbers that tell one seller by two names that are unlike; a single one may be the buyer's."""
_SAME_LETTERS = "They differ only in their legal form, accents, capitals or spaces."
_NEAR = "They differ in a few letters, or in the number of a branch."


@dataclass(frozen=True, slots=True)
class Offer:
    """Two names that probably mean one seller, and why."""

    one: str
    other: str
    reason: str


def find_same_sellers(names: Sequence[str], numbers: Mapping[str, Iterable[str]]) -> list[Offer]:
    """Return pairs of these names that probably mean one seller, at most `MOST_OFFERED`, the surest first.

    `numbers`: the names that have an identifying number, by `kind:value`. One of more than two sellers tells nothing.
    """
    offers: dict[frozenset[str], Offer] = {}
    for offer in (*_share_numbers(numbers), *_look_alike(names)):
        offers.setdefault(frozenset((offer.one, offer.other)), offer)
        if len(offers) == MOST_OFFERED:
            break
    return list(offers.values())


def _share_numbers(numbers: Mapping[str, Iterable[str]]) -> Iterator[Offer]:
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, having in numbers.items():
        names = sorted(set(having))
        if len(names) == _A_PAIR:
            common[names[0], names[1]].append(number.partition(":")[2])
    for (one, other), shared in common.items():
        if len(shared) >= _ENOUGH_NUMBERS or is_alike(reduce_heading(one) or "", other):
            yield Offer(one, other, f"Both have the number {shared[0]}.")


def _look_alike(names: Sequence[str]) -> Iterator[Offer]:
    reduced = {name: key for name in names if (key := reduce_heading(without_legal_form(name)))}
    for one, other in _pair_up({name: [key] for name, key in reduced.items()}):
        yield Offer(one, other, _SAME_LETTERS)
    edges = {name: [f"start:{key[:_EDGE]}", f"end:{key[-_EDGE:]}"] for name, key in reduced.items()}
    for one, other in _pair_up(edges):
        if is_near_name(reduced[one], reduced[other]) or is_near_name(reduced[other], reduced[one]):
            yield Offer(one, other, _NEAR)


def _pair_up(keys: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that have a key in common."""
    having: dict[str, list[str]] = defaultdict(list)
    for name, own in keys.items():
        for key in own:
            having[key].append(name)
    for names in having.values():
        yield from combinations(names[:_MOST_TOGETHER], 2)
