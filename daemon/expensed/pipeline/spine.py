"""The pipeline as the doors see it: admit, run a step, recover, and what a person may ask for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from expensed.errors import BackendUnavailable
from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.tasks import Stale, get_task
from expensed.model import Admission, Judged, Step
from expensed.pipeline import correct, pages, recover, review
from expensed.pipeline.admit import admit
from expensed.pipeline.context import Context
from expensed.pipeline.extract import extract
from expensed.pipeline.process import process

log = logging.getLogger("expensed.pipeline")

GRACE_S = 3.0
"""How long running steps may go on once the daemon was asked to stop."""
FILINGS_AT_ONCE = 4


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
        return (task.id, task.attempt) in self._steps or task.document_id in self.context.hand

    async def run_step(self, step: Step, task_id: str, attempt: int) -> None:
        """Run one step of a task to its end; a second call for the same attempt waits for the same run."""
        key = (task_id, attempt)
        running = self._steps.get(key)
        if running is None:
            running = self._steps[key] = asyncio.create_task(self._run(step, task_id, attempt))
            running.add_done_callback(lambda _: self._steps.pop(key, None))
        await asyncio.shield(running)

    async def _run(self, step: Step, task_id: str, attempt: int) -> None:
        try:
            if step is Step.EXTRACT:
                await extract(self.context, task_id, attempt)
            else:
                async with self._filing:
                    await process(self.context, task_id, attempt)
        except (BackendUnavailable, Stale) as error:
            log.warning("%s Recovery goes on with it.", error)
        except Exception:
            log.exception("task %s: step %s ended with an error that nobody expected", task_id, step.value)

    async def file_reviewed(
        self, document_id: str, said: dict[str, Any], original: dict[str, Any] | None
    ) -> tuple[Task, Document]:
        """File a document that waits in review, now; its task and the document as they are afterwards."""
        return await self._carry_out(await review.file_reviewed(self.context, document_id, said, original))

    async def correct(self, document_id: str, said: dict[str, Any]) -> tuple[Task, Document]:
        """Correct a document that is filed or in review, now; its task and the document as they are afterwards."""
        return await self._carry_out(await correct.correct(self.context, document_id, said))

    async def draw_page(self, document: Document, page: int, *, with_marks: bool) -> bytes:
        """A page as PNG."""
        return await pages.draw_page(self.context, document, page, with_marks=with_marks)

    async def _carry_out(self, task: Task) -> tuple[Task, Document]:
        if task.standing != "ended":
            await self.run_step(task.step, task.id, task.attempt)
        ended = await get_task(self.context.ledger, task.number)
        return ended, await get_document(self.context.ledger, task.document)

    async def retry(self, task_id: str) -> Task:
        """Try a failed document again."""
        return await review.retry(self.context, task_id)

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
