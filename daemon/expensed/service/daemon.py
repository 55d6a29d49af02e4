"""The daemon: builds every part, starts them in order, and stops them in the opposite one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import threading

from expensed import __version__
from expensed.config.schema import Settings
from expensed.events import Bus
from expensed.inbox.watcher import Watcher
from expensed.jobs.worker import Jobs
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import count_unfinished
from expensed.model import TaskState
from expensed.pipeline.children import Children, Limits
from expensed.pipeline.context import CLAIMS, Context, ledger_path
from expensed.pipeline.gate import Gate
from expensed.pipeline.spine import Pipeline
from expensed.service.locks import Lock
from expensed.service.preflight import check_reading, prepare_folders, prepare_scratch
from expensed.service.systemd import notify, watchdog_interval_s
from expensed.web.app import Parts, make_app
from expensed.web.server import WebServer

log = logging.getLogger("expensed")

STOP_S = 4.7
"""After so many seconds of stopping the process ends as it is; the ledger makes that harmless."""
CARE_S = 5.0
"""How often the locks are looked after and the status is told."""


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
        self._caring: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start all parts; SetupError or BackendUnavailable if that cannot be done."""
        prepare_folders(self.settings)
        check_reading(self.settings)
        for lock in self._locks:
            lock.take()
        await self.ledger.open()
        self.pipeline = self._make_pipeline()
        await self.pipeline.begin()
        self.jobs = Jobs(
            self.ledger, self.bus, self.pipeline, self.settings.queue.url, self.pipeline.context.gate.slots
        )
        inbox = self.settings.inbox
        self.watcher = Watcher(
            inbox.path,
            self.pipeline,
            settle_s=inbox.settle_s,
            patience_s=inbox.patience_s,
            rescan_s=inbox.rescan_s,
            watch=inbox.watch,
        )
        self.web = self._make_web()
        await self.jobs.start()
        await self.web.start()
        await self.watcher.start()
        self._caring = asyncio.create_task(self._care())

    def _make_pipeline(self) -> Pipeline:
        reading = self.settings.reading
        slots = reading.workers or len(os.sched_getaffinity(0))
        limits = Limits(reading.time_limit_s, reading.memory_mb, reading.idle_exit_s)
        children = Children(limits, prepare_scratch(self.settings))
        return Pipeline(Context(self.settings, self.ledger, children, Gate(slots), self.run_id))

    def _make_web(self) -> WebServer:
        parts = Parts(
            settings=self.settings,
            ledger=self.ledger,
            bus=self.bus,
            pipeline=self.pipeline,
            waiting=self.watcher.waiting,
            queue_trouble=lambda: self.jobs.trouble,
        )
        return WebServer(make_app(parts), self.settings.web.host, self.settings.web.port)

    async def _care(self) -> None:
        """Keep the locks, tell systemd that we live and how it stands."""
        interval_s = min(CARE_S, watchdog_interval_s() or CARE_S)
        while True:
            try:
                for lock in self._locks:
                    lock.keep()
                counts = await count_unfinished(self.ledger)
                status = f"{counts[TaskState.PENDING]} waiting, {counts[TaskState.PROCESSING]} in work"
                notify("WATCHDOG=1", f"STATUS={status}")
            except Exception:
                log.exception("The daemon could not look after itself; trying again.")
            await asyncio.sleep(interval_s)

    async def stop(self) -> None:
        """Stop all parts: nothing new, then what runs, then the doors, then the ledger, then Redis."""
        notify("STOPPING=1")
        if self._caring is not None:
            self._caring.cancel()
        self.pipeline.context.stopping = True
        await self.watcher.stop()
        await self.pipeline.stop()
        self.bus.close()
        await self.web.stop()
        await self.jobs.stop()
        await self.ledger.close()
        for lock in self._locks:
            lock.release()


async def run_daemon(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    daemon = Daemon(settings)
    try:
        await daemon.start()
    except BaseException:
        await _abandon(daemon)
        raise
    log.info(
        "expensed %s is ready: drop files into %s, watch at %s", __version__, settings.inbox.path, daemon.web.address
    )
    notify("READY=1", f"STATUS=Watching {settings.inbox.path}")
    await stopped.wait()
    log.info("stopping")
    deadline = threading.Timer(STOP_S, os._exit, (0,))
    deadline.daemon = True
    deadline.start()
    await daemon.stop()
    log.info("stopped")
    deadline.cancel()


async def _abandon(daemon: Daemon) -> None:
    """A start that did not succeed: end whatever had begun, as far as it will."""
    for part in ("watcher", "web", "jobs", "ledger"):
        found = getattr(daemon, part, None)
        stop = getattr(found, "stop", None) or getattr(found, "close", None)
        if stop is not None:
            with contextlib.suppress(Exception):
                await stop()
