"""The context every step needs: settings, ledger, children, and the location of files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from expensed.archive.high_water import ArchiveIsNewer, raise_high_water
from expensed.config.schema import Settings
from expensed.disk.archive_folders import ArchiveFolders
from expensed.disk.claims import CLAIMS
from expensed.disk.files import Modes, hash_file, is_file, open_regular
from expensed.disk.hanging_folders import FolderLooks
from expensed.disk.listed_folders import ListedFolders
from expensed.disk.marked_folder import MarkedFolder, PlaceName
from expensed.disk.mounts import find_filesystem, is_network
from expensed.disk.places import Places
from expensed.errors import ArchiveFull, Gone, LedgerLost, PlaceAway, SourceUnreadable
from expensed.extraction.options import ExtractionOptions
from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger, Transaction
from expensed.ledger.task_moves import start_attempt
from expensed.model.admission import Stamp
from expensed.model.archive_looks import Memory
from expensed.model.place import Place
from expensed.model.states import Root, Status
from expensed.model.text import display_name
from expensed.pipeline.gate import Gate
from expensed.pipeline.in_hand import Holds
from expensed.readers.pool import Children
from expensed.reading.options import ReadingOptions

T = TypeVar("T")

SECOND_LOOK_MB = 500
"""A reading process keeps within 410 MB, a large picture apart; one that may use less than this has no second look."""
MOVES = 5
"""How often a file may be moved away just before it is opened."""
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
    resting: ListedFolders = field(default_factory=ListedFolders)
    """The folders with documents at rest."""
    folders: ArchiveFolders = field(default_factory=ArchiveFolders)
    """The folders of the archive."""
    memory: Memory = field(default_factory=Memory)
    """What the looks at them remember."""
    places: Places = field(init=False)
    away: dict[PlaceName, str] = field(default_factory=dict)
    """The places that were away when they were last looked at, with the reason."""
    _looks: FolderLooks = field(default_factory=lambda: FolderLooks(2, LOOK_S), init=False)
    """Looks at the inbox and the archive."""
    ask_writer: bool = field(init=False)
    """Whether the kernel can tell who writes to a file in the inbox; not on network file systems."""

    def __post_init__(self) -> None:
        self.places = name_places(self.settings, self.ledger)
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
        """The folder of claimed files."""
        return self.inbox / CLAIMS

    @property
    def modes(self) -> Modes:
        """The modes of what is made in the archive."""
        archive = self.settings.archive
        return Modes(int(archive.file_mode, 8), int(archive.folder_mode, 8))

    async def is_there(self, place: Place) -> bool:
        """Whether a file lies at this place; PlaceAway or SourceUnreadable if that cannot be told.

        Takes at most `LOOK_S`, since the ledger may be held meanwhile, and no time at a root that is known to hang.
        """
        await asyncio.sleep(0)  # in the thread of the ledger's connection there is no loop: see `Ledger.change_or_wait`
        try:
            return await self._looks.look(place.root, lambda: self._is_there(place))
        except TimeoutError as error:
            raise PlaceAway(f"The {place.root} folder does not answer.") from error

    async def look_at(self, folder: MarkedFolder) -> str | None:
        """Return why a place is away, as a sentence; None if it is there. Takes at most `LOOK_S`."""
        try:
            return await self._looks.look(folder.name, folder.find_trouble)
        except TimeoutError:
            return f"The {folder.name} folder does not answer."

    async def look(self, root: Root, see: Callable[[Path], T]) -> T:
        """Call `see` with the path of the inbox or archive, in a thread; PlaceAway. Takes at most `LOOK_S`."""
        try:
            return await self._looks.look(root, lambda: self._see(root, see))
        except TimeoutError as error:
            raise PlaceAway(f"The {root} folder does not answer.") from error

    def _see(self, root: Root, see: Callable[[Path], T]) -> T:
        with (self.places.inbox if root is Root.INBOX else self.places.archive).opened() as path:
            return see(path)

    def _is_there(self, place: Place) -> bool:
        with self.places.opened(place) as path:
            try:
                is_there = is_file(path)
            except OSError as error:
                raise SourceUnreadable(f"{display_name(path.name)} cannot be seen: {error.strerror}.") from error
        if not is_there and not self.places.is_missing(place):
            raise PlaceAway(f"{display_name(path.name)} lies on a disk that is not mounted now.")
        return is_there

    def locate(self, place: Place) -> Path:
        """Return the absolute path of a place in the ledger, for reading: whatever is changed goes through `places`."""
        return (self.inbox if place.root is Root.INBOX else self.archive) / place.path


def name_places(settings: Settings, ledger: Ledger) -> Places:
    """Return the folders of the settings as the places of an open ledger."""
    return Places(ledger.id, inbox=settings.inbox.path, archive=settings.archive.path, state=settings.state.path)


def open_place(context: Context, place: Place) -> int:
    """Open the file at a place for reading and return its descriptor; PlaceAway, OSError. Blocking."""
    with context.places.opened(place) as path:
        return open_regular(path)


@asynccontextmanager
async def held_open(context: Context, number: int) -> AsyncIterator[tuple[Path, Document]]:
    """Yield a path under which a document can be read during the block, even if its file is moved meanwhile.

    Gone if the file is not there, SourceUnreadable if that cannot be told.
    """
    opening = asyncio.ensure_future(_open(context, number))
    try:
        descriptor, document = await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        raise
    try:
        yield Path(f"/proc/{os.getpid()}/fd/{descriptor}"), document
    finally:
        os.close(descriptor)


def _close(opening: asyncio.Future[tuple[int, Document]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result()[0])


async def _open(context: Context, number: int) -> tuple[int, Document]:
    for _ in range(MOVES):
        document = await get_document(context.ledger, number)
        try:
            return await asyncio.to_thread(open_place, context, document.place), document
        except (FileNotFoundError, NotADirectoryError):
            is_there = await context.is_there(document.place)
            moved = (await get_document(context.ledger, number)).place != document.place
            if not is_there and not moved:
                raise Gone(f"{document.file} is no longer there.") from None
        except OSError as error:
            raise SourceUnreadable(f"{document.file} cannot be read: {error.strerror}.") from error
    raise SourceUnreadable("The file is being moved faster than it can be opened.")


def hash_place(context: Context, place: Place) -> tuple[str, Stamp]:
    """Return the sha256 and the stamp of the file at a place; PlaceAway, OSError. Blocking."""
    with context.places.opened(place) as path:
        return hash_file(path)


def reading_options(settings: Settings) -> ReadingOptions:
    """Return the settings as `reading` takes them."""
    reading = settings.reading
    return ReadingOptions(
        engine=reading.engine,
        languages=reading.languages,
        second_look=reading.second_look and reading.memory_mb >= SECOND_LOOK_MB,
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
        categories=settings.categories.known,
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


def note_archive_written(context: Context, archive: Path) -> None:
    """Note in the archive, before it is written to, how much the ledger knows; LedgerLost if the archive knows more.

    `archive` is the path of the very folder that will be written to. ArchiveFull if it cannot be. Blocking code.
    """
    try:
        raise_high_water(archive, context.ledger.id, lambda: context.ledger.reach)
    except ArchiveIsNewer as error:
        raise LedgerLost(f"The ledger is older than the archive: {error}.") from error
    except OSError as error:
        raise ArchiveFull(f"The archive cannot be written to: {error.strerror}.") from error
