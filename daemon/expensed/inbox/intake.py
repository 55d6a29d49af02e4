"""The interface of the pipeline to the inbox: admit complete files, and recover claims that must settle again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from expensed.model.admission import Admission, Judged


class Intake(Protocol):
    """The only way out of the inbox."""

    async def admit(self, path: Path, judged: Judged) -> Admission:
        """Claim the file at `path`, or readmit it if it lies in `.expensed/<id>/`, provided it is still as judged."""

    async def recover(self) -> Sequence[Path]:
        """Finish what an earlier run left; return files in claim folders that must settle there."""
