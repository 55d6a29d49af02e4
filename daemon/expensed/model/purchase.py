"""The papers of one purchase: which of them counts, and how the number that they share is compared."""

from __future__ import annotations

from expensed.model.expense import Expense
from expensed.model.states import ExpenseKind

_SEPARATORS = " -/._#:,\\"
_WITHOUT = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", _SEPARATORS)
_RANKS = {
    ExpenseKind.INVOICE: 0,
    ExpenseKind.CREDIT_NOTE: 0,
    ExpenseKind.RECEIPT: 1,
    ExpenseKind.CARD_SLIP: 3,
    ExpenseKind.REMINDER: 4,
}
_OF_PAYMENT = 2


def rank_paper(expense: Expense) -> int | None:
    """Return how well a paper shows its purchase, 0 best; None if its kind shows none.

    The best one counts: the invoice, a receipt with items or taxes, a receipt of payment, a card slip, a reminder.
    """
    rank = _RANKS.get(expense.kind or ExpenseKind.RECEIPT)
    is_bare = expense.kind in (ExpenseKind.RECEIPT, None) and not (expense.items or expense.taxes)
    return _OF_PAYMENT if is_bare else rank


def number_key(number: str) -> str:
    """Return an invoice number without separators and in lower case, as the ledger's index has it.

    The column `invoice` of `documents` is made by SQLite, which folds the letters of ASCII only, so this does, too.
    """
    return number.translate(_WITHOUT)
