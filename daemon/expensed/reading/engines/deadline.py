"""A soft time limit, checked between pages and passes; it interrupts nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; if `at` is None it never comes."""

    at: float | None

    def has_passed(self) -> bool:
        """Whether the time is up."""
        return self.at is not None and time.monotonic() >= self.at

    def left_s(self) -> float | None:
        """Return the seconds left, never negative; None without a limit."""
        return None if self.at is None else max(0.0, self.at - time.monotonic())


def start_deadline(seconds: float | None) -> Deadline:
    """Return a deadline that many seconds from now; None for never."""
    return Deadline(None if seconds is None else time.monotonic() + seconds)
