"""The dependencies of the HTTP interface: the packages below it, and callables for what its neighbours know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from expensed import __version__
from expensed.config.schema import Settings
from expensed.disk.hanging_folders import Looks
from expensed.event_bus import Bus
from expensed.ledger.store import Ledger
from expensed.model.admission import WaitingFile
from expensed.pipeline.pipeline import Pipeline

LOOK_S = 2.0
"""A folder that does not answer for this long does not work."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of streams and uploads to slow clients: in seconds, events for `backlog` and `page`."""

    ping_s: float = 15.0
    """A stream that has been silent for this long sends a comment; that reveals a client that has left."""
    drain_s: float = 5.0
    """A client that receives nothing for this long is disconnected. It can resume."""
    backlog: int = 1000
    """Events that may be queued for one client."""
    page: int = 500
    """Events read from the ledger at once when a client resumes."""
    body_s: float = 20.0
    """An upload of which nothing arrives for this long is aborted."""
    body_bytes_per_s: float = 8192.0
    """So is one that is slower than this on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
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
    pace: Pace = Pace()
    looks: Looks = field(default_factory=lambda: Looks(3, LOOK_S))
    """Probes of the inbox, archive and state folders, for readiness checks."""


PARTS = web.AppKey("parts", Parts)
