"""The daemon: builds every part, starts them in order, and stops them in reverse order."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from expensed import __version__
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS
from expensed.disk.marked_folder import PlaceName
from expensed.disk.places import Places
from expensed.errors import BackendUnavailable, ExpensedError, LedgerLost, PlaceAway, SetupError
from expensed.event_bus import Bus
from expensed.inbox.archive_watch import ArchiveWatch
from expensed.inbox.watcher import Watcher
from expensed.jobs.worker import Jobs
from expensed.ledger.file.soundness import note_closed
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import count_unfinished
from expensed.model.money import minor_units
from expensed.model.states import TaskState
from expensed.pipeline.context import Context, ledger_path
from expensed.pipeline.gate import Gate
from expensed.pipeline.pipeline import Pipeline
from expensed.pipeline.upkeep.marks import mark_known, mark_places
from expensed.readers.pool import Children, Limits
from expensed.service.ledger_fitness import check_ledger, knows_less
from expensed.service.locks import Lock
from expensed.service.preflight import (
    check_folders,
    check_reading,
    find_state,
    make_folders,
    prepare_scratch,
    raise_descriptor_limit,
)
from expensed.service.systemd import notify, watchdog_interval_s
from expensed.web.app import Dependencies, make_app
from expensed.web.server import WebServer, check_address

log = logging.getLogger("expensed")

STOP_S = 4.7
"""The process is ended this many seconds after it began to stop; the ledger makes that harmless."""
WATCHER_STOP_S = 0.5
CARE_S = 5.0
"""The longest interval at which locks, marks and ledger are checked; rescans that are more frequent set the pace."""


class Daemon:
    """One run of expensed on one set of folders."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.run_id = secrets.token_hex(8)
        self.bus = Bus()
        self.ledger = Ledger(ledger_path(settings), self.bus)
        self._state_lock = Lock(settings.state.path / "lock", "state folder")
        self._inbox_lock = Lock(settings.inbox.path / CLAIMS / "lock", "inbox")
        self.stopped = asyncio.Event()
        self.pipeline: Pipeline | None = None
        self.web: WebServer | None = None
        self.jobs: Jobs | None = None
        self.watcher: Watcher | None = None
        self.archive_watch: ArchiveWatch | None = None
        self.failure: ExpensedError | None = None
        self.is_ready = False
        self._background: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start all parts, once the state folder is there; SetupError or BackendUnavailable if that is not possible."""
        found = await find_state(self.settings, self._inbox_lock)
        if found.is_first_use:  # no folders are made for a daemon that cannot start
            await check_address(self.settings.web.host, self.settings.web.port)
            make_folders(self.settings)
        raise_descriptor_limit()
        check_folders(self.settings)
        check_reading(self.settings)
        self._state_lock.take()
        await asyncio.to_thread(check_ledger, self.ledger.path, self.settings.archive.path)
        await asyncio.to_thread(minor_units, None)  # it reads a file at its first call; not later, in the event loop
        await self.ledger.open()
        await self._mark_places()
        pipeline = self.pipeline = self._make_pipeline()
        jobs = self.jobs = Jobs(self.ledger, self.bus, pipeline, self.settings.queue.url, pipeline.context.gate.slots)
        watcher = self.watcher = self._make_watcher(pipeline)
        self.web = self._make_web(pipeline, watcher, jobs)
        await self.web.start()  # first, since a taken address is the likeliest reason not to start
        await pipeline.begin()
        await jobs.start()
        await watcher.start()
        self.archive_watch = self._make_archive_watch(pipeline)
        self.archive_watch.start()
        self._background += [
            asyncio.create_task(self._care(pipeline.context.places)),
            asyncio.create_task(self._stop_once_lost()),
        ]
        if (interval_s := watchdog_interval_s()) is not None:
            self._background.append(asyncio.create_task(self._ping(interval_s)))

    async def _mark_places(self) -> None:
        try:
            places = await mark_places(self.settings, self.ledger)
            await asyncio.to_thread(self._lock_inbox, places)
            await asyncio.to_thread(places.state.check)
        except PlaceAway as error:
            raise SetupError(
                f"{error.message} It holds this ledger now.",
                hint="If that is right, as after you restored another ledger: `expensed adopt state --force`.",
                code="state-mark",
            ) from error
        except OSError as error:
            raise SetupError(
                f"{error.filename or 'A folder'} cannot be marked as this ledger's: {error.strerror}.",
                hint="Give expensed's user write access to inbox, archive and state folder.",
            ) from error

    def _lock_inbox(self, places: Places) -> None:
        with suppress(PlaceAway), places.inbox.opened() as inbox:
            self._inbox_lock.keep(inbox / CLAIMS / "lock")

    @property
    def address(self) -> str:
        """The address of the HTTP server; empty before it is started."""
        return self.web.address if self.web is not None else ""

    def _make_pipeline(self) -> Pipeline:
        reading = self.settings.reading
        slots = reading.workers or len(os.sched_getaffinity(0))
        limits = Limits(reading.time_limit_s, reading.memory_mb, reading.idle_exit_s)
        children = Children(limits, prepare_scratch(self.settings), slots)
        return Pipeline(Context(self.settings, self.ledger, children, Gate(slots), self.run_id))

    def _make_watcher(self, pipeline: Pipeline) -> Watcher:
        inbox = self.settings.inbox
        return Watcher(
            inbox.path,
            pipeline,
            settle_s=inbox.settle_s,
            patience_s=inbox.patience_s,
            rescan_s=inbox.rescan_s,
            watch=inbox.watch,
            check=pipeline.context.places.inbox.check,
        )

    def _make_archive_watch(self, pipeline: Pipeline) -> ArchiveWatch:
        root, watch = self.settings.archive.path, self.settings.inbox.watch
        return ArchiveWatch(root, pipeline.context.folders, pipeline.notice, watch=watch)

    def _make_web(self, pipeline: Pipeline, watcher: Watcher, jobs: Jobs) -> WebServer:
        parts = Dependencies(
            settings=self.settings,
            ledger=self.ledger,
            bus=self.bus,
            pipeline=pipeline,
            waiting=watcher.waiting,
            queue_trouble=lambda: jobs.trouble,
            inbox_trouble=lambda: watcher.trouble,
            heartbeat_age_s=lambda: jobs.heartbeat_age_s,
            missed=lambda: watcher.missed,
        )
        web = self.settings.web
        return WebServer(make_app(parts), web.host, web.port, proxies=web.proxy)

    async def _care(self, places: Places) -> None:
        """Keep the locks, see that the state folder is there, mark what comes back, report the status to systemd."""
        are_marked = False
        while True:
            try:
                await asyncio.to_thread(self._keep_locks, places)
                are_marked = are_marked or await mark_known(places, self.ledger)
                await asyncio.to_thread(self._check_ledger)
                counts = await count_unfinished(self.ledger)
                notify(f"STATUS={counts[TaskState.PENDING]} waiting, {counts[TaskState.PROCESSING]} in progress")
            except SetupError as error:
                log.error("%s Stopping, so that two daemons do not share a folder.", error)
                self._give_up(error)
            except PlaceAway as error:
                log.error("%s Stopping: the ledger is in it. (%s)", error.message, places.state.path)
                self._give_up(BackendUnavailable(error.message, hint=error.hint))
            except LedgerLost as error:
                self.ledger.condition.lose(error)
            except (BackendUnavailable, OSError) as error:
                log.warning("The daemon's regular check failed: %s", error)
            await asyncio.sleep(min(CARE_S, self.settings.inbox.rescan_s))

    def _keep_locks(self, places: Places) -> None:
        with places.state.opened() as state:
            self._state_lock.keep(state / "lock")
        self._lock_inbox(places)

    def _check_ledger(self) -> None:
        """Raise LedgerLost if the ledger's file is not the one that was opened, or knows less than the archive."""
        self.ledger.condition.check_file()
        if knows_less(self.ledger.id, lambda: self.ledger.reach, self.settings.archive.path):
            raise LedgerLost(f"The ledger {self.ledger.path.name} is older than the archive.")

    async def _stop_once_lost(self) -> None:
        """End the daemon once the ledger must not be used any longer; its next start says what to do."""
        condition = self.ledger.condition
        await condition.lost.wait()
        if condition.loss is not None:
            log.error("%s Stopping, so that nothing is filed that it does not know.", condition.loss)
            self._give_up(condition.loss)

    def _give_up(self, error: ExpensedError) -> None:
        self.failure = error
        begin_stop(self)

    async def _ping(self, interval_s: float) -> None:
        """Tell systemd that the event loop is running, whatever the disks are doing."""
        while True:
            notify("WATCHDOG=1")
            await asyncio.sleep(interval_s)

    async def stop(self) -> None:
        """Stop what was started: the intake, then running work, the web server, Redis and the ledger.

        The locks are held until the process ends, because a thread may still be copying. An error in one part does not
        keep the others from stopping.
        """
        for task in self._background:
            task.cancel()
        if self.pipeline is not None:
            self.pipeline.context.stopping = True
        watches = [each.stop() for each in (self.watcher, self.archive_watch) if each is not None]
        if watches:
            await asyncio.wait({asyncio.ensure_future(each) for each in watches}, timeout=WATCHER_STOP_S)
        if self.pipeline is not None:
            await _attempt(self.pipeline.stop())
        self.bus.close()
        if self.web is not None:
            await _attempt(self.web.stop())
        if self.jobs is not None:
            await _attempt(self.jobs.stop())
        is_whole = self.ledger.is_open and self.ledger.condition.loss is None
        await _attempt(self.ledger.close())
        if is_whole:
            note_closed(self.ledger.path)


async def _attempt(stopping: Coroutine[Any, Any, None]) -> None:
    try:
        await stopping
    except Exception as error:  # noqa: BLE001 - the others must be stopped all the same
        log.warning("While stopping: %s", error)


async def run_daemon(settings: Settings) -> None:
    """Run until SIGTERM, SIGINT or SIGHUP (its terminal was closed).

    After the signal the process ends within `STOP_S`, whatever hangs.
    """
    daemon = Daemon(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, begin_stop, daemon)
    starting = asyncio.create_task(daemon.start())
    stopping = asyncio.create_task(daemon.stopped.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if starting.done():
            starting.result()
            daemon.is_ready = True
            is_away = daemon.pipeline is not None and PlaceName.INBOX in daemon.pipeline.context.away
            _say_ready(settings, daemon.address, is_away=is_away)
            notify("READY=1", f"STATUS=Watching {settings.inbox.path}")
            await stopping
    finally:
        begin_stop(daemon)
        stopping.cancel()
        starting.cancel()
        await asyncio.wait({starting})
        await daemon.stop()
    if daemon.is_ready:
        log.info("stopped")
    if daemon.failure is not None:
        raise daemon.failure


def _say_ready(settings: Settings, here: str, *, is_away: bool) -> None:
    """Log where to drop files, unless the inbox is away, and where to watch; `here` is the address on this machine."""
    public = settings.web.address
    if public and not settings.web.token.get_secret_value():
        log.warning(
            "web.token is not set: anyone who can reach %s can use expensed, unless the proxy asks for a password",
            public,
        )
    place = f"{public}, on this machine at {here}" if public else here
    drop = f"the inbox {settings.inbox.path} is away" if is_away else f"drop files into {settings.inbox.path}"
    log.info("expensed %s is ready: %s, watch at %s", __version__, drop, place)


def begin_stop(daemon: Daemon) -> None:
    """Begin to stop the daemon; the process ends within `STOP_S` of the first call."""
    if daemon.stopped.is_set():
        return
    if daemon.is_ready:
        log.info("stopping")
    notify("STOPPING=1")
    daemon.stopped.set()
    deadline = threading.Timer(STOP_S, os._exit, (daemon.failure.exit_code if daemon.failure else 0,))
    deadline.daemon = True
    deadline.start()
