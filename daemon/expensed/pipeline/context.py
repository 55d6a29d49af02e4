"""The context every step needs: settings, ledger, children, and the location of files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS
from expensed.disk.hanging_folders import FolderLooks
from expensed.disk.mounts import find_filesystem, is_network
from expensed.errors import SourceUnreadable
from expensed.extraction.options import ExtractionOptions
from expensed.ledger.rows import Place, Task
from expensed.ledger.store import Ledger, Transaction
from expensed.ledger.task_moves import start_attempt
from expensed.model.states import Root, Status
from expensed.model.text import display_name
from expensed.pipeline.gate import Gate
from expensed.pipeline.in_hand import Holds
from expensed.pipeline.resting_folders import RestingFolders
from expensed.readers.pool import Children
from expensed.reading.options import ReadingOptions

T = TypeVar("T")

LOOK_S = 3.0
"""An inbox or archive that does not answer within this time counts as away."""
UPLOADS_AT_ONCE = 2
"""How many uploads are made durable at once; the others, already received, wait for their turn."""


def local_now() -> datetime:
    """Return the local time, aware of its zone."""
    return datetime.now().astimezone()


@dataclass
class Context:
    """The parts of a running daemon that the steps work with; `run` is the id of this start."""

    settings: Settings
    ledger: Ledger
    children: Children
    gate: Gate
    run: str
    hand: Holds = field(default_factory=Holds)
    readings: Holds = field(default_factory=Holds)
    """The bytes being read right now, by sha256; another request for the same bytes waits for the result."""
    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS_AT_ONCE))
    """Held while an upload is made durable: twenty at once keep everyone else from the disk and are no faster."""
    now: Callable[[], datetime] = local_now
    stopping: bool = False
    pruned_at: float | None = None
    """When the ledger was last pruned, by the monotonic clock."""
    resting: RestingFolders = field(default_factory=RestingFolders)
    _devices: dict[Root, int] = field(default_factory=dict, init=False)
    _looks: FolderLooks = field(default_factory=lambda: FolderLooks(2, LOOK_S), init=False)
    """FolderLooks at the inbox and the archive."""
    ask_writer: bool = field(init=False)
    """Whether the kernel can tell who writes to a file in the inbox; not on network file systems."""

    def __post_init__(self) -> None:
        self.ask_writer = not is_network(find_filesystem(str(self.inbox)))
        for root, folder in ((Root.INBOX, self.inbox), (Root.ARCHIVE, self.archive)):
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
        """The folder of claimed files."""
        return self.inbox / CLAIMS

    async def is_there(self, place: Place) -> bool:
        """Whether anything lies at this place; SourceUnreadable if that cannot be told, as when its disk is away.

        Takes at most `LOOK_S`, since the ledger may be held meanwhile, and no time at a root that is known to hang.
        """
        try:
            return await self._looks.look(place.root, lambda: self._is_there(place))
        except TimeoutError as error:
            raise SourceUnreadable(f"The folder of the {place.root} does not answer.") from error

    async def look(self, root: Root, see: Callable[[Path], T]) -> T:
        """Call `see` with the path of the inbox or archive, in a thread; SourceUnreadable if it is away.

        Takes at most `LOOK_S`.
        """
        try:
            return await self._looks.look(root, lambda: self._see(root, see))
        except TimeoutError as error:
            raise SourceUnreadable(f"The folder of the {root} does not answer.") from error

    def _see(self, root: Root, see: Callable[[Path], T]) -> T:
        self._check_root(root)
        return see(self.inbox if root is Root.INBOX else self.archive)

    def _is_there(self, place: Place) -> bool:
        path = self.locate(place)
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            self._check_root(place.root)
            return False
        except OSError as error:
            raise SourceUnreadable(f"{display_name(path.name)} cannot be seen: {error.strerror}.") from error
        return True

    def _check_root(self, root: Root) -> None:
        """Raise SourceUnreadable unless the root is the known folder on its own disk; only then is a file missing."""
        folder = self.inbox if root is Root.INBOX else self.archive
        try:
            device = folder.stat().st_dev
        except OSError as error:
            raise SourceUnreadable(f"The folder of the {root} is not there: {error.strerror}.") from error
        if device != self._devices.get(root, device):
            raise SourceUnreadable(f"The {root} is on a different disk than before: is the right one mounted?")

    def locate(self, place: Place) -> Path:
        """Return the absolute path of a place in the ledger."""
        return (self.inbox if place.root is Root.INBOX else self.archive) / place.path


def reading_options(settings: Settings) -> ReadingOptions:
    """Return the settings as `reading` takes them."""
    reading = settings.reading
    return ReadingOptions(
        engine=reading.engine,
        languages=reading.languages,
        max_pages=reading.max_pages,
        max_pixels=reading.max_pixels,
        deadline_s=reading.soft_time_limit_s,
    )


def extraction_options(settings: Settings, today: date) -> ExtractionOptions:
    """Return the settings as `extraction` takes them; `today` is local."""
    extraction = settings.extraction
    return ExtractionOptions(
        default_currency=extraction.default_currency,
        day_first=extraction.day_first,
        review_below=extraction.review_below,
        today=today,
    )


def place_in_inbox(context: Context, path: Path) -> Place:
    """Return the place of a file in a claim folder."""
    return Place(Root.INBOX, str(path.relative_to(context.inbox)))


def ledger_path(settings: Settings) -> Path:
    """Return the path of the ledger."""
    return settings.state.path / "ledger.sqlite3"


async def begin_attempt(context: Context, task: Task, status: Status) -> bool:
    """Begin work on a task's step; False if someone else has begun it or the daemon is stopping."""

    async def begin(tx: Transaction) -> bool:
        return not context.stopping and await start_attempt(tx, task, context.run, status)

    return await context.ledger.change(begin)
