"""The dependencies of the HTTP interface: the packages below it, and callables for what its neighbours know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from expensed import __version__
from expensed.config.schema import Settings
from expensed.disk.hanging_folders import FolderLooks
from expensed.event_bus import Bus
from expensed.ledger.store import Ledger
from expensed.model.admission import WaitingFile
from expensed.pipeline.pipeline import Pipeline
from expensed.web.sse.pace import Pace

LOOK_S = 2.0
"""A folder that does not answer for this long does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The parts of one daemon that HTTP shows and drives."""

    settings: Settings
    ledger: Ledger
    bus: Bus
    pipeline: Pipeline
    waiting: Callable[[], Sequence[WaitingFile]]
    """Returns the files now in the watched folder that have not been claimed yet."""
    queue_trouble: Callable[[], str | None]
    """Returns what is wrong with the queue, as a clause; None while it works. Never waits."""
    inbox_trouble: Callable[[], str | None] = lambda: None
    """Returns what is wrong with the watched folder itself, as a sentence; None while it can be watched."""
    heartbeat_age_s: Callable[[], float | None] = lambda: 0.0
    """Returns the seconds since the worker's last heartbeat; None if there was none."""
    missed: Callable[[], int] = lambda: 0
    """Returns how many files a scan of the inbox found that no event had announced."""
    version: str = __version__
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_s: float = field(default_factory=time.monotonic)
    """The same on the monotonic clock, since the other one may be set back."""
    pace: Pace = field(default_factory=Pace)
    search_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by a search that may be slow: however many clients search, only one answer at a time is made."""
    export_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a page of an export is made."""
    looks: FolderLooks = field(default_factory=lambda: FolderLooks(3, LOOK_S))
    """Probes of the inbox, archive and state folders, for readiness checks."""
    tried_at: dict[str, float] = field(default_factory=dict)
    """When work in each of these folders was last tried out and went well, by the monotonic clock."""

    @property
    def uptime_s(self) -> float:
        """Seconds since the start, whatever became of the clock."""
        return round(time.monotonic() - self.started_s, 1)


DEPENDENCIES = web.AppKey("parts", Dependencies)
