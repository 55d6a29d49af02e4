"""Every move of a task from one standing to another; each records its event in the same transaction.

A task's `standing` is its internal state; its `state` and `status` are what clients see.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from expensed.errors import Fault
from expensed.ledger.history.events import record_event
from expensed.ledger.rows import Extraction, Task, TaskInput
from expensed.ledger.store import Transaction, encode_json, timestamp
from expensed.ledger.tasks import PRIORITY_AWAITED, PRIORITY_BULK
from expensed.model.states import AttemptOutcome, Standing, Status, Step, TaskOrigin, TaskState


class Stale(Exception):
    """A task has moved on since it was looked up, so a change based on the old row no longer holds."""


async def insert_task(
    tx: Transaction,
    document: int,
    *,
    origin: TaskOrigin,
    step: Step,
    priority: int = PRIORITY_BULK,
    standing: Standing = Standing.DUE,
    input: TaskInput | None = None,
) -> int:
    """Insert a PENDING task for a document; return its number."""
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


async def start_attempt(tx: Transaction, task: Task, run: str, status: Status) -> bool:
    """Move a task from PENDING to PROCESSING; False if it is no longer due with this attempt."""
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
    tx.wake_bell()  # the gate has room for another one
    return True


async def set_status(tx: Transaction, task: int, status: Status) -> None:
    """Set the progress sentence of a running task."""
    await tx.execute("UPDATE tasks SET status = ?, updated_at = ? WHERE number = ?", status, tx.now, task)
    await record_event(tx, task)


async def _check_current(tx: Transaction, task: Task) -> None:
    """Raise Stale if the task has ended or got another attempt since it was looked up."""
    sql = "SELECT 1 FROM tasks WHERE number = ? AND attempt = ? AND standing <> 'ended'"
    if await tx.one(sql, task.number, task.attempt) is None:
        raise Stale(f"task {task.id} has moved on from attempt {task.attempt}")


async def _end_attempt(tx: Transaction, task: Task, outcome: AttemptOutcome, error: Fault | None = None) -> None:
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
    outcome: AttemptOutcome,
    delay_s: float = 0.0,
    error: Fault | None = None,
    counts: bool = False,
    step: Step | None = None,
    standing: Standing = Standing.DUE,
) -> None:
    """Make the task PENDING with a new attempt, due after `delay_s`; `counts` adds one to its failures.

    Like every change of a task by a step, raises Stale and does nothing if the task has moved on.
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


async def pass_on(tx: Transaction, task: Task, *, error: Fault | None = None, trace: str | None = None) -> None:
    """Pass a task from extraction to filing: still PROCESSING ("Finalizing..."), due again with a new attempt."""
    await _check_current(tx, task)
    await _end_attempt(tx, task, AttemptOutcome.FAILED if error else AttemptOutcome.DONE, error)
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


async def direct_task(tx: Transaction, task: Task, step: Step, standing: Standing) -> None:
    """Continue a waiting or unsettled task at `step`: due now, or waiting for its first."""
    await tx.execute(
        "UPDATE tasks SET standing = ?, step = ?, due_at = ?, updated_at = ? WHERE number = ?",
        standing,
        step,
        tx.now,
        tx.now,
        task.number,
    )
    tx.wake_bell()


async def put_back(tx: Transaction, task: Task, step: Step, standing: Standing) -> None:
    """Make an ended task PENDING again and reset its failures, at a person's request."""
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
    error: Fault | None = None,
    *,
    trace: str | None = None,
    result: Extraction | None = None,
) -> None:
    """End a task as a SUCCESS, perhaps with its own result, or as a FAILURE with its error and trace.

    The document's former data in its input (`former`) is no longer needed and is removed.
    """
    await _check_current(tx, task)
    await _end_attempt(tx, task, AttemptOutcome.DONE if state is TaskState.SUCCESS else AttemptOutcome.FAILED, error)
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
    """Give a due task that the queue seems to have lost a new attempt, so that the bell can ring for it again."""
    return bool(
        await tx.execute(
            "UPDATE tasks SET attempt = attempt + 1 WHERE number = ? AND attempt = ? AND standing = 'due'",
            task.number,
            task.attempt,
        )
    )


async def set_priority(tx: Transaction, task: int, priority: int) -> None:
    """Set a task's priority in the order of work."""
    await tx.execute("UPDATE tasks SET priority = ? WHERE number = ?", priority, task)


async def forget_results(tx: Transaction, before: str) -> None:
    """Remove the results of extractions that ended before a time (see `store.timestamp`)."""
    await tx.execute("UPDATE tasks SET result = NULL WHERE result IS NOT NULL AND updated_at < ?", before)


async def forget_progress(tx: Transaction, before: str, most: int) -> None:
    """Remove up to `most` events of progress before a time, of tasks that have ended.

    When a task began to wait, why it was handed back and how it ended stay, so a client that resumes from an event of
    any age still hears the end of each task. The newest event always stays, because clients resume after it.
    """
    await tx.execute(
        "DELETE FROM events WHERE id IN (SELECT e.id FROM events e JOIN tasks t ON t.id = e.task_id"
        " WHERE e.state = 'PROCESSING' AND e.at < ? AND t.standing = 'ended' AND e.id < (SELECT max(id) FROM events)"
        " ORDER BY e.at LIMIT ?)",
        before,
        most,
    )


async def forget_expired_history(tx: Transaction, before: str) -> None:
    """Remove the events and attempts of extractions that ended before a time; the tasks themselves stay.

    The newest event always stays, because clients that have seen it resume after it.
    """
    expired = "FROM tasks WHERE origin = 'extract' AND standing = 'ended' AND updated_at < ?"
    await tx.execute(f"DELETE FROM attempts WHERE task IN (SELECT number {expired})", before)  # noqa: S608
    await tx.execute(
        f"DELETE FROM events WHERE task_id IN (SELECT id {expired}) AND id < (SELECT max(id) FROM events)",  # noqa: S608
        before,
    )


async def make_due(tx: Transaction, codes: Sequence[str]) -> None:
    """Let every task that waits after an error with one of these codes be tried again now."""
    marks = ", ".join("?" * len(codes))
    waiting = f"standing = 'due' AND error IS NOT NULL AND json_extract(error, '$.code') IN ({marks})"
    if await tx.execute(f"UPDATE tasks SET due_at = ? WHERE {waiting}", tx.now, *codes):  # noqa: S608
        tx.wake_bell()
