"""Tell whether a line's words name a tax."""

from __future__ import annotations

import re

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.items.lines import Line

_TAX = re.compile(r"(?<!incl)(?<!exc)(?<!excl)(?<!before)(?<!without)(?<!pre)(?<!subjectto)(?<!non)tax(?:es)?(?:amount|amt|total)?$|^tax")
_NO_TAX = re.compile(r"taxinv|taxable|taxid|taxno|taxreg|subtotal")
_LONGEST = 40


def is_tax(line: Line) -> bool:
    """Whether a line's words name a tax, and not much else."""
    return is_tax_label(line.label, line.role)


def is_tax_label(label: str, role: Role) -> bool:
    """Whether a label with this role names a tax, and not much else."""
    text = re.sub(r"\d", "", compact(label.rpartition("\n")[2] or label))
    if not text or len(text) > _LONGEST or _NO_TAX.search(text):
        return False
    return role is Role.TAX or (role in (Role.NONE, Role.SERVICE) and bool(_TAX.search(text)))
