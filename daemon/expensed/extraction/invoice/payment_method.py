"""Find how it was paid: in cash, by a kind of card with its last four digits, or by transfer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.proofs import Paper
from expensed.extraction.page.lines import Row

_BRANDS: tuple[tuple[str, str], ...] = (
    ("Visa", r"\bv[il1]sa\b"),
    ("Mastercard", r"\bmaster ?card\b|\bmastercard|\bmaster\b(?! ?key)"),
    ("American Express", r"\bamex(?:co)?\b|american express"),
    ("Maestro", r"\bmaestro\b"),
    ("girocard", r"\bgiro ?card\b|\bec[- ]?(?:cash|karte)\b|\bgirokarte\b"),
    ("V PAY", r"\bv ?pay\b"),
    ("Discover", r"\bdiscover\b"),
    ("Diners Club", r"\bdiners\b"),
    ("UnionPay", r"\bunion ?pay\b"),
    ("JCB", r"\bjcb\b"),
    ("Dankort", r"\bdankort\b"),
    ("BankAxept", r"\bbankaxept\b"),
    ("Bancontact", r"\bbancontact\b"),
    ("Multibanco", r"\bmultibanco\b"),
    ("CB", r"\bcarte bancaire\b|\bcb emv\b"),
    ("PayPal", r"\bpaypal\b"),
    ("Apple Pay", r"\bapple ?pay\b"),
    ("Google Pay", r"\bgoogle ?pay\b"),
    ("TWINT", r"\btwint\b"),
    ("Klarna", r"\bklarna\b"),
    ("MobilePay", r"\bmobile ?pay\b"),
    ("Swish", r"\bswish\b"),
    ("Vipps", r"\bvipps\b"),
    ("BLIK", r"\bblik\b"),
    ("Alipay", r"\balipay\b"),
    ("WeChat Pay", r"\bwechat\b"),
    ("Touch 'n Go", r"\btouch ?'?n ?go\b|\btng\b"),
)
_COMPILED = tuple((brand, re.compile(pattern)) for brand, pattern in _BRANDS)
_MASKED = re.compile(
    r"(?:[*x•·#]{2,}+|[*x•#](?: ?[*x•#]){3,}+)[ \-]?+(?:[*x•#]{2,}+[ \-]?+){0,4}+(\d{4})(?!\d)"
    r"|ending (?:in|with) (\d{4})"
)
_TRANSFER = re.compile(r"\b(?:bank transfer|wire transfer|überweisung|virement|bonifico|transferencia)\b")
_DEBIT = re.compile(r"\b(?:direct debit|lastschrift|sepa|abgebucht|prélèvement|prélevé|domiciliation|incasso)\b")


def find_payment_method(rows: Sequence[Row], paper: Paper) -> str | None:
    """Return `Cash`, `Visa 1234`, `Card 1234`, `Direct debit`, ... as the document says; None if it does not."""
    texts = [row.text.lower()[:200] for row in rows]
    four = next((match[1] or match[2] for text in texts for match in _MASKED.finditer(text)), None)
    paid = {each.row.index for each in paper.all if each.role in (Role.CARD, Role.CASH)}
    beside = [text for row, text in zip(rows, texts, strict=True) if row.index in paid or _MASKED.search(text)]
    brand = next((brand for brand, pattern in _COMPILED for text in beside if pattern.search(text)), None)
    if brand is None and four:
        brand = next((brand for brand, pattern in _COMPILED for text in texts if pattern.search(text)), "Card")
    if brand is None and paper.having(Role.CARD):
        brand = "Card"
    if brand is not None:
        return f"{brand} {four}" if four else brand
    if paper.having(Role.CASH):
        return "Cash"
    if any(_DEBIT.search(text) for text in texts):
        return "Direct debit"
    return "Bank transfer" if any(_TRANSFER.search(text) for text in texts) else None
