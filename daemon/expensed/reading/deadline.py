"""A soft time limit, asked between pages and passes; nobody is interrupted by it."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; `at` None never comes."""

    at: float | None

    def has_passed(self) -> bool:
        """True once the time is up."""
        return self.at is not None and time.monotonic() >= self.at

    def left_s(self) -> float | None:
        """Seconds left, never negative; None: no limit."""
        return None if self.at is None else max(0.0, self.at - time.monotonic())


def start_deadline(seconds: float | None) -> Deadline:
    """A deadline that many seconds from now; None: never."""
    return Deadline(None if seconds is None else time.monotonic() + seconds)
