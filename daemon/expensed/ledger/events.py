"""Events: every transition, in one order, for whoever follows or comes back later."""

from __future__ import annotations

import json
from typing import Any

from expensed.ledger.rows import Attempt, attempt_from
from expensed.ledger.store import Ledger, Row, Transaction


async def record_event(tx: Transaction, task: int) -> None:
    """Write down the task as it now stands; subscribers get it after the commit."""
    row = await tx.one(
        "INSERT INTO events (at, document_id, task_id, file, state, status, attempt, error)"
        " SELECT ?, d.id, t.id, d.file, t.state, t.status, t.attempt, json_extract(t.error, '$.message')"
        " FROM tasks t JOIN documents d ON d.number = t.document WHERE t.number = ?"
        " RETURNING id, at, document_id, task_id, file, state, status, attempt, error",
        tx.now,
        task,
    )
    if row is None:
        raise LookupError(f"no task {task}")
    tx.events.append(event_from(row))


def event_from(row: Row) -> dict[str, Any]:
    """A row of `events` in the shape that clients see."""
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 - sqlite3.Row iterates over values


async def list_events(
    ledger: Ledger,
    after: int,
    *,
    until: int | None = None,
    task_id: str | None = None,
    document_id: str | None = None,
    limit: int = 500,
) -> list[dict[str, Any]]:
    """Events with an id above `after` (and at most `until`), oldest first, of one task or document if named."""
    wanted = {"id > ?": after, "id <= ?": until, "task_id = ?": task_id, "document_id = ?": document_id}
    given = {clause: value for clause, value in wanted.items() if value is not None}
    rows = await ledger.all(
        "SELECT id, at, document_id, task_id, file, state, status, attempt, error FROM events"  # noqa: S608
        f" WHERE {' AND '.join(given)} ORDER BY id LIMIT ?",
        *given.values(),
        limit,
    )
    return [event_from(row) for row in rows]


async def list_attempts(ledger: Ledger, document: int) -> list[Attempt]:
    """Every try at a step of a document's tasks, oldest first."""
    rows = await ledger.all(
        "SELECT a.* FROM attempts a JOIN tasks t ON t.number = a.task WHERE t.document = ? ORDER BY a.task, a.attempt",
        document,
    )
    return [attempt_from(row) for row in rows]


async def newest_event_id(ledger: Ledger) -> int:
    """The id of the newest event; 0 where there is none."""
    row = await ledger.one("SELECT coalesce(max(id), 0) AS newest FROM events")
    return int(row["newest"]) if row else 0


_SNAPSHOT = (
    "SELECT (SELECT coalesce(max(id), 0) FROM events) AS newest,"
    " (SELECT count(*) FROM tasks WHERE standing <> 'ended') AS unfinished,"
    " (SELECT json_group_object(state, n) FROM (SELECT state, count(*) AS n FROM documents GROUP BY 1)) AS documents,"
    " (SELECT json_group_array(json_object('task_id', id, 'document_id', document_id, 'file', file, 'step', step,"
    "  'state', state, 'status', status, 'attempt', attempt, 'error', json_extract(error, '$.message'),"
    "  'updated_at', updated_at)) FROM ("
    "   SELECT t.*, d.id AS document_id, d.file AS file FROM tasks t JOIN documents d ON d.number = t.document"
    "   WHERE {which} ORDER BY t.state = 'PROCESSING' DESC, t.priority, t.number LIMIT ?)) AS tasks"
)


async def take_snapshot(
    ledger: Ledger, *, task_id: str | None = None, document_id: str | None = None, limit: int = 500
) -> dict[str, Any]:
    """How all stands at one moment: the newest event's id, documents by state, and tasks, the next to end first.

    Without a filter the unfinished tasks (`unfinished` counts them all); with one, all tasks of it. One statement,
    so that nothing can change between its parts.
    """
    wanted = {"t.id = ?": task_id, "d.id = ?": document_id}
    values = [value for value in wanted.values() if value is not None]
    which = " AND ".join(clause for clause, value in wanted.items() if value is not None) or "t.standing <> 'ended'"
    row = await ledger.one(_SNAPSHOT.format(which=which), *values, limit)
    if row is None:
        raise LookupError("no snapshot")
    return {
        "id": row["newest"],
        "unfinished": row["unfinished"],
        "documents": json.loads(row["documents"]),
        "tasks": json.loads(row["tasks"]),
    }
