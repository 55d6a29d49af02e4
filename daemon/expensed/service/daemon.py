"""The daemon: builds every part, starts them in order, and stops them in reverse order."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import threading
from collections.abc import Coroutine
from typing import Any

from expensed import __version__
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS
from expensed.errors import BackendUnavailable, LedgerLost, SetupError
from expensed.event_bus import Bus
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
from expensed.readers.pool import Children, Limits
from expensed.service.ledger_fitness import check_ledger, knows_less
from expensed.service.locks import Lock
from expensed.service.preflight import check_reading, have_folders, prepare_folders, prepare_scratch
from expensed.service.rebuilding import mark_places
from expensed.service.systemd import notify, watchdog_interval_s
from expensed.web.app import Dependencies, make_app
from expensed.web.server import WebServer, check_address

log = logging.getLogger("expensed")

STOP_S = 4.7
"""The process is ended this many seconds after it began to stop; the ledger makes that harmless."""
WATCHER_STOP_S = 0.5
CARE_S = 5.0
"""The interval at which the locks are checked and the status is reported."""


class Daemon:
    """One run of expensed on one set of folders."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.run_id = secrets.token_hex(8)
        self.bus = Bus()
        self.ledger = Ledger(ledger_path(settings), self.bus)
        self._locks = [
            Lock(settings.state.path / "lock", "state folder"),
            Lock(settings.inbox.path / CLAIMS / "lock", "inbox"),
        ]
        self.stopped = asyncio.Event()
        self.pipeline: Pipeline | None = None
        self.web: WebServer | None = None
        self.jobs: Jobs | None = None
        self.watcher: Watcher | None = None
        self.failure: SetupError | BackendUnavailable | None = None
        self.is_ready = False
        self._background: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start all parts; SetupError or BackendUnavailable if that is not possible."""
        if not have_folders(self.settings):  # no folders are made for a daemon that cannot start
            await check_address(self.settings.web.host, self.settings.web.port)
        prepare_folders(self.settings)
        check_reading(self.settings)
        for lock in self._locks:
            lock.take()
        await asyncio.to_thread(check_ledger, self.ledger.path, self.settings.archive.path)
        await asyncio.to_thread(minor_units, None)  # it reads ISO 4217 at its first call; not later, in the event loop
        await self.ledger.open()
        await asyncio.to_thread(mark_places, self.settings, self.ledger.id)
        pipeline = self.pipeline = self._make_pipeline()
        jobs = self.jobs = Jobs(self.ledger, self.bus, pipeline, self.settings.queue.url, pipeline.context.gate.slots)
        watcher = self.watcher = self._make_watcher(pipeline)
        self.web = self._make_web(pipeline, watcher, jobs)
        await self.web.start()  # first, since a taken address is the likeliest reason not to start
        await pipeline.begin()
        await jobs.start()
        await watcher.start()
        self._background += [asyncio.create_task(self._care()), asyncio.create_task(self._stop_once_lost())]
        if (interval_s := watchdog_interval_s()) is not None:
            self._background.append(asyncio.create_task(self._ping(interval_s)))

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
        )

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
        return WebServer(make_app(parts), self.settings.web.host, self.settings.web.port)

    async def _care(self) -> None:
        """Keep the locks, and report the status to systemd."""
        while True:
            try:
                counts = await count_unfinished(self.ledger)
                notify(f"STATUS={counts[TaskState.PENDING]} waiting, {counts[TaskState.PROCESSING]} in progress")
                for lock in self._locks:
                    await asyncio.to_thread(lock.keep)
                await asyncio.to_thread(self._check_ledger)
            except SetupError as error:
                log.error("%s Stopping, so that two daemons do not share a folder.", error)
                self.failure = error
                begin_stop(self)
            except LedgerLost as error:
                self.ledger.condition.lose(error)
            except (BackendUnavailable, OSError) as error:
                log.warning("The daemon's regular check failed: %s", error)
            await asyncio.sleep(CARE_S)

    def _check_ledger(self) -> None:
        """Raise LedgerLost if the ledger's file is not the one that was opened, or knows less than the archive."""
        self.ledger.condition.check_file()
        if knows_less(self.ledger.id, self.ledger.newest_event, self.settings.archive.path):
            raise LedgerLost(f"The ledger {self.ledger.path.name} is older than the archive.")

    async def _stop_once_lost(self) -> None:
        """End the daemon once the ledger must not be used any longer; its next start says what to do."""
        condition = self.ledger.condition
        await condition.lost.wait()
        log.error("%s Stopping, so that nothing is filed that it does not know.", condition.loss)
        self.failure = condition.loss
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
        if self.watcher is not None:
            await asyncio.wait({asyncio.ensure_future(self.watcher.stop())}, timeout=WATCHER_STOP_S)
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
            log.info(
                "expensed %s is ready: drop files into %s, watch at %s",
                __version__,
                settings.inbox.path,
                daemon.address,
            )
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
