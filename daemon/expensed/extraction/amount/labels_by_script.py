"""Labels of sums in other scripts than the Latin: phrases found in a label, and the one that decides."""

from __future__ import annotations

from functools import lru_cache

from expensed.extraction.amount.labels import Role
from expensed.languages.vocabulary import Vocabulary, vocabulary_of

_BY_WEIGHT = (
    Role.NONE, Role.BALANCE, Role.FOREIGN, Role.CHANGE, Role.ROUNDING, Role.DISCOUNT, Role.TIP, Role.SUBTOTAL, Role.NET,
    Role.FINAL, Role.TAX, Role.SERVICE, Role.CARD, Role.CASH, Role.TOTAL, Role.COUNT,
)  # fmt: skip
"""Which role decides if a label has several: whatever must not be taken for a total comes before the totals."""


@lru_cache(maxsize=4096)
def role_in_scripts(label: str) -> Role | None:
    """Return the role of a label in another script; None if it has none of the known words.

    `Сумма НДС 20%` is a tax, `Всего баллов` a balance. The part nearest to the amount decides, if its words are known.
    """
    words = vocabulary_of(label)
    if words is None:
        return None
    parts = [part for part in reversed(label.split("\n")) if any(map(str.isalpha, part))]
    return next((role for part in parts if (role := _role(part, words)) is not None), None)


def _is_rate_included(part: str, role: Role, words: Vocabulary) -> bool:
    """Whether `including VAT 18%` stands beside the tax: a total says so with a word of its own."""
    if "%" not in part or role is not Role.FINAL:
        return False
    roles = {words.sums.whole(word) for word in part.split()}
    return Role.TAX in roles and not roles & {Role.TOTAL, Role.FINAL}


def _role(part: str, words: Vocabulary) -> Role | None:
    whole = words.sums.whole(part)
    if whole is not None:
        return Role.TAX if _is_rate_included(part, Role(whole), words) else Role(whole)
    found = {Role(role) for _, role in words.sums.in_text(part)}
    if not found and (misread := words.sums.misread(part)) is not None:
        return Role(misread)
    return next((role for role in _BY_WEIGHT if role in found), None)
