"""Documents with known fields: the labels, how an answer is judged by them, and harder copies of a picture."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image
from rapidfuzz import fuzz

from expensed.model.expense import Expense

ALIKE = 90.0
"""Two names at least this similar, in percent, are the same: a letter misread in a long name."""
LEGAL_FORM = re.compile(
    r"\b(sdn|bhd|berhad|gmbh|mbh|ag|kg|ohg|ug|inc|llc|ltd|limited|plc|corp|corporation|co|company|sarl|srl|spa|sa|bv|nv"
    r"|pte|pty|enterprise)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document and what is known of it."""

    path: Path
    row: Mapping[str, Any]

    @property
    def vendor(self) -> str:
        """The seller's name as documents of one seller are kept together by it."""
        return plain(self.row["vendor"])

    def judge(self, expense: Expense | None) -> dict[str, bool]:
        """Which fields are right; a label of null asks for null, and what has no label is left out."""
        said: dict[str, Any] = expense.to_json() if expense else {}
        right = {
            "amount": _money(said.get("amount")) in {_money(each) for each in self._known("amount")},
            "date": said.get("date") in self._known("date"),
            "vendor": self._is_vendor(said.get("vendor")),
        }
        right |= {name: said.get(name) in self._known(name) for name in ("currency", "category") if self.row.get(name)}
        return right

    def _known(self, name: str) -> list[Any]:
        return [self.row[name], *self.row.get(f"{name}_alt", [])]

    def _is_vendor(self, said: str | None) -> bool:
        names = [plain(name) for name in self._known("vendor") if name]
        return any(fuzz.ratio(plain(said), name) >= ALIKE for name in names) if names else not said


def load_labels(labels: Path, folder: Path) -> list[Labelled]:
    """The rows that are not doubtful; their files lie below the folder."""
    rows = json.loads(labels.read_text(encoding="utf-8"))
    return [Labelled(folder / row["file"], row) for row in rows if not row.get("doubtful")]


def plain(name: str | None) -> str:
    """A name without case, punctuation and legal form."""
    text = unicodedata.normalize("NFKC", name or "").casefold()
    return re.sub(r"[^\w]", "", LEGAL_FORM.sub(" ", text))


def shrunk(data: bytes, scale: float) -> bytes | None:
    """The same picture with fewer pixels, as PNG: as if it had been taken from further away. None for what is none."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            out = io.BytesIO()
            picture.convert("L").resize(size, Image.Resampling.BICUBIC).save(out, "PNG")
    except (OSError, ValueError):
        return None
    return out.getvalue()


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))
