"""The pipeline as web, jobs and inbox see it: admit, run a step, recover, and serve what people ask for.

A dropped file: `admit` claims and records it; the bell rings; `run_step(EXTRACT)` has it read, through the gate, by a
child (`extract`); `run_step(PROCESS)` plans, reserves, copies, records and removes the source (`process`). `recover`
does the rest of whatever was interrupted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

from expensed.disk.archive_mounts import list_unmounted
from expensed.errors import BackendUnavailable, DocumentError, Interrupted, NotFound, PlaceAway, RequestError
from expensed.ledger.documents import get_document
from expensed.ledger.history.journal import find_entry
from expensed.ledger.queries.moved import list_remarks
from expensed.ledger.rows import Document, Task
from expensed.ledger.task_moves import Stale
from expensed.ledger.tasks import find_task, get_task, is_due
from expensed.model.admission import Admission, Judged
from expensed.model.archive_looks import NOT_MOUNTED, Hints, LeftAlone, gather
from expensed.model.expense import Said
from expensed.model.reading import Box
from expensed.model.states import AdmissionOutcome, Root, Standing, Step, TaskOrigin, TaskState
from expensed.pipeline.admit import admit
from expensed.pipeline.context import Context
from expensed.pipeline.extract import extract
from expensed.pipeline.filing.process import process
from expensed.pipeline.requests import correct, discard, filing, reread, retry, vendors
from expensed.pipeline.requests.cancel import cancel, refuse_ended
from expensed.pipeline.requests.extraction import extract_for_client, request_extraction
from expensed.pipeline.requests.forget import forget
from expensed.pipeline.requests.page_image import draw_page
from expensed.pipeline.requests.undo import Attempted, Wish, choose_entries, refuse_unknown, request_undo
from expensed.pipeline.requests.upload import Incoming, receive
from expensed.pipeline.retry_policy import waits_for_machine
from expensed.pipeline.upkeep import recover
from expensed.pipeline.upkeep.folder.look_around import look_around

log = logging.getLogger("expensed.pipeline")

GRACE_S = 3.0
"""How long running steps may continue once the daemon was asked to stop."""
FILINGS_AT_ONCE = 4
LOOK_S = 0.05
"""How often a followed task is polled while no step of it runs here."""


_READ = {TaskOrigin.EXTRACT: extract_for_client, TaskOrigin.REREAD: reread.read_again}
"""How a document is read for tasks other than those of dropped files."""


class Pipeline:
    """Runs steps in its own asyncio tasks, so that neither the queue nor a client can cancel one halfway by ending."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._steps: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._filing = asyncio.Semaphore(FILINGS_AT_ONCE)

    async def begin(self) -> None:
        """Register this run in the ledger."""
        await recover.begin(self.context)

    async def admit(self, path: Path, judged: Judged) -> Admission:
        """Admit a complete file."""
        if self.context.stopping:
            return Admission(AdmissionOutcome.WAITS, reason="The daemon is stopping.")
        return await admit(self.context, path, judged)

    async def recover(self) -> Sequence[Path]:
        """Finish interrupted work that is not in hand; return the claimed files that must settle where they lie."""
        if self.context.stopping:
            return []
        await look_around(self.context, self.follow)
        return await recover.recover(self.context)

    async def list_left_alone(self) -> list[LeftAlone]:
        """Return the files of the archive whose name, place or bytes make no sense."""
        odd = [(path, each.remark) for path, each in self.context.memory.odd.items()]
        with suppress(PlaceAway):  # which the status says anyway
            unmounted = await self.context.look(Root.ARCHIVE, list_unmounted)
            odd += [(folder, NOT_MOUNTED) for folder in unmounted]
        return gather(odd, await list_remarks(self.context.ledger))

    async def notice(self, hints: Hints) -> bool:
        """Look at what seems to have happened in the archive's folders; return whether to look again soon."""
        return not self.context.stopping and await look_around(self.context, self.follow, hints)

    def has(self, task: Task) -> bool:
        """Whether this attempt has arrived: it is being worked on, waits at the gate, or waits for a filing to end."""
        return (task.id, task.attempt) in self._steps or task.hold_id in self.context.hand

    @property
    def waiting_for_bytes(self) -> int:
        """How many extractions wait outside the gate for another one to read the same bytes."""
        return self.context.readings.waiting

    async def run_step(self, step: Step, task_id: str, attempt: int) -> None:
        """Run one step of a task to its end; a second call for the same attempt waits for the same run."""
        key = (task_id, attempt)
        running = self._steps.get(key)
        if running is None:
            running = self._steps[key] = asyncio.create_task(self._run(step, task_id, attempt))
            running.add_done_callback(lambda _: self._steps.pop(key, None))
        await asyncio.wait({running})  # neither side's cancellation reaches the other

    async def _run(self, step: Step, task_id: str, attempt: int) -> None:
        try:
            if step is Step.EXTRACT:
                await self._extract(task_id, attempt)
            else:
                async with self._filing:
                    await process(self.context, task_id, attempt)
        except (BackendUnavailable, Stale) as error:
            log.warning("%s Recovery will continue it.", error)
        except Exception:
            log.exception("task %s: step %s ended with an unexpected error", task_id, step.value)

    async def _extract(self, task_id: str, attempt: int) -> None:
        task = await find_task(self.context.ledger, task_id)
        if task is None or not task.is_due_at(Step.EXTRACT, attempt):
            return
        try:
            await _READ.get(task.origin, extract)(self.context, task)
        except Interrupted:
            return  # it did not begin: the task is still PENDING

    def receive(self, name: str, *, is_to_be_filed: bool) -> AbstractAsyncContextManager[Incoming]:
        """Open an upload of that name: write to it, then record it. See `upload.receive`."""
        if self.context.stopping:
            raise Interrupted("The daemon is stopping.")
        return receive(self.context, name, is_to_be_filed=is_to_be_filed)

    async def request_extraction(self, document_id: str, *, is_present: bool) -> Task:
        """Return a task that reads a document; `is_present` means that a client is waiting for it."""
        return await request_extraction(self.context, document_id, is_present=is_present)

    async def request_filing(self, document_id: str, said: Said, original: Said | None) -> Task:
        """Return a task that files an upload or a document in review; an equal request gets the same task."""
        return await filing.file_reviewed(self.context, document_id, said, original)

    async def file_reviewed(self, document_id: str, said: Said, original: Said | None) -> tuple[Task, Document]:
        """File as `request_filing` does, but now; return the task and the document as they are afterwards."""
        return await self._carry_out(await self.request_filing(document_id, said, original))

    async def correct(self, document_id: str, said: Said) -> tuple[Task, Document]:
        """Correct a filed document or one in review now; return the task and the document as they are afterwards."""
        return await self._carry_out(await correct.correct(self.context, document_id, said))

    async def discard(self, document_id: str, grounds: discard.Grounds) -> tuple[Task, Document]:
        """Discard a document now; return the task and the document as they are afterwards."""
        return await self._carry_out(await discard.discard(self.context, document_id, grounds))

    async def undiscard(self, document_id: str) -> tuple[Task, Document]:
        """Put a discarded document back now; return the task and the document as they are afterwards."""
        return await self._carry_out(await discard.undiscard(self.context, document_id))

    async def undo(self, wish: Wish) -> tuple[Sequence[Attempted], int | None]:
        """Take back what a person wishes, one entry after the other, latest first.

        Returns each entry as it is afterwards and, if there are more, the `before` with which to go on. NotFound.
        """
        numbers, following = await choose_entries(self.context, wish)
        return [await self._undo_entry(number) for number in numbers], following

    async def forget(self, lesson: int) -> None:
        """Have a lesson teach nothing any more. NotFound, Busy."""
        await forget(self.context, lesson)

    async def merge_vendors(self, wish: vendors.Wish) -> tuple[Sequence[vendors.Moved], int | None]:
        """Have names mean one seller; if that is wished, correct what is filed under them, newest first.

        Returns each such document and, if there are more, the `before` with which to go on. RequestError.
        """
        await vendors.name_as_one(self.context, wish.names, wish.into)
        if not wish.move:
            return (), None
        ids, following = await vendors.list_to_move(self.context, wish)
        return [await self._rename_vendor(document_id, wish.into) for document_id in ids], following

    async def _rename_vendor(self, document_id: str, name: str) -> vendors.Moved:
        try:
            task, document = await self.correct(document_id, Said(vendor=name))
        except Interrupted:
            raise
        except (RequestError, DocumentError) as error:
            return vendors.Moved(document_id, refused=error.fault)
        return vendors.Moved(document_id, task, document, task.error if task.state is TaskState.FAILURE else None)

    async def separate_vendor(self, alias: str) -> None:
        """Have a name mean its own seller again. NotFound."""
        await vendors.name_apart(self.context, alias)

    async def _undo_entry(self, number: int) -> Attempted:
        task, refused = None, None
        try:
            task = await self.follow(await request_undo(self.context, number))
            refused = task.error if task.state is TaskState.FAILURE else None
        except Interrupted:
            raise
        except (RequestError, DocumentError) as error:
            refused = error.fault
        entry = await find_entry(self.context.ledger, number)
        if entry is None:
            raise refuse_unknown(number)
        return Attempted(entry, task, refused)

    async def request_reread(self, document_id: str, *, apply: bool) -> Task:
        """Return a task that reads a document again; `apply`: change it even if it is filed."""
        return await reread.request_reread(self.context, document_id, apply=apply)

    async def draw_page(
        self, document: Document, page: int, *, with_marks: bool = False, crop: Box | None = None
    ) -> bytes:
        """Draw a page, or a part of it, as PNG."""
        return await draw_page(self.context, document, page, with_marks=with_marks, crop=crop)

    async def _carry_out(self, task: Task) -> tuple[Task, Document]:
        ended = await self.follow(task)
        return ended, await get_document(self.context.ledger, ended.document)

    async def follow(self, task: Task, wait_s: float | None = None) -> Task:
        """Run a task here and now, without the queue, until it has ended; return it as it is then.

        Returns early after `wait_s`, or if the task must wait for another document or for the machine, which may take
        any time. Interrupted if the daemon stops.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while not self.context.stopping:
                    task = await get_task(self.context.ledger, task.number)
                    if task.standing not in (Standing.DUE, Standing.RUNNING):
                        return task
                    if waits_for_machine(task) and not is_due(task):
                        return task
                    await self._advance(task)
                raise Interrupted("The daemon is stopping.")
        return await get_task(self.context.ledger, task.number)

    async def _advance(self, task: Task) -> None:
        """Run or join the step that a task is at, or let a little time pass."""
        if (task.id, task.attempt) in self._steps or (task.standing is Standing.DUE and is_due(task)):
            await self.run_step(task.step, task.id, task.attempt)
        else:
            await asyncio.sleep(LOOK_S)

    async def retry(self, task_id: str) -> Task:
        """Try a failed task again."""
        return await retry.retry(self.context, task_id)

    async def cancel(self, task_id: str) -> Task:
        """Cancel a task at any step; a process that is reading for it is killed. NotFound, Conflict."""
        task = await find_task(self.context.ledger, task_id)
        if task is None:
            raise NotFound(f"There is no task {task_id}.")
        if task.standing is Standing.ENDED:
            raise refuse_ended(task)
        step = self._steps.get((task.id, task.attempt))
        if step is not None and task.step is Step.EXTRACT:
            step.cancel()
            await asyncio.wait({step})
        cancelled = await cancel(self.context, task)
        if cancelled.standing is Standing.DUE:
            await self.run_step(cancelled.step, cancelled.id, cancelled.attempt)
        return await get_task(self.context.ledger, task.number)

    async def stop(self) -> None:
        """Accept nothing new, give running steps a few seconds, kill the children, and hand every task back."""
        self.context.stopping = True
        self.context.gate.close()
        if self._steps:
            await asyncio.wait(self._steps.values(), timeout=GRACE_S)
        await self.context.children.stop()
        if self._steps:
            await asyncio.wait(self._steps.values(), timeout=1.0)
        await recover.end(self.context)
