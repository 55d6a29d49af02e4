"""GET /api/stats: how much there is, how much is to be done, who does it, and how fast it goes today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from expensed.ledger.counts import Counts, count_all, list_running
from expensed.ledger.rows import Task
from expensed.model.states import Step
from expensed.report.views import list_task
from expensed.web.answers import answer
from expensed.web.deps import PARTS, Parts

ACTIVE_SHOWN = 500
ENDED = ("filed", "review", "duplicate", "failed")


async def show(request: web.Request) -> web.Response:
    """All numbers at once."""
    parts = request.app[PARTS]
    now = parts.pipeline.context.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    counts = await count_all(parts.ledger, midnight, now)
    active = await list_running(parts.ledger, ACTIVE_SHOWN)
    return answer({"success": True, **describe(parts, counts, active, midnight, now)})


def describe(parts: Parts, counts: Counts, active: Sequence[Task], midnight: datetime, now: datetime) -> dict[str, Any]:
    """The numbers as clients see them; ages in seconds, times in UTC."""
    context = parts.pipeline.context
    age_s = parts.heartbeat_age_s()
    return {
        "version": parts.version,
        "run": context.run,
        "started_at": parts.started_at.isoformat(timespec="seconds"),
        "uptime_s": round((now - parts.started_at).total_seconds(), 1),
        "documents": {"total": sum(counts.documents.values()), **counts.documents},
        "tasks": {"total": sum(counts.tasks.values()), **counts.tasks},
        "backlog": {
            "count": counts.backlog,
            "oldest_at": counts.oldest_at,
            "oldest_s": age_of(counts.oldest_at, now),
        },
        "worker": {
            "heartbeat_age_s": None if age_s is None else round(age_s, 1),
            "trouble": parts.queue_trouble(),
            "registered": [step.value for step in Step],
            "active": [list_task(task) for task in active],
        },
        "children": {"alive": context.children.alive, "slots": context.gate.slots, "waiting": context.gate.waiting},
        "inbox": {
            "waiting": len(parts.waiting()),
            "missed_by_events": parts.missed(),
            "trouble": parts.inbox_trouble(),
        },
        "today": {
            "since": midnight.astimezone(UTC).isoformat(timespec="seconds"),
            **{state: counts.since.get(state, 0) for state in ENDED},
            "tasks_last_hour": counts.last_hour,
        },
        "last_success_at": counts.last_success_at,
    }


def age_of(moment: str | None, now: datetime) -> float | None:
    """How many seconds ago a time of the ledger was; never less than none."""
    return None if moment is None else round(max(0.0, (now - datetime.fromisoformat(moment)).total_seconds()), 1)
