"""The pipeline as the doors see it: admit, run a step, recover, and what a person may ask for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any

from expensed.errors import BackendUnavailable, Interrupted, NotFound, document_error
from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.tasks import Stale, find_task, get_task, is_due
from expensed.model.dropped_files import Admission, Judged
from expensed.model.states import Step
from expensed.pipeline.admit import admit
from expensed.pipeline.context import Context
from expensed.pipeline.extract import extract
from expensed.pipeline.in_hand import hand_key
from expensed.pipeline.process import process
from expensed.pipeline.requests import correct, filing
from expensed.pipeline.requests.cancel import cancel, refuse_ended
from expensed.pipeline.requests.extraction import inquire, request_extraction
from expensed.pipeline.requests.page import draw_page
from expensed.pipeline.requests.upload import Incoming, receive
from expensed.pipeline.upkeep import recover

log = logging.getLogger("expensed.pipeline")

GRACE_S = 3.0
"""How long running steps may go on once the daemon was asked to stop."""
FILINGS_AT_ONCE = 4
LOOK_S = 0.05
"""How often a task is looked at that somebody follows and that is in nobody's hands here."""


class Pipeline:
    """Runs steps in tasks of its own, so that neither the queue's nor a client's end cancels one half-way."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._steps: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._filing = asyncio.Semaphore(FILINGS_AT_ONCE)

    async def begin(self) -> None:
        """Register this run in the ledger."""
        await recover.begin(self.context)

    async def admit(self, path: Path, judged: Judged) -> Admission:
        """Take a complete file."""
        if self.context.stopping:
            return Admission("waits", reason="The daemon is stopping.")
        return await admit(self.context, path, judged)

    async def recover(self) -> Sequence[Path]:
        """Lead on what is not in hand; the claimed files that must settle where they lie."""
        return [] if self.context.stopping else await recover.recover(self.context)

    def has(self, task: Task) -> bool:
        """Has this attempt been received: is it being worked on, at the gate, or waiting for a filing to end?"""
        return (task.id, task.attempt) in self._steps or hand_key(task) in self.context.hand

    @property
    def waiting_for_bytes(self) -> int:
        """How many extractions wait, before the gate, for another one to read the same bytes."""
        return self.context.readings.waiting

    async def run_step(self, step: Step, task_id: str, attempt: int) -> None:
        """Run one step of a task to its end; a second call for the same attempt waits for the same run."""
        key = (task_id, attempt)
        running = self._steps.get(key)
        if running is None:
            running = self._steps[key] = asyncio.create_task(self._run(step, task_id, attempt))
            running.add_done_callback(lambda _: self._steps.pop(key, None))
        await asyncio.wait({running})  # its end, even by cancellation, is no error here; ours is none there

    async def _run(self, step: Step, task_id: str, attempt: int) -> None:
        try:
            if step is Step.EXTRACT:
                await self._extract(task_id, attempt)
            else:
                async with self._filing:
                    await process(self.context, task_id, attempt)
        except (BackendUnavailable, Stale) as error:
            log.warning("%s Recovery goes on with it.", error)
        except Exception:
            log.exception("task %s: step %s ended with an error that nobody expected", task_id, step.value)

    async def _extract(self, task_id: str, attempt: int) -> None:
        task = await find_task(self.context.ledger, task_id)
        if task is None or task.attempt != attempt or task.standing != "due" or task.step is not Step.EXTRACT:
            return
        try:
            await (inquire if task.origin == "extract" else extract)(self.context, task)
        except Interrupted:
            return  # before it began: the task is still PENDING

    def receive(self, name: str) -> AbstractAsyncContextManager[Incoming]:
        """An upload of that name: write to it, then record it. See `upload.receive`."""
        if self.context.stopping:
            raise Interrupted("The daemon is stopping.")
        return receive(self.context, name)

    async def request_extraction(self, document_id: str, *, is_present: bool) -> Task:
        """A task that reads a document; `is_present`: somebody holds the line for it."""
        return await request_extraction(self.context, document_id, is_present=is_present)

    async def request_filing(self, document_id: str, said: dict[str, Any], original: dict[str, Any] | None) -> Task:
        """A task that files an upload, or a document in review, with a person's data; the former one if that is said
        again."""
        return await filing.file_reviewed(self.context, document_id, said, original)

    async def file_reviewed(
        self, document_id: str, said: dict[str, Any], original: dict[str, Any] | None
    ) -> tuple[Task, Document]:
        """The same, now; the task and the document as they are afterwards."""
        return await self._carry_out(await self.request_filing(document_id, said, original))

    async def correct(self, document_id: str, said: dict[str, Any]) -> tuple[Task, Document]:
        """Correct a document that is filed or in review, now; its task and the document as they are afterwards."""
        return await self._carry_out(await correct.correct(self.context, document_id, said))

    async def draw_page(self, document: Document, page: int, *, with_marks: bool) -> bytes:
        """A page as PNG."""
        return await draw_page(self.context, document, page, with_marks=with_marks)

    async def _carry_out(self, task: Task) -> tuple[Task, Document]:
        ended = await self.follow(task)
        return ended, await get_document(self.context.ledger, ended.document)

    async def follow(self, task: Task, wait_s: float | None = None) -> Task:
        """Run a task here and now, without the queue, until it has ended; the task as it is then.

        Sooner after `wait_s`, or where it has to wait for something that may take any time: another document, or the
        machine. Interrupted if the daemon stops.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while not self.context.stopping:
                    task = await get_task(self.context.ledger, task.number)
                    if task.standing not in ("due", "running") or _waits_for_the_machine(task):
                        return task
                    await self._advance(task)
                raise Interrupted("The daemon is stopping.")
        return await get_task(self.context.ledger, task.number)

    async def _advance(self, task: Task) -> None:
        """Run, or join, the step that a task is at; or let a little time pass."""
        if (task.id, task.attempt) in self._steps or (task.standing == "due" and is_due(task)):
            await self.run_step(task.step, task.id, task.attempt)
        else:
            await asyncio.sleep(LOOK_S)

    async def retry(self, task_id: str) -> Task:
        """Try a failed task again."""
        return await filing.retry(self.context, task_id)

    async def cancel(self, task_id: str) -> Task:
        """Cancel a task, wherever it stands; a reading process that is at it is killed. NotFound, Conflict."""
        task = await find_task(self.context.ledger, task_id)
        if task is None:
            raise NotFound(f"There is no task {task_id}.")
        if task.standing == "ended":
            raise refuse_ended(task)
        step = self._steps.get((task.id, task.attempt))
        if step is not None and task.step is Step.EXTRACT:
            step.cancel()
            await asyncio.wait({step})
        cancelled = await cancel(self.context, task)
        if cancelled.standing == "due":
            await self.run_step(cancelled.step, cancelled.id, cancelled.attempt)
        return await get_task(self.context.ledger, task.number)

    async def stop(self) -> None:
        """Take nothing new, give running steps a few seconds, then kill the children; all is handed back."""
        self.context.stopping = True
        self.context.gate.close()
        if self._steps:
            await asyncio.wait(self._steps.values(), timeout=GRACE_S)
        await self.context.children.stop()
        if self._steps:
            await asyncio.wait(self._steps.values(), timeout=1.0)
        await recover.end(self.context)


def _waits_for_the_machine(task: Task) -> bool:
    """Was it handed back for a reason that may last: not the document's, and without a limit to its tries?"""
    if task.error is None or is_due(task):
        return False
    return document_error(task.error.get("code", ""), "").allowed is None
