"""What every step needs: settings, ledger, children, and where things lie."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from expensed.config.schema import Settings
from expensed.errors import DocumentError
from expensed.extraction.options import ExtractionOptions
from expensed.ledger.rows import Place
from expensed.ledger.store import Ledger
from expensed.pipeline.children import Children
from expensed.pipeline.gate import Gate
from expensed.pipeline.hand import Hand
from expensed.pipeline.mounts import find_filesystem, is_network
from expensed.reading.options import ReadingOptions

CLAIMS = ".expensed"
"""The folder in the inbox where claimed files lie, a folder a document."""


def local_now() -> datetime:
    """The local time, aware of its zone."""
    return datetime.now().astimezone()


@dataclass
class Context:
    """The parts of one running daemon that the steps work with; `run` is the id of this start."""

    settings: Settings
    ledger: Ledger
    children: Children
    gate: Gate
    run: str
    hand: Hand = field(default_factory=Hand)
    now: Callable[[], datetime] = local_now
    stopping: bool = False
    ask_writer: bool = field(init=False)
    """May the kernel be asked who writes to a file in the inbox? Not on network file systems."""

    def __post_init__(self) -> None:
        self.ask_writer = not is_network(find_filesystem(str(self.inbox)))

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.settings.inbox.path

    @property
    def archive(self) -> Path:
        """The root of the archive."""
        return self.settings.archive.path

    @property
    def claims(self) -> Path:
        """Where claimed files lie."""
        return self.inbox / CLAIMS

    async def is_there(self, place: Place) -> bool:
        """Does anything lie at this place?"""
        return await asyncio.to_thread(os.path.lexists, self.locate(place))

    def locate(self, place: Place) -> Path:
        """The absolute path of a place in the ledger."""
        return (self.inbox if place.root == "inbox" else self.archive) / place.path


def reading_options(settings: Settings) -> ReadingOptions:
    """The settings as `reading` takes them."""
    reading = settings.reading
    return ReadingOptions(
        engine=reading.engine,
        languages=reading.languages,
        max_pages=reading.max_pages,
        max_pixels=reading.max_pixels,
        deadline_s=reading.soft_time_limit_s,
    )


def extraction_options(settings: Settings, today: date) -> ExtractionOptions:
    """The settings as `extraction` takes them; `today` is local."""
    extraction = settings.extraction
    return ExtractionOptions(
        default_currency=extraction.default_currency,
        day_first=extraction.day_first,
        review_below=extraction.review_below,
        today=today,
    )


def ledger_path(settings: Settings) -> Path:
    """Where the ledger lies."""
    return settings.state.path / "ledger.sqlite3"


def describe_error(error: DocumentError) -> dict[str, str]:
    """An error as the ledger keeps it and clients see it."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def retry_delay_s(tries: int) -> float:
    """How long a task waits after its n-th transient fault: 1, 2, 4, ... seconds, at most a minute."""
    return min(60.0, 2.0 ** max(0, tries - 1))
