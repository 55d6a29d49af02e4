"""Documents with known fields: the labels, how an answer is judged by them, and more difficult copies of a picture."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from expensed.model.expense import Facts

ALIKE = 90.0
"""Two names at least this similar, in percent, are the same: a letter misread in a long name."""
LEGAL_FORM = re.compile(
    r"\b(sdn|bhd|berhad|gmbh|mbh|ag|kg|ohg|ug|inc|llc|ltd|limited|plc|corp|corporation|co|company|sarl|srl|spa|sa|bv|nv"
    r"|pte|pty|enterprise)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document and what is known about it."""

    path: Path
    row: Mapping[str, Any]

    @property
    def vendor(self) -> str:
        """The seller's name, by which the documents of one seller are kept together."""
        return plain(self.row["vendor"])

    def judge(self, expense: Facts | None) -> dict[str, bool]:
        """Return which fields are right; a label of null expects null, and fields without a label are left out."""
        said: Facts = expense or Facts()
        right = {
            "amount": _money(said.amount) in {_money(each) for each in self._known("amount")},
            "date": (said.date.isoformat() if said.date else None) in self._known("date"),
            "vendor": self.is_vendor(said.vendor) or self._is_registered(said.legal_name),
        }
        others = {"currency": said.currency, "category": said.category}
        right |= {name: value in self._known(name) for name, value in others.items() if self.row.get(name)}
        return right

    def _known(self, name: str) -> list[Any]:
        return [self.row[name], *self.row.get(f"{name}_alt", [])]

    def _is_registered(self, said: str | None) -> bool:
        """Whether the registered name is right, where the label may know no other."""
        return bool(said) and not self.row.get("vendor_alt") and self.is_vendor(said)

    def is_vendor(self, said: str | None) -> bool:
        """Whether this is a name of the seller."""
        names = [plain(name) for name in self._known("vendor") if name]
        return any(fuzz.ratio(plain(said), name) >= ALIKE for name in names) if names else not said


def load_labels(labels: Path, folder: Path) -> list[Labelled]:
    """Load the rows that are not doubtful; their files are below the folder."""
    rows = json.loads(labels.read_text(encoding="utf-8"))
    return [Labelled(folder / row["file"], row) for row in rows if not row.get("doubtful")]


def plain(name: str | None) -> str:
    """Return a name without case, punctuation and legal form."""
    text = unicodedata.normalize("NFKC", name or "").casefold()
    return re.sub(r"[^\w]", "", LEGAL_FORM.sub(" ", text))


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.001"))
