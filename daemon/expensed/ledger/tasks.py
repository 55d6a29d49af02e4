"""Tasks and their attempts: what is due, what runs, and every way from one to the other.

A task's `standing` is where it is in our hands (due, running, waiting, unsettled, ended); its `state` and `status`
are what clients see. Each change here writes its event in the same transaction.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import chain, takewhile
from typing import Any

from expensed.ledger.events import record_event
from expensed.ledger.rows import Task, task_from
from expensed.ledger.store import Ledger, Transaction, encode_json, timestamp
from expensed.model.states import Status, Step, TaskState

SELECT = "SELECT t.*, d.id AS document_id, d.file AS file FROM tasks t JOIN documents d ON d.number = t.document"
_SELECT_LISTED = (
    "SELECT t.number, t.id, t.document, t.origin, t.step, t.state, t.status, t.standing, t.priority, t.attempt,"
    " t.failures, t.due_at, t.run, NULL AS input, t.error, NULL AS trace, t.created_at, t.updated_at, NULL AS result,"
    " d.id AS document_id, d.file AS file FROM tasks t JOIN documents d ON d.number = t.document"
)

LONGEST_DELAY_S = 300.0
"""No task waits longer than this for its next try; one due later was scheduled by a clock that has been set back."""

PRIORITY_PRESENT = -1
"""Someone holds the line until this is done."""
PRIORITY_AWAITED = 0
"""Someone asked for this and will ask again."""
PRIORITY_BULK = 1
PRIORITY_ALONE = 2


class Stale(Exception):
    """A task has moved on since it was looked up: what was to be written about it is no longer true."""


async def insert_task(
    tx: Transaction,
    document: int,
    *,
    origin: str,
    step: Step,
    priority: int = PRIORITY_BULK,
    standing: str = "due",
    input: dict[str, Any] | None = None,
) -> int:
    """A new PENDING task for a document; its number."""
    number = await tx.insert(
        "INSERT INTO tasks (id, document, origin, step, state, status, standing, priority, due_at, input,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        str(uuid.uuid4()),
        document,
        origin,
        step,
        TaskState.PENDING,
        Status.PENDING,
        standing,
        priority,
        tx.now,
        encode_json(input),
        tx.now,
        tx.now,
    )
    await record_event(tx, number)
    tx.wake_bell()
    return number


async def find_task(source: Ledger | Transaction, task_id: str) -> Task | None:
    """The task of that UUID."""
    row = await source.one(f"{SELECT} WHERE t.id = ?", task_id)
    return task_from(row) if row else None


async def get_task(source: Ledger | Transaction, number: int) -> Task:
    """The task of that number; LookupError if there is none."""
    row = await source.one(f"{SELECT} WHERE t.number = ?", number)
    if row is None:
        raise LookupError(f"no task {number}")
    return task_from(row)


async def find_unfinished_task(source: Ledger | Transaction, document: int) -> Task | None:
    """The task that leads a document to its place and has not ended, if there is one; never a mere extraction."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.standing <> 'ended' AND t.origin <> 'extract' ORDER BY t.number", document
    )
    return task_from(row) if row else None


async def last_task(source: Ledger | Transaction, document: int) -> Task | None:
    """The newest task that leads, or led, a document to its place; never a mere extraction."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.origin <> 'extract' ORDER BY t.number DESC LIMIT 1", document
    )
    return task_from(row) if row else None


async def last_process_task(source: Ledger | Transaction, document: int) -> Task | None:
    """The newest task by which a person has, or had, a document filed or corrected; never one that failed."""
    row = await source.one(
        f"{SELECT} WHERE t.document = ? AND t.origin = 'process' AND t.state <> ? ORDER BY t.number DESC LIMIT 1",
        document,
        TaskState.FAILURE,
    )
    return task_from(row) if row else None


async def list_unfinished(source: Ledger | Transaction) -> list[Task]:
    """Every task that has not ended, oldest first."""
    return [task_from(row) for row in await source.all(f"{SELECT} WHERE t.standing <> 'ended' ORDER BY t.number")]


async def count_unfinished(ledger: Ledger) -> dict[TaskState, int]:
    """How many tasks are PENDING and how many PROCESSING."""
    rows = await ledger.all("SELECT state, count(*) AS n FROM tasks WHERE standing <> 'ended' GROUP BY state")
    counts = {TaskState(row["state"]): int(row["n"]) for row in rows}
    return {state: counts.get(state, 0) for state in (TaskState.PENDING, TaskState.PROCESSING)}


async def has_backlog(source: Ledger | Transaction, limit: int) -> bool:
    """Are there at least `limit` tasks that have not ended?"""
    row = await source.one("SELECT 1 FROM tasks WHERE standing <> 'ended' LIMIT 1 OFFSET ?", limit - 1)
    return row is not None


def is_due(task: Task, now: datetime | None = None) -> bool:
    """Has the time of its next try come?"""
    now = now or datetime.now(UTC)
    return task.due_at <= timestamp(now) or task.due_at > timestamp(now + timedelta(seconds=2 * LONGEST_DELAY_S))


async def list_due(
    ledger: Ledger, limit: int, step: Step | None = None, *, until: int | None = None, after: int | None = None
) -> list[Task]:
    """The first `limit` tasks that are due now, in the order they should be worked on.

    Of one step, if named, and of priorities up to `until` or above `after`.
    """
    now = datetime.now(UTC)
    wanted = {" AND t.step = ?": step, " AND t.priority <= ?": until, " AND t.priority > ?": after}
    rows = await ledger.all(
        f"{SELECT} WHERE t.standing = 'due'{''.join(key for key, value in wanted.items() if value is not None)}"
        " AND (t.due_at <= ? OR t.due_at > ?) ORDER BY t.priority, t.number LIMIT ?",
        *(value for value in wanted.values() if value is not None),
        timestamp(now),
        timestamp(now + timedelta(seconds=2 * LONGEST_DELAY_S)),
        limit,
    )
    return [task_from(row) for row in rows]


async def list_tasks(
    ledger: Ledger,
    *,
    state: TaskState | None = None,
    file: str | None = None,
    document: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Task]:
    """Tasks, newest first, of one state or one file (display name or document id), numbered below `before`.

    Without what may be large and no list shows: `input`, `result` and `trace` are None.
    """
    of_file = "SELECT number FROM documents WHERE id = ? UNION SELECT number FROM documents WHERE file = ?"
    wanted: dict[str, tuple[Any, ...]] = {
        "t.state = ?": (state,),
        f"t.document IN ({of_file})": (file, file),
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
"""Events looked at for each document wanted: one leaves about eight on its way."""


async def list_last_tasks(ledger: Ledger, limit: int) -> list[Task]:
    """The newest task of each of the documents that something happened to last, the last of all first."""
    rows = await ledger.all(
        f"{SELECT} WHERE t.number IN (SELECT max(x.number) FROM tasks x JOIN documents y ON y.number = x.document"  # noqa: S608
        " WHERE y.id IN (SELECT document_id FROM (SELECT document_id, max(id) AS last FROM ("
        "  SELECT document_id, id FROM events ORDER BY id DESC LIMIT ?1) GROUP BY 1 ORDER BY last DESC LIMIT ?2))"
        " GROUP BY x.document) ORDER BY t.updated_at DESC, t.number DESC",
        _LOOK_BACK * limit,
        limit,
    )
    return [task_from(row) for row in rows]


async def start_attempt(tx: Transaction, task: Task, run: str, status: Status) -> bool:
    """PENDING to PROCESSING, if the task is still due with this attempt; False: someone else was faster."""
    changed = await tx.execute(
        "UPDATE tasks SET standing = 'running', state = ?, status = ?, run = ?, updated_at = ?"
        " WHERE number = ? AND attempt = ? AND standing = 'due'",
        TaskState.PROCESSING,
        status,
        run,
        tx.now,
        task.number,
        task.attempt,
    )
    if not changed:
        return False
    await tx.execute(
        "INSERT OR REPLACE INTO attempts (task, attempt, step, run, started_at) VALUES (?, ?, ?, ?, ?)",
        task.number,
        task.attempt,
        task.step,
        run,
        tx.now,
    )
    await record_event(tx, task.number)
    tx.wake_bell()  # there is room for another one at the gate
    return True


async def set_status(tx: Transaction, task: int, status: Status) -> None:
    """Another progress sentence of a running task."""
    await tx.execute("UPDATE tasks SET status = ?, updated_at = ? WHERE number = ?", status, tx.now, task)
    await record_event(tx, task)


async def _check_current(tx: Transaction, task: Task) -> None:
    """Stale if the task has ended, or goes on under another attempt, since it was looked up."""
    sql = "SELECT 1 FROM tasks WHERE number = ? AND attempt = ? AND standing <> 'ended'"
    if await tx.one(sql, task.number, task.attempt) is None:
        raise Stale(f"task {task.id} has moved on from attempt {task.attempt}")


async def count_tries(source: Ledger | Transaction, task: Task, outcome: str) -> int:
    """How many attempts at the task's present step ended with this outcome since it last ended otherwise."""
    rows = await source.all(
        "SELECT outcome FROM attempts WHERE task = ? AND step = ? AND ended_at IS NOT NULL ORDER BY attempt DESC",
        task.number,
        task.step,
    )
    return len(list(takewhile(lambda row: row["outcome"] == outcome, rows)))


async def _end_attempt(tx: Transaction, task: Task, outcome: str, error: dict[str, Any] | None = None) -> None:
    await tx.execute(
        "UPDATE attempts SET ended_at = ?, outcome = ?, error = ? WHERE task = ? AND ended_at IS NULL",
        tx.now,
        outcome,
        encode_json(error),
        task.number,
    )


async def hand_back(
    tx: Transaction,
    task: Task,
    *,
    outcome: str,
    delay_s: float = 0.0,
    error: dict[str, Any] | None = None,
    counts: bool = False,
    step: Step | None = None,
    standing: str = "due",
) -> None:
    """The task becomes PENDING with a new attempt, due after `delay_s`; `counts`: it is one failure more.

    Like every change of a task by a step: Stale, and nothing done, if the task has moved on.
    """
    await _check_current(tx, task)
    await _end_attempt(tx, task, outcome, error)
    due_at = timestamp(datetime.now(UTC) + timedelta(seconds=delay_s)) if delay_s else tx.now
    await tx.execute(
        "UPDATE tasks SET standing = ?, state = ?, status = ?, step = ?, attempt = attempt + 1, failures = failures"
        " + ?, due_at = ?, run = NULL, error = coalesce(?, error), updated_at = ? WHERE number = ?",
        standing,
        TaskState.PENDING,
        Status.PENDING,
        step or task.step,
        int(counts),
        due_at,
        encode_json(error),
        tx.now,
        task.number,
    )
    await record_event(tx, task.number)
    tx.wake_bell()


async def pass_on(
    tx: Transaction, task: Task, *, error: dict[str, Any] | None = None, trace: str | None = None
) -> None:
    """From extraction to filing: still PROCESSING ("Finalizing..."), due again with a new attempt."""
    await _check_current(tx, task)
    await _end_attempt(tx, task, "failed" if error else "done", error)
    await tx.execute(
        "UPDATE tasks SET standing = 'due', state = ?, status = ?, step = ?, attempt = attempt + 1, due_at = ?,"
        " run = NULL, error = ?, trace = ?, updated_at = ? WHERE number = ?",
        TaskState.PROCESSING,
        Status.FINALIZING,
        Step.PROCESS,
        tx.now,
        encode_json(error),
        trace,
        tx.now,
        task.number,
    )
    await record_event(tx, task.number)
    tx.wake_bell()


async def direct_task(tx: Transaction, task: Task, step: Step, standing: str) -> None:
    """A task that waited or was unsettled goes on at `step`: due now, or waiting for its first."""
    await tx.execute(
        "UPDATE tasks SET standing = ?, step = ?, due_at = ?, updated_at = ? WHERE number = ?",
        standing,
        step,
        tx.now,
        tx.now,
        task.number,
    )
    tx.wake_bell()


async def put_back(tx: Transaction, task: Task, step: Step, standing: str) -> None:
    """An ended task is PENDING again, failures forgotten (a person asked for it)."""
    await tx.execute(
        "UPDATE tasks SET standing = ?, state = ?, status = ?, step = ?, attempt = attempt + 1, failures = 0,"
        " priority = ?, due_at = ?, run = NULL, error = NULL, trace = NULL, updated_at = ? WHERE number = ?",
        standing,
        TaskState.PENDING,
        Status.PENDING,
        step,
        PRIORITY_AWAITED,
        tx.now,
        tx.now,
        task.number,
    )
    await record_event(tx, task.number)
    tx.wake_bell()


async def end_task(
    tx: Transaction,
    task: Task,
    state: TaskState,
    error: dict[str, Any] | None = None,
    *,
    trace: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    """SUCCESS, perhaps with a result of the task's own, or FAILURE with its error and where it happened.

    What its input says of the document as it was before (`former`) is of no more use, and let go of.
    """
    await _check_current(tx, task)
    await _end_attempt(tx, task, "done" if state is TaskState.SUCCESS else "failed", error)
    status = Status.COMPLETED if state is TaskState.SUCCESS else Status.FAILED
    await tx.execute(
        "UPDATE tasks SET standing = 'ended', state = ?, status = ?, run = NULL, error = ?,"
        " trace = coalesce(?, trace), result = ?, input = json_remove(input, '$.former'), updated_at = ?"
        " WHERE number = ?",
        state,
        status,
        encode_json(error),
        trace,
        encode_json(result),
        tx.now,
        task.number,
    )
    await record_event(tx, task.number)


async def renew_attempt(tx: Transaction, task: Task) -> bool:
    """A due task that its queue seems to have lost gets a new attempt, so that it can be rung anew."""
    return bool(
        await tx.execute(
            "UPDATE tasks SET attempt = attempt + 1 WHERE number = ? AND attempt = ? AND standing = 'due'",
            task.number,
            task.attempt,
        )
    )


async def set_priority(tx: Transaction, task: int, priority: int) -> None:
    """Move a task within the order of work."""
    await tx.execute("UPDATE tasks SET priority = ? WHERE number = ?", priority, task)


async def forget_results(tx: Transaction, before: str) -> None:
    """Let go of the results of extractions that ended before a time (see `store.timestamp`)."""
    await tx.execute("UPDATE tasks SET result = NULL WHERE result IS NOT NULL AND updated_at < ?", before)


async def forget_expired_history(tx: Transaction, before: str) -> None:
    """Let go of the events and attempts of extractions that ended before a time; the tasks themselves stay.

    The newest event of all stays too: clients that have seen it resume after it.
    """
    expired = "FROM tasks WHERE origin = 'extract' AND standing = 'ended' AND updated_at < ?"
    await tx.execute(f"DELETE FROM attempts WHERE task IN (SELECT number {expired})", before)  # noqa: S608
    await tx.execute(
        f"DELETE FROM events WHERE task_id IN (SELECT id {expired}) AND id < (SELECT max(id) FROM events)",  # noqa: S608
        before,
    )
