"""What every step needs: settings, ledger, children, and where things lie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from expensed.config.schema import Settings
from expensed.disk.hanging import Looks
from expensed.disk.mounts import find_filesystem, is_network
from expensed.errors import DocumentError, SourceUnreadable
from expensed.extraction.options import ExtractionOptions
from expensed.ledger.rows import Place, Task
from expensed.ledger.store import Ledger, Transaction
from expensed.ledger.tasks import LONGEST_DELAY_S, start_attempt
from expensed.model.states import Status
from expensed.pipeline.gate import Gate
from expensed.pipeline.in_hand import Hand
from expensed.readers.pool import Children
from expensed.reading.options import ReadingOptions

CLAIMS = ".expensed"
"""The folder in the inbox where claimed files lie, a folder a document."""
LOOK_S = 3.0
"""An inbox or archive that says nothing for so long is taken to be away."""
UPLOADS_AT_ONCE = 2
"""So many uploads are made durable at once; the others wait for their turn, their bytes received."""


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
    readings: Hand = field(default_factory=Hand)
    """The bytes that are being read right now, by sha256: who wants the same waits for what is found."""
    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS_AT_ONCE))
    """Held while an upload is made durable: twenty at once keep everybody else from the disk, and are no faster."""
    now: Callable[[], datetime] = local_now
    stopping: bool = False
    pruned_at: float | None = None
    """When the ledger was pruned last, by the monotonic clock."""
    _devices: dict[str, int] = field(default_factory=dict, init=False)
    _looks: Looks = field(default_factory=lambda: Looks(2, LOOK_S), init=False)
    """At the inbox and the archive."""
    ask_writer: bool = field(init=False)
    """May the kernel be asked who writes to a file in the inbox? Not on network file systems."""

    def __post_init__(self) -> None:
        self.ask_writer = not is_network(find_filesystem(str(self.inbox)))
        for root, folder in (("inbox", self.inbox), ("archive", self.archive)):
            if folder.exists():
                self._devices[root] = folder.stat().st_dev

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
        """Does anything lie at this place? SourceUnreadable where that cannot be told: its disk may be away.

        Takes at most `LOOK_S`, since the ledger may be held meanwhile; at a root that is known to hang, no time.
        """
        try:
            return await self._looks.look(place.root, lambda: self._is_there(place))
        except TimeoutError as error:
            raise SourceUnreadable(f"The folder of the {place.root} does not answer.") from error

    def _is_there(self, place: Place) -> bool:
        path = self.locate(place)
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            self._check_root(place.root)
            return False
        except OSError as error:
            raise SourceUnreadable(f"{path.name} cannot be seen: {error.strerror}.") from error
        return True

    def _check_root(self, root: str) -> None:
        """A missing file is missing only if its inbox or archive is the one we know, on its own disk."""
        folder = self.inbox if root == "inbox" else self.archive
        try:
            device = folder.stat().st_dev
        except OSError as error:
            raise SourceUnreadable(f"The folder of the {root} is not there: {error.strerror}.") from error
        if device != self._devices.get(root, device):
            raise SourceUnreadable(f"The {root} lies on another disk than before: is its own one mounted?")

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


def place_in_inbox(context: Context, path: Path) -> Place:
    """The place of a file in a claim folder."""
    return Place("inbox", str(path.relative_to(context.inbox)))


def ledger_path(settings: Settings) -> Path:
    """Where the ledger lies."""
    return settings.state.path / "ledger.sqlite3"


def describe_error(error: DocumentError) -> dict[str, str]:
    """An error as the ledger keeps it and clients see it."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def retry_delay_s(tries: int) -> float:
    """How long a task waits after its n-th transient fault in a row: 1, 2, 4, ... seconds, at most five minutes."""
    return min(LONGEST_DELAY_S, 2.0 ** min(20, max(0, tries - 1)))


async def begin_attempt(context: Context, task: Task, status: Status) -> bool:
    """Begin to work on a task's step; False: someone else has, or the daemon stops."""

    async def begin(tx: Transaction) -> bool:
        return not context.stopping and await start_attempt(tx, task, context.run, status)

    return await context.ledger.change(begin)
