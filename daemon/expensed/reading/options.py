"""The options of reading: engine, languages and the limits that guard against hostile files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a document is read; sizes are in pixels and pages, times in seconds."""

    engine: str = "auto"
    """`auto`, `paddle` or `tesseract`."""
    languages: tuple[str, ...] = ("auto",)
    """Names of Tesseract's models; `auto` for English, and whatever script a page turns out to be in.

    Paddle reads Latin, Chinese and Japanese regardless of them.
    """
    second_look: bool = True
    """Whether what is doubtful is read again by a larger model; only what paddle has read."""
    trusts_ocr_layers: bool = True
    """Whether text that another program read on a scan, and hid in the PDF, spares reading it again."""
    max_pages: int = 200
    max_pixels: int = 200_000_000
    deadline_s: float | None = None
    """Soft limit counted from the call, after which no further page is begun; None for no limit."""
