"""GET /metrics for Prometheus: the ledger's counts at the moment of the scrape, and the events since the daemon's
start. It has its own registry, so no library's metrics get in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from expensed.event_bus import Bus, Overrun
from expensed.ledger.queries.counts import Counts, count_all
from expensed.model.events import Event
from expensed.model.states import Status, TaskState
from expensed.web.deps import DEPENDENCIES, Dependencies

log = logging.getLogger("expensed.web")

STAGES = {
    Status.PENDING: "queue",
    Status.READING: "ocr",
    Status.ENHANCING: "ml",
    Status.CURRENCY: "currency",
    Status.DUPLICATES: "duplicates",
    Status.FINALIZING: "finalizing",
    Status.FILING: "filing",
}
_STAGE_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_TASK_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
_EVENTS_KEPT = 100_000
_ENDED = (TaskState.SUCCESS, TaskState.FAILURE)


class Watch:
    """Times and counts the ledger's events."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._stages = Histogram(
            "expensed_stage_seconds", "Time that tasks spent in each stage.", ["stage"], buckets=_STAGE_S,
            registry=registry,
        )  # fmt: skip
        self._tasks = Histogram(
            "expensed_task_seconds", "Time from a task's beginning to its end.", ["state"], buckets=_TASK_S,
            registry=registry,
        )  # fmt: skip
        self._retries = Counter(
            "expensed_retries", "Steps that failed and are tried again automatically.", registry=registry
        )
        self._open: dict[str, tuple[str, datetime, datetime]] = {}
        for stage in STAGES.values():
            self._stages.labels(stage)

    def note(self, event: Event) -> None:
        """Record one transition of a task."""
        task, at = event.task_id or "", datetime.fromisoformat(event.at)
        status, since, began = self._open.pop(task, (None, at, at))
        if status in STAGES and status != event.status:
            self._stages.labels(STAGES[Status(status)]).observe(max(0.0, (at - since).total_seconds()))
        if event.state in _ENDED:
            self._tasks.labels(event.state).observe(max(0.0, (at - began).total_seconds()))
            return
        if event.state == TaskState.PENDING and event.error:
            self._retries.inc()
        self._open[task] = (event.status, since if status == event.status else at, began)

    async def follow(self, bus: Bus) -> None:
        """Record everything until the bus is closed."""
        while True:
            with bus.subscribe(_EVENTS_KEPT) as subscription:
                try:
                    async for event in subscription:
                        self.note(event)
                except Overrun:
                    log.warning("Metrics fell behind the events; some stages are not counted.")
                    self._open.clear()
                else:
                    return


class Metrics(Collector):
    """The registry, and the readings from the ledger and its neighbours for one scrape."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.watch = Watch(self.registry)
        self._reading: tuple[Dependencies, Counts] | None = None
        self.registry.register(self)

    def describe(self) -> Iterator[Metric]:
        """Describe nothing: there is no reading yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Return the families of the last reading."""
        return iter(()) if self._reading is None else read_metrics(*self._reading)

    def render(self, parts: Dependencies, counts: Counts) -> bytes:
        """Render everything in Prometheus' text format."""
        self._reading = (parts, counts)
        return generate_latest(self.registry)


def read_metrics(parts: Dependencies, counts: Counts) -> Iterator[Metric]:
    """Yield the gauges and counters that are read at this moment."""
    documents = GaugeMetricFamily("expensed_documents", "Documents by state.", labels=["state"])
    for state, number in counts.documents.items():
        documents.add_metric([state], number)
    yield documents
    tasks = GaugeMetricFamily("expensed_tasks", "Tasks by state.", labels=["state"])
    for state, number in counts.tasks.items():
        tasks.add_metric([state], number)
    yield tasks
    yield CounterMetricFamily(
        "expensed_duplicates", "Documents whose bytes were seen before.", value=counts.documents["duplicate"]
    )
    yield _gauge("expensed_backlog", "Tasks that have not ended.", counts.backlog)
    if counts.oldest_at is not None:
        yield _gauge(
            "expensed_backlog_oldest_timestamp_seconds",
            "When the oldest task that has not ended was created.",
            _seconds(counts.oldest_at),
        )
    if counts.last_success_at is not None:
        yield _gauge(
            "expensed_last_success_timestamp_seconds", "When the last task succeeded.", _seconds(counts.last_success_at)
        )
    context = parts.pipeline.context
    yield _gauge("expensed_reading_processes", "Child processes for reading that are alive.", context.children.alive)
    yield _gauge("expensed_reading_waiting", "Documents that wait for a child process.", context.gate.waiting)
    yield _gauge("expensed_inbox_files", "Files in the inbox that have not been taken yet.", len(parts.waiting()))
    yield CounterMetricFamily(
        "expensed_missed_by_events", "Files that a scan found but no event announced.", value=parts.missed()
    )
    if (age_s := parts.heartbeat_age_s()) is not None:
        yield _gauge("expensed_worker_heartbeat_age_seconds", "Seconds since the worker's last heartbeat.", age_s)
    yield _gauge("expensed_start_time_seconds", "When the daemon started.", parts.started_at.timestamp())


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


METRICS = web.AppKey("metrics", Metrics)


async def show(request: web.Request) -> web.Response:
    """GET /metrics"""
    parts = request.app[DEPENDENCIES]
    now = parts.pipeline.context.now()
    counts = await count_all(parts.ledger, now, now)
    return web.Response(body=request.app[METRICS].render(parts, counts), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def watch_events(app: web.Application) -> AsyncIterator[None]:
    """Follow the events for the application's lifetime."""
    watching = asyncio.create_task(app[METRICS].watch.follow(app[DEPENDENCIES].bus))
    yield
    watching.cancel()
    await asyncio.wait({watching})
