"""Tell whether a line's words name a tax."""

from __future__ import annotations

import re

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.labels_by_language import role_in_tongues
from expensed.extraction.items.lines import Line

_NAMES = (
    r"tax(?:es)?|gst|vat|hst|pst|qst|tps|tvq|mwst|mehrwertsteuer|umsatzsteuer|ust|iva|tva|btw|moms|mva|sst|[cius]gst|"
    r"ppn|kdv|dph|ptu|alv|afa|cess|igic|ipsi|icms|itbis|igv|impuesto|steuer|cukai|pajak"
)
_WHOLE = re.compile(
    rf"(?:[a-z&]{{0,14}}(?<!incl)(?<!exc)(?<!excl)(?<!before)(?<!without)(?<!pre)(?<!subjectto)(?<!non))?(?:{_NAMES})"
    r"(?:amount|amt|total|ttl|due|betrag|incl|included|collected|on|at|exempt|[a-z]{1,2})?"
)
_FIRST = re.compile(rf"(?:{_NAMES})")
_NO_TAX = re.compile(r"taxinv|taxable|taxid|taxno|taxreg|subtotal|regno|number")
_LONGEST = 30


def is_tax(line: Line) -> bool:
    """Whether a line's words name a tax, and not much else."""
    return is_tax_label(line.label, line.role)


def is_tax_label(label: str, role: Role) -> bool:
    """Whether a label with this role names a tax, and not much else."""
    text = re.sub(r"\d", "", compact(label.rpartition("\n")[2] or label))
    if not text or len(text) > _LONGEST or _NO_TAX.search(text):
        return False
    if role is Role.TAX:
        return not text.isascii() or bool(_WHOLE.fullmatch(text) or _FIRST.match(text)) or role_in_tongues(label) is role
    return role in (Role.NONE, Role.SERVICE) and bool(_WHOLE.fullmatch(text))
