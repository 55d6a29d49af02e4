"""What the HTTP door is given at construction: the rooms below it, and callables for what its neighbours know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from expensed import __version__
from expensed.bus import Bus
from expensed.config.schema import Settings
from expensed.disk.hanging import Looks
from expensed.ledger.store import Ledger
from expensed.model.dropped_files import WaitingFile
from expensed.pipeline.pipeline import Pipeline

LOOK_S = 2.0
"""A folder that says nothing for so long does not work."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient streams are with their clients; in seconds, and events for `backlog`."""

    ping_s: float = 15.0
    """A stream that has been silent for so long sends a comment; a client that left is noticed by then."""
    drain_s: float = 5.0
    """A client that takes nothing for so long is cut off. It can resume."""
    backlog: int = 1000
    """Events that may wait for one client while it takes others."""
    page: int = 500
    """Events read from the ledger at once when a client resumes."""
    body_s: float = 20.0
    """An upload of which nothing comes for so long is given up."""
    body_bytes_per_s: float = 8192.0
    """And so is one that is slower than this on the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one daemon that HTTP shows and drives."""

    settings: Settings
    ledger: Ledger
    bus: Bus
    pipeline: Pipeline
    waiting: Callable[[], Sequence[WaitingFile]]
    """The files in the watched folder that are not taken yet, live."""
    queue_trouble: Callable[[], str | None]
    """What is wrong with the queue, as a clause; None while it works. It answers at once and never waits."""
    inbox_trouble: Callable[[], str | None] = lambda: None
    """What is wrong with the watched folder itself, as a sentence; None while it can be watched."""
    heartbeat_age_s: Callable[[], float | None] = lambda: 0.0
    """Seconds since the worker was last heard of; None: never."""
    missed: Callable[[], int] = lambda: 0
    """How many files a scan of the inbox found that no event had announced."""
    version: str = __version__
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    pace: Pace = Pace()
    looks: Looks = field(default_factory=lambda: Looks(3, LOOK_S))
    """At the inbox, the archive and the state folder, for who asks whether all is well."""


PARTS = web.AppKey("parts", Parts)
