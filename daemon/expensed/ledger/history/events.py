"""Events: every transition in one order, for clients that follow live or resume later."""

from __future__ import annotations

from expensed.ledger.rows import Attempt, attempt_from
from expensed.ledger.store import Ledger, Row, Transaction
from expensed.ledger.tasks import TRIES
from expensed.model.events import Event, Snapshot, SnapshotTask
from expensed.model.json_text import decode
from expensed.model.states import TaskState


async def record_event(tx: Transaction, task: int) -> None:
    """Record the task's present state as an event; subscribers get it after the commit."""
    row = await tx.one(
        "INSERT INTO events (at, document_id, task_id, file, state, status, attempt, error)"  # noqa: S608
        f" SELECT ?, d.id, t.id, d.file, t.state, t.status, {TRIES}, json_extract(t.error, '$.message')"
        " FROM tasks t JOIN documents d ON d.number = t.document WHERE t.number = ?"
        " RETURNING id, at, document_id, task_id, file, state, status, attempt, error",
        tx.now,
        task,
    )
    if row is None:
        raise LookupError(f"no task {task}")
    tx.events.append(event_from(row))


def event_from(row: Row) -> Event:
    """Convert a row of `events`."""
    return Event(
        id=row["id"],
        at=row["at"],
        document_id=row["document_id"],
        task_id=row["task_id"],
        file=row["file"],
        state=TaskState(row["state"]),
        status=row["status"],
        attempt=row["attempt"],
        error=row["error"],
    )


async def list_events(
    ledger: Ledger,
    after: int,
    *,
    until: int | None = None,
    task_id: str | None = None,
    document_id: str | None = None,
    limit: int = 500,
) -> list[Event]:
    """Return events with an id above `after` (and at most `until`), oldest first, of one task or document if given."""
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
    """Return every attempt at a step of a document's tasks, oldest first."""
    rows = await ledger.all(
        "SELECT a.* FROM attempts a JOIN tasks t ON t.number = a.task WHERE t.document = ? ORDER BY a.task, a.attempt",
        document,
    )
    return [attempt_from(row) for row in rows]


async def newest_event_id(ledger: Ledger) -> int:
    """Return the id of the newest event; 0 if there is none."""
    row = await ledger.one("SELECT coalesce(max(id), 0) AS newest FROM events")
    return int(row["newest"]) if row else 0


_SNAPSHOT = (
    "SELECT (SELECT coalesce(max(id), 0) FROM events) AS newest,"  # noqa: S608
    " (SELECT count(*) FROM tasks WHERE standing <> 'ended') AS unfinished,"
    " (SELECT json_group_object(state, number) FROM tallies WHERE what = 'documents' AND number > 0) AS documents,"
    " (SELECT json_group_array(json_object('task_id', id, 'document_id', document_id, 'file', file, 'step', step,"
    "  'state', state, 'status', status, 'attempt', tries, 'error', json_extract(error, '$.message'),"
    "  'updated_at', updated_at)) FROM ("
    f"   SELECT t.*, {TRIES} AS tries, d.id AS document_id, d.file AS file FROM tasks t"
    "   JOIN documents d ON d.number = t.document"
    "   WHERE {which} ORDER BY t.state = 'PROCESSING' DESC, t.priority, t.number LIMIT ?)) AS tasks"
)


async def take_snapshot(
    ledger: Ledger, *, task_id: str | None = None, document_id: str | None = None, limit: int = 500
) -> Snapshot:
    """Return the state of everything at one moment: the newest event's id, documents by state, and tasks.

    Tasks are the unfinished ones (`unfinished` counts them all) or, with a filter, all that match; the next to end
    comes first. One statement, so that nothing can change between its parts.
    """
    wanted = {"t.id = ?": task_id, "d.id = ?": document_id}
    values = [value for value in wanted.values() if value is not None]
    which = " AND ".join(clause for clause, value in wanted.items() if value is not None) or "t.standing <> 'ended'"
    row = await ledger.one(_SNAPSHOT.format(which=which), *values, limit)
    if row is None:
        raise LookupError("no snapshot")
    return Snapshot(
        id=row["newest"],
        unfinished=row["unfinished"],
        documents=decode(row["documents"], dict[str, int]),
        tasks=decode(row["tasks"], tuple[SnapshotTask, ...]),
    )
