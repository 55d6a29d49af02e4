"""What the inbox asks of the pipeline: take a complete file, and name the claims that must settle again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from expensed.model.dropped_files import Admission, Judged


class Intake(Protocol):
    """The one way out of the inbox."""

    async def admit(self, path: Path, judged: Judged) -> Admission:
        """Claim the file at `path`, or re-admit it where it lies inside `.expensed/<id>/`, if it is as judged."""

    async def recover(self) -> Sequence[Path]:
        """Mend what an earlier run left; the files returned lie in claim folders and must settle there."""
