"""Find, list and count tasks; `task_moves` changes them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import chain, takewhile

from expensed.ledger.rows import Task, task_from
from expensed.ledger.store import Ledger, SqlValue, Transaction, timestamp
from expensed.model.states import AttemptOutcome, Step, TaskState

TRIES = (
    "max(1, (t.standing IN ('due', 'waiting', 'unsettled')) + (SELECT count(*) FROM attempts a WHERE a.task = t.number"
    " AND a.step = t.step AND a.outcome IS NOT 'interrupted' AND a.outcome IS NOT 'handed-back'))"
)
"""The number of the present, last or next try at the step of a task `t`, as a person counts: interruptions do not."""
SELECT = (
    f"SELECT t.*, {TRIES} AS tries, d.id AS document_id, d.file AS file FROM tasks t"  # noqa: S608
    " JOIN documents d ON d.number = t.document"
)
_SELECT_LISTED = (
    "SELECT t.number, t.id, t.document, t.origin, t.step, t.state, t.status, t.standing, t.priority, t.attempt,"  # noqa: S608
    " t.failures, t.due_at, t.run, NULL AS input, t.error, NULL AS trace, t.created_at, t.updated_at, NULL AS result,"
    f" {TRIES} AS tries, d.id AS document_id, d.file AS file FROM tasks t JOIN documents d ON d.number = t.document"
)

UNFINISHED = "t.number IN (SELECT number FROM tasks INDEXED BY tasks_unfinished WHERE standing <> 'ended')"
"""The condition of a task that has not ended; without it, SQLite walks through all tasks to have them in order."""

LONGEST_DELAY_S = 300.0
"""The longest wait for a next try; a task due later was scheduled before the clock was set back."""

PRIORITY_PRESENT = -1
"""A client waits for the answer right now."""
PRIORITY_AWAITED = 0
"""A client asked for this and will poll for it."""
PRIORITY_BULK = 1
PRIORITY_ALONE = 2


async def find_task(source: Ledger | Transaction, task_id: str) -> Task | None:
    """Return the task with this UUID, or None."""
    row = await source.one(f"{SELECT} WHERE t.id = ?", task_id)
    return task_from(row) if row else None


async def get_task(source: Ledger | Transaction, number: int) -> Task:
    """Return the task with this number; LookupError if there is none."""
    row = await source.one(f"{SELECT} WHERE t.number = ?", number)
    if row is None:
        raise LookupError(f"no task {number}")
    return task_from(row)


async def find_unfinished_task(source: Ledger | Transaction, document: int) -> Task | None:
    """Return the unfinished task that files a document, or None; never a mere extraction."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.standing <> 'ended' AND t.origin <> 'extract' ORDER BY t.number", document
    )
    return task_from(row) if row else None


async def last_task(source: Ledger | Transaction, document: int) -> Task | None:
    """Return the newest task that files, or filed, a document; never a mere extraction."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.origin <> 'extract' ORDER BY t.number DESC LIMIT 1", document
    )
    return task_from(row) if row else None


async def drop_task(source: Ledger | Transaction, document: int) -> Task | None:
    """Return the task by which a document was read and filed when it arrived, or None."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.origin = 'drop' ORDER BY t.number DESC LIMIT 1", document
    )
    return task_from(row) if row else None


async def last_process_task(source: Ledger | Transaction, document: int) -> Task | None:
    """Return the newest task by which a person files or corrects a document, or undoes that; never one that failed."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.origin IN ('process', 'undo') AND t.state <> ?"
        " ORDER BY t.number DESC LIMIT 1",
        document,
        TaskState.FAILURE,
    )
    return task_from(row) if row else None


async def list_unfinished(source: Ledger | Transaction) -> list[Task]:
    """Return every task that has not ended, oldest first."""
    return [task_from(row) for row in await source.all(f"{SELECT} WHERE {UNFINISHED} ORDER BY t.number")]


async def count_unfinished(ledger: Ledger) -> dict[TaskState, int]:
    """Count the tasks that are PENDING and those that are PROCESSING."""
    rows = await ledger.all("SELECT state, number FROM tallies WHERE what = 'tasks'")
    counts = {TaskState(row["state"]): int(row["number"]) for row in rows}
    return {state: counts.get(state, 0) for state in (TaskState.PENDING, TaskState.PROCESSING)}


async def has_backlog(source: Ledger | Transaction, limit: int) -> bool:
    """Whether at least `limit` tasks have not ended."""
    row = await source.one("SELECT 1 FROM tasks WHERE standing <> 'ended' LIMIT 1 OFFSET ?", limit - 1)
    return row is not None


def is_due(task: Task, now: datetime | None = None) -> bool:
    """Whether the time of a task's next try has come."""
    now = now or datetime.now(UTC)
    return task.due_at <= timestamp(now) or task.due_at > timestamp(now + timedelta(seconds=2 * LONGEST_DELAY_S))


async def list_due(
    ledger: Ledger, limit: int, step: Step | None = None, *, until: int | None = None, after: int | None = None
) -> list[Task]:
    """Return the first `limit` tasks that are due now, in the order of work.

    Limited to one step if given, and to priorities up to `until` or above `after`.
    """
    query, values = _query_due(limit, step, until, after)
    return [task_from(row) for row in await ledger.all(query, *values)]


async def list_work(ledger: Ledger, *, filings: int, awaited: int, bulk: int) -> list[Task]:
    """Return what is due now, at most so many each: filings, extractions that a client waits for, all others.

    In one query, because it is asked for at every turn of the bell.
    """
    parts = (
        _query_due(filings, Step.PROCESS),
        _query_due(awaited, Step.EXTRACT, until=PRIORITY_AWAITED),
        _query_due(bulk, Step.EXTRACT, after=PRIORITY_AWAITED),
    )
    query = " UNION ALL ".join(f"SELECT * FROM ({part})" for part, _ in parts)  # noqa: S608
    tasks = [task_from(row) for row in await ledger.all(query, *(value for _, values in parts for value in values))]
    return sorted(tasks, key=lambda task: (task.step is not Step.PROCESS, task.priority, task.number))


def _query_due(
    limit: int, step: Step | None = None, until: int | None = None, after: int | None = None
) -> tuple[str, list[SqlValue]]:
    now = datetime.now(UTC)
    wanted = {" AND t.step = ?": step, " AND t.priority <= ?": until, " AND t.priority > ?": after}
    given = {clause: value for clause, value in wanted.items() if value is not None}
    query = (
        f"{SELECT} WHERE t.standing = 'due'{''.join(given)}"
        " AND (t.due_at <= ? OR t.due_at > ?) ORDER BY t.priority, t.number LIMIT ?"
    )
    moments = timestamp(now), timestamp(now + timedelta(seconds=2 * LONGEST_DELAY_S))
    return query, [*given.values(), *moments, limit]


async def list_tasks(
    ledger: Ledger,
    *,
    state: TaskState | None = None,
    file: str | None = None,
    document: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Task]:
    """Return tasks, newest first, of one state or file, numbered below `before`.

    `file` is a document's id, the display name with which it was dropped, or its path in the archive.

    `input`, `result` and `trace` are None: they may be large, and no list shows them.
    """
    of_file = (
        "SELECT number FROM documents WHERE id = ? UNION SELECT number FROM documents WHERE file = ?"
        " UNION SELECT number FROM documents WHERE place = 'archive' AND path = ?"
    )
    wanted: dict[str, tuple[SqlValue, ...]] = {
        "t.state = ?": (state,),
        f"t.document IN ({of_file})": (file, file, None if file is None else os.fsencode(file)),
        "t.document = ?": (document,),
        "t.number < ?": (before,),
    }
    given = {clause: values for clause, values in wanted.items() if values[0] is not None}
    rows = await ledger.all(
        f"{_SELECT_LISTED} WHERE {' AND '.join(given) or 'TRUE'} ORDER BY t.number DESC LIMIT ?",
        *chain.from_iterable(given.values()),
        limit,
    )
    return [task_from(row) for row in rows]


_LOOK_BACK = 40
"""How many events to search for each document wanted; a document leaves about eight on its way."""


async def list_last_tasks(ledger: Ledger, limit: int) -> list[Task]:
    """Return the newest task of each of the documents with the latest events, latest first."""
    rows = await ledger.all(
        f"{SELECT} WHERE t.number IN (SELECT max(x.number) FROM tasks x JOIN documents y ON y.number = x.document"  # noqa: S608
        " WHERE y.id IN (SELECT document_id FROM (SELECT document_id, max(id) AS last FROM ("
        "  SELECT document_id, id FROM events ORDER BY id DESC LIMIT ?1) GROUP BY 1 ORDER BY last DESC LIMIT ?2))"
        " GROUP BY x.document) ORDER BY t.updated_at DESC, t.number DESC",
        _LOOK_BACK * limit,
        limit,
    )
    return [task_from(row) for row in rows]


async def count_tries(source: Ledger | Transaction, task: Task, outcome: AttemptOutcome) -> int:
    """Count the latest attempts in a row at the task's present step that ended with this outcome."""
    rows = await source.all(
        "SELECT outcome FROM attempts WHERE task = ? AND step = ? AND ended_at IS NOT NULL ORDER BY attempt DESC",
        task.number,
        task.step,
    )
    return len(list(takewhile(lambda row: row["outcome"] == outcome, rows)))
