"""What shows that the total or its label may be misread: a sum that differs in a digit, or one with its tax below."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.proofs import Paper

_FIGURES = frozenset(
    ("change", "tendered", "tax", "net", "table", "included", "items", "last items", "parts", "rounded", "paid")
)
"""The proofs that lead to a sum from others."""
_WITH_TAX = frozenset(("change", "tendered", "tax", "net", "table", "included", "card", "paid"))
"""The proofs of a total with its tax."""
_ROUNDING = Decimal("0.10")
"""Sums closer than this may differ by a rounding to a coin."""


def misread_doubts(found: AmountFound) -> Iterator[str]:
    """Yield the doubts whether the best amount, or its label, was read rightly."""
    best = found.candidates[0].value
    if (twin := _find_twin(found)) is not None:
        yield f"The figures also lead to {twin}, so that {best} may be misread."
    elif (whole := _find_with_tax(found)) is not None:
        yield f"{best} and the tax are {whole}, which stands below."


def _find_twin(found: AmountFound) -> Decimal | None:
    """Return another sum to which the paper's figures lead as well as to the best one, and that differs in a digit."""
    best = found.candidates[0].value
    own = _count_proofs(best, found)
    steps = {abs(amount) for _, amount in found.paper.adjustments}
    printed = (
        each for each in found.proofs if _count_proofs(each, found) >= max(1, own) and abs(each - best) not in steps
    )
    reckoned = () if own else _with_taxes(found.paper)
    return next((value for value in (*printed, *reckoned) if _differ_in_a_digit(value, best)), None)


def _with_taxes(paper: Paper) -> Iterator[Decimal]:
    """Yield what each net or subtotal makes with one or more of what is added to it or taken off, a tax among them."""
    bases = {each.value for each in paper.having(Role.NET, Role.SUBTOTAL) if each.value}
    for count in range(1, len(paper.adjustments) + 1):
        for chosen in combinations(paper.adjustments, count):
            if any(name == Role.TAX.value for name, _ in chosen):
                yield from (base + sum(amount for _, amount in chosen) for base in bases)


def _find_with_tax(found: AmountFound) -> Decimal | None:
    """Return a sum below the best one that is that and a printed tax, unless the best one is proven with its tax."""
    best = found.candidates[0].value
    if best <= 0 or {proof.kind for proof in found.proofs.get(best, ())} & _WITH_TAX:
        return None
    last = max((each.row.index for each in found.sums if each.value == best), default=0)
    below = {each.value for each in found.paper.exact if each.row.index > last}
    taxes = (each.value for each in found.paper.having(Role.TAX) if each.value > 0)
    return next((best + tax for tax in taxes if tax < best and best + tax in below), None)


def _count_proofs(value: Decimal, found: AmountFound) -> int:
    return len({proof.kind for proof in found.proofs.get(value, ())} & _FIGURES)


def _differ_in_a_digit(one: Decimal, other: Decimal) -> bool:
    """Whether a digit is another, or is missing; not if a rounding to a coin explains it."""
    first, second = (f"{abs(each):.2f}" for each in (one, other))
    return abs(one - other) >= _ROUNDING and Levenshtein.distance(first, second) == 1
