"""GET /api/stats: the counts, the backlog, the worker and today's progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import web

from expensed.ledger.queries.counts import Counts, count_all, list_running
from expensed.ledger.rows import Task
from expensed.model.states import DocumentState, Step
from expensed.report import numbers
from expensed.report.build import count_left_alone, list_task
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.responses import answer

ACTIVE_SHOWN = 500


async def show(request: web.Request) -> web.Response:
    """Answer with all numbers."""
    parts = request.app[DEPENDENCIES]
    now = parts.pipeline.context.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    counts = await count_all(parts.ledger, midnight, now)
    active = await list_running(parts.ledger, ACTIVE_SHOWN)
    left_alone = count_left_alone(await parts.pipeline.list_left_alone())
    return answer(count_for_clients(parts, counts, active, left_alone, midnight, now))


def count_for_clients(
    parts: Dependencies,
    counts: Counts,
    active: Sequence[Task],
    left_alone: numbers.ArchiveNumbers,
    midnight: datetime,
    now: datetime,
) -> numbers.Stats:
    """Return the numbers as clients see them; ages in seconds, times in UTC."""
    context = parts.pipeline.context
    age_s = parts.heartbeat_age_s()
    return numbers.Stats(
        version=parts.version,
        run=context.run,
        started_at=parts.started_at.isoformat(timespec="seconds"),
        uptime_s=parts.uptime_s,
        documents={"total": sum(counts.documents.values()), **counts.documents},
        tasks={"total": sum(counts.tasks.values()), **counts.tasks},
        backlog=numbers.Backlog(
            count=counts.backlog, oldest_at=counts.oldest_at, oldest_s=age_of(counts.oldest_at, now)
        ),
        worker=numbers.Worker(
            heartbeat_age_s=None if age_s is None else round(age_s, 1),
            trouble=parts.queue_trouble(),
            registered=tuple(Step),
            active=tuple(map(list_task, active)),
        ),
        children=numbers.ReadingProcesses(
            alive=context.children.alive, slots=context.gate.slots, waiting=context.gate.waiting
        ),
        inbox=numbers.InboxNumbers(
            waiting=len(parts.waiting()), missed_by_events=parts.missed(), trouble=parts.inbox_trouble()
        ),
        archive=left_alone,
        today=numbers.Today(
            since=midnight.astimezone(UTC).isoformat(timespec="seconds"),
            filed=counts.since.get(DocumentState.FILED, 0),
            review=counts.since.get(DocumentState.REVIEW, 0),
            duplicate=counts.since.get(DocumentState.DUPLICATE, 0),
            failed=counts.since.get(DocumentState.FAILED, 0),
            discarded=counts.since.get(DocumentState.DISCARDED, 0),
            tasks_last_hour=counts.last_hour,
        ),
        last_success_at=counts.last_success_at,
    )


def age_of(moment: str | None, now: datetime) -> float | None:
    """Return how many seconds ago a time from the ledger was; never negative."""
    return None if moment is None else round(max(0.0, (now - datetime.fromisoformat(moment)).total_seconds()), 1)
