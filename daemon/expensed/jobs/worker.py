"""The arq worker in the daemon and its two functions. It is supervised: if Redis goes away, the work is not lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

from arq.connections import ArqRedis
from arq.worker import Worker

from expensed.errors import BackendUnavailable
from expensed.event_bus import Bus
from expensed.jobs.bell import Bell, most_rung
from expensed.jobs.queue import QUEUE_ERRORS, connect, describe_trouble, dump, load, sweep
from expensed.jobs.redis_server import PrivateServer
from expensed.ledger.store import Ledger
from expensed.model.states import Step
from expensed.pipeline.pipeline import Pipeline

log = logging.getLogger("expensed.jobs")

JOB_TIMEOUT_S = 86400
POLL_S = 1.0
"""The interval at which the worker polls the queue even if the bell has not rung."""
MAX_TRIES = 1000
"""arq's own limit must never end a document's processing; the ledger counts the attempts."""
RECONNECT_S = 0.5
BEAT_S = 5.0
PRIVATE_AWAY_S = 60.0
"""A private server that has not answered for this long is killed, and another one started."""


JobContext = dict[str, Any]  # arq keeps anything in it


async def extract_document(context: JobContext, task_id: str, attempt: int) -> None:
    """Run OCR and data extraction."""
    await context["pipeline"].run_step(Step.EXTRACT, task_id, attempt)


async def process_document(context: JobContext, task_id: str, attempt: int) -> None:
    """File the document in the archive and record it in the ledger."""
    await context["pipeline"].run_step(Step.PROCESS, task_id, attempt)


class GateWorker(Worker):
    """A worker that listens for the bell, and whose jobs may wait long at the gate without any cost."""

    def __init__(self, rung: asyncio.Event, **options: Any) -> None:
        super().__init__(**options)
        self._rung = rung

    async def main(self) -> None:
        """Poll the queue as soon as the bell rings; arq alone would do so only every `poll_delay_s`."""
        while True:
            self._rung.clear()
            await self._poll_iteration()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.poll_delay_s):
                    await self._rung.wait()

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Start the jobs that are not started yet; arq alone would ask Redis about all others at every poll."""
        await super().start_jobs([job_id for job_id in job_ids if job_id.decode() not in self.tasks])


class Jobs:
    """Bell and worker on one Redis, and the private server if there is no other."""

    def __init__(self, ledger: Ledger, bus: Bus, pipeline: Pipeline, url: str, slots: int) -> None:
        self._url = url
        self._pipeline = pipeline
        self._slots = slots
        self._bell = Bell(ledger, bus, pipeline, slots)
        self._queue_name = f"expensed:{ledger.id}"
        self._server = None if url else PrivateServer(ledger.id)
        self._supervisor: asyncio.Task[None] | None = None
        self._trouble: str | None = "not connected yet"
        self._away_since: float | None = None
        self.beat: float | None = None

    @property
    def trouble(self) -> str | None:
        """What is wrong with the queue, as a clause; None while it works."""
        if self._trouble is None and self.beat is not None and time.monotonic() - self.beat > 3 * BEAT_S:
            return "the worker has not sent a heartbeat for a while"
        return self._trouble

    @property
    def heartbeat_age_s(self) -> float | None:
        """Seconds since the worker's last heartbeat; None if there was none."""
        return None if self.beat is None else time.monotonic() - self.beat

    @property
    def server_pid(self) -> int | None:
        """The private server's process id, if there is one."""
        return self._server.pid if self._server else None

    async def start(self) -> None:
        """Start the private server, if one is needed, then bell and worker."""
        if self._server is not None:
            await self._server.start()
        self._supervisor = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """End worker and bell, then the private server."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor
        if self._server is not None:
            await self._server.stop()

    async def _supervise(self) -> None:
        while True:
            url = self._url or (self._server.url if self._server else None)
            if url is not None:
                try:
                    await self._serve(url)
                except (*QUEUE_ERRORS, BackendUnavailable) as error:
                    self._note_trouble(error)
                except Exception as error:
                    log.exception("The worker ended with an unexpected error; starting another.")
                    self._note_trouble(error)
            _heed_cancellation()
            await asyncio.sleep(RECONNECT_S)

    def _note_trouble(self, error: Exception) -> None:
        trouble = describe_trouble(error)
        if self._away_since is None:
            self._away_since = time.monotonic()
        if trouble != self._trouble:
            log.warning("The queue does not work: %s. Documents wait in the ledger until it does.", trouble)
            log.debug("%s", error)
        self._trouble = trouble
        if self._server is not None and time.monotonic() - self._away_since > PRIVATE_AWAY_S:
            self._away_since = time.monotonic()
            self._server.replace()

    def _note_health(self) -> None:
        self.beat = time.monotonic()
        if self._away_since is not None:
            log.info("The queue works again after %.1f s.", self.beat - self._away_since)
        self._away_since = self._trouble = None

    async def _serve(self, url: str) -> None:
        """Connect, sweep, and run bell and worker until one of them fails."""
        redis = connect(url, self._queue_name)
        worker = self._make_worker(redis)
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._wait_for(redis)
            await sweep(redis, self._queue_name)
            await self._bell.ring_again(redis)  # a Redis that takes no jobs must not seem to be back
            _heed_cancellation()
            tasks = [
                asyncio.create_task(worker.main()),
                asyncio.create_task(self._bell.ring_forever(redis)),
                asyncio.create_task(self._beat(redis)),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await _end([*tasks, *worker.tasks.values()])
            with contextlib.suppress(*QUEUE_ERRORS):
                await redis.aclose(close_connection_pool=True)

    async def _wait_for(self, redis: ArqRedis) -> None:
        """Wait until the server answers: one that was just started needs some milliseconds until it listens."""
        for _ in range(50):
            try:
                await redis.ping()
            except QUEUE_ERRORS:
                await asyncio.sleep(0.01)
            else:
                return
        await redis.ping()

    async def _beat(self, redis: ArqRedis) -> None:
        while True:
            await redis.ping()
            self._note_health()
            await asyncio.sleep(BEAT_S)

    def _make_worker(self, redis: ArqRedis) -> Worker:
        return GateWorker(
            self._bell.rung,
            functions=[extract_document, process_document],
            max_tries=MAX_TRIES,
            redis_pool=redis,
            queue_name=self._queue_name,
            handle_signals=False,
            max_jobs=2 * most_rung(self._slots),  # twice: those of the previous round may still wait at the gate
            job_timeout=JOB_TIMEOUT_S,
            poll_delay=POLL_S,
            keep_result=0,
            log_results=False,
            ctx={"pipeline": self._pipeline},
            job_serializer=dump,
            job_deserializer=load,
        )


def _heed_cancellation() -> None:
    """Raise a cancellation that redis-py swallowed: it sends inside `wait_for`, which can do that (Python 3.11)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _end(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1.0)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not log that it never was
