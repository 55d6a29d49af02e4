"""What the reading room is told: engine, languages and the limits that guard against hostile files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a document is read. Sizes are in pixels and pages, times in seconds."""

    engine: str = "auto"
    """`auto`, `paddle` or `tesseract`."""
    languages: tuple[str, ...] = ("eng",)
    """Tesseract's names of languages; paddle reads Latin and CJK scripts whatever stands here."""
    max_pages: int = 200
    max_pixels: int = 200_000_000
    deadline_s: float | None = None
    """Soft limit counted from the call: when it has passed, no further page is begun. None: no limit."""
