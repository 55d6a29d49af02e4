"""The numbers of documents and tasks by state, which triggers keep, the backlog, and what was done since a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from expensed.ledger.rows import Task, task_from
from expensed.ledger.store import Ledger, Purpose, timestamp
from expensed.ledger.tasks import SELECT, UNFINISHED
from expensed.model.json_text import decode
from expensed.model.states import DocumentState, TaskState

_COUNTS = (
    "SELECT (SELECT json_group_object(state, number) FROM tallies WHERE what = 'documents') AS documents,"
    " (SELECT json_group_object(state, number) FROM tallies WHERE what = 'tasks') AS tasks,"
    " (SELECT count(*) FROM tasks WHERE standing <> 'ended') AS backlog,"
    " (SELECT min(created_at) FROM tasks WHERE standing <> 'ended') AS oldest_at,"
    " (SELECT max(updated_at) FROM tasks WHERE state = 'SUCCESS') AS last_success_at,"
    " (SELECT count(*) FROM tasks WHERE state IN ('SUCCESS', 'FAILURE') AND updated_at >= ?2) AS last_hour,"
    " (SELECT json_group_object(state, n) FROM (SELECT d.state, count(DISTINCT d.number) AS n FROM tasks t"
    "  JOIN documents d ON d.number = t.document WHERE t.state IN ('SUCCESS', 'FAILURE') AND t.updated_at >= ?1"
    "  GROUP BY 1)) AS since"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of one moment; times are the ledger's UTC text, None if there is none."""

    documents: dict[str, int]
    """By state, with every state present."""
    tasks: dict[str, int]
    backlog: int
    """Tasks that have not ended."""
    oldest_at: str | None
    """When the oldest of them was created."""
    last_success_at: str | None
    last_hour: int
    """Tasks that ended within the last hour."""
    since: dict[str, int]
    """Documents with a task that ended since the requested moment, by their present state."""


async def count_all(ledger: Ledger, since: datetime, now: datetime) -> Counts:
    """Return every number, taken in one statement."""
    row = await ledger.one(_COUNTS, timestamp(since), timestamp(now - timedelta(hours=1)), by=Purpose.STATISTICS)
    if row is None:
        raise LookupError("no counts")
    return Counts(
        documents={state.value: 0 for state in DocumentState} | decode(row["documents"], dict[str, int]),
        tasks={state.value: 0 for state in TaskState} | decode(row["tasks"], dict[str, int]),
        backlog=row["backlog"],
        oldest_at=row["oldest_at"],
        last_success_at=row["last_success_at"],
        last_hour=row["last_hour"],
        since=decode(row["since"], dict[str, int]),
    )


async def list_running(ledger: Ledger, limit: int) -> list[Task]:
    """Return the tasks whose step is running right now, oldest first."""
    rows = await ledger.all(f"{SELECT} WHERE {UNFINISHED} AND t.standing = 'running' ORDER BY t.number LIMIT ?", limit)
    return [task_from(row) for row in rows]


async def count_held_up(ledger: Ledger, codes: Sequence[str]) -> tuple[int, str]:
    """Return how many tasks have failed more than once in a row with one of these codes, and the latest reason.

    The second and each later try is put off for longer than the first (`retry_policy.retry_delay_s`).
    """
    marks = ", ".join("?" * len(codes))
    row = await ledger.one(
        "SELECT count(*) AS n, json_extract(error, '$.message') AS reason, max(updated_at) FROM tasks"  # noqa: S608
        f" WHERE standing = 'due' AND json_extract(error, '$.code') IN ({marks})"
        " AND julianday(due_at) - julianday(updated_at) > 1.5 / 86400",
        *codes,
    )
    return (row["n"], row["reason"] or "") if row else (0, "")
