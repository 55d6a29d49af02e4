"""Weigh the names that the rules score beside all others on the page, and the known brands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from expensed.extraction.amount.labels import compact
from expensed.extraction.brands.find_brands import BrandFound
from expensed.extraction.brands.keys import skeleton
from expensed.extraction.candidates import Candidate
from expensed.extraction.choosing.put_first import put_learnt_first
from expensed.extraction.vendor.describe_names import Features, HeadOfPage, describe_brand
from expensed.extraction.vendor.find_names import Name, find_names
from expensed.extraction.vendor.headings import Line
from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.name_forms import is_akin
from expensed.extraction.vendor.trade_words import is_branch

_UNKNOWN = -3.0
"""The score of a name that the rules do not find."""
_MOST_LEAD = 5.0
_REFUSED = ("customer", "till line", "slogan", "label", "tagline")


def weigh_names(
    by_rules: Sequence[Candidate[str]],
    head: HeadOfPage,
    brands: Sequence[BrandFound],
    is_other: Callable[[Line], bool],
) -> list[Candidate[str]]:
    """Return all names that might be the seller's, the likeliest first, then those of the rules, best first.

    `is_other` says which lines are certainly no names. Where the rules find no name, only a brand can be one. What may
    be a line of the till is only a rival of the name that the rules prefer.
    """
    known = [
        Candidate("vendor", each.brand, _UNKNOWN, each.page, each.box, head.rows[each.row].text) for each in brands
    ]
    by_rules = _spelt_as_brands(by_rules, brands)
    ranks = {compact(each.value): rank for rank, each in reversed(list(enumerate(by_rules)))}
    found: list[tuple[int, Candidate[str]]] = []
    rivals: list[tuple[int, Candidate[str]]] = []
    for name in find_names(head, [*by_rules, *known], is_other):
        rank = ranks.get(compact(name.text), len(by_rules))
        features = head.describe(name.text, name.lines, name.cut) | _describe_rank(rank, by_rules)
        features |= describe_brand(name.text, brands)
        if rank < len(by_rules):
            each = replace(by_rules[rank], described=features)
            is_till = rank > 0 and features["may be till line"] and not features.get("brand sure")
            (rivals if is_till else found).append((rank, each))
        elif not _is_refused(features, by_rules):
            found.append((rank, _unscored(name, head, features)))
    chosen = put_learnt_first(_in_order(found), _is_same_seller)
    return [*chosen, *_in_order(rivals)]


def _spelt_as_brands(candidates: Sequence[Candidate[str]], brands: Sequence[BrandFound]) -> Sequence[Candidate[str]]:
    """Return the names with digits that were read for letters of a known brand put right: `Fern-Ma11`.

    What only says which shop of a sure brand it is, is dropped, so that all shops of a chain have one name.
    """
    spellings = {skeleton(each.brand): each.brand for each in reversed(brands)}
    sure = {skeleton(each.brand): each.brand for each in reversed(brands) if each.is_sure}
    found = [(each, spellings.get(skeleton(each.value)) or _without_branch(each.value, sure)) for each in candidates]
    return [each if compact(right) == compact(each.value) else replace(each, value=right) for each, right in found]


def _without_branch(name: str, brands: Mapping[str, str]) -> str:
    """Return the brand that a name begins with if the rest says which of its shops it is, else the name.

    `brands` are by skeleton.
    """
    words = name.split()
    for end in range(1, len(words)):
        brand = brands.get(skeleton(" ".join(words[:end])))
        if brand is not None and is_branch(" ".join(words[end:])):
            return brand
    return name


def _in_order(ranked: Sequence[tuple[int, Candidate[str]]]) -> list[Candidate[str]]:
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])]


def is_company(candidate: Candidate[str]) -> bool:
    """Whether a name that may be the seller's has a legal form, and is not the customer's."""
    return bool(STRONG_LEGAL_FORM.search(candidate.value)) and not candidate.described.get("customer")


def stands_alone(candidate: Candidate[str]) -> bool:
    """Whether no other name stands right below, or in the same name, unless something else on the page says it again.

    A brand above another name may be what the shop sells, or the house that it is in.
    """
    features = candidate.described
    if not features or features.get("strong legal form") or features.get("brand backed") or features.get("said again"):
        return True
    if any(name.startswith("support ") and value for name, value in features.items()):
        return True
    is_told = bool(features.get("trade")) and not features.get("brand")
    has_rival = features.get("down is name", 0.0) and not (features.get("down address") or features.get("down generic"))
    is_joined = bool(features.get("lines joined"))
    return ":" not in candidate.value and (is_told or not (has_rival or is_joined))


def _is_same_seller(one: Candidate[str], best: Candidate[str]) -> bool:
    """Whether both are forms of one name, or one is the company that runs the shops of a known brand."""
    return is_akin(one.value, best.value) or (bool(best.described.get("brand sure")) and is_company(one))


def _describe_rank(rank: int, by_rules: Sequence[Candidate[str]]) -> Features:
    """Return what the rules say of a name with this rank; one beyond the last is unknown to them."""
    scores = [*(each.score for each in by_rules), _UNKNOWN]
    lead = min(scores[0] - max(scores[1:], default=_UNKNOWN), _MOST_LEAD) if rank == 0 else 0.0
    return {
        "found by rules": float(rank < len(by_rules)),
        "rules": scores[rank] / 10,
        "behind by rules": (scores[rank] - scores[0]) / 10,
        "first by rules": float(rank == 0 and bool(by_rules)),
        "lead by rules": lead / 10,
    }


def _is_refused(features: Mapping[str, float], by_rules: Sequence[Candidate[str]]) -> bool:
    """Whether a name that the rules do not find is certainly something else: the customer, the till, a sentence."""
    if features.get("brand sure"):
        return False
    if features["may be till line"] and features["lines joined"]:
        return True
    return not by_rules or not features["is name"] or any(features[sign] for sign in _REFUSED)


def _unscored(name: Name, head: HeadOfPage, features: Features) -> Candidate[str]:
    text = head.lines[name.lines[0]].cell.text
    return Candidate("vendor", name.text, _UNKNOWN, name.page, name.box, text, "on the page", described=features)
