"""The bell: tells Redis which tasks are due. The only one who enqueues, and it never makes anyone else wait."""

from __future__ import annotations

import logging
import time

from arq.connections import ArqRedis

from expensed.events import Bus
from expensed.jobs.queue import ring
from expensed.ledger.rows import Task
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import PRIORITY_AWAITED, list_due, renew_attempt
from expensed.model import Step
from expensed.pipeline.spine import Pipeline

log = logging.getLogger("expensed.jobs")

LOOK_S = 1.0
UNANSWERED_S = 10.0
"""A task that Redis says it holds, but that nobody has in hand for so long, gets a new attempt."""
FILINGS_AT_ONCE = 64
AWAITED_AT_ONCE = 500
"""Extractions that someone waits for; of the bulk, a few for each slot."""
BULK_PER_SLOT = 2


def most_rung(slots: int) -> int:
    """How many tasks one round rings at most."""
    return FILINGS_AT_ONCE + AWAITED_AT_ONCE + BULK_PER_SLOT * slots


class Bell:
    """Rings due tasks in the ledger's order: filings, then all that someone waits for, and a few of the bulk."""

    def __init__(self, ledger: Ledger, bus: Bus, pipeline: Pipeline, slots: int) -> None:
        self._ledger = ledger
        self._bus = bus
        self._pipeline = pipeline
        self._bulk_at_once = BULK_PER_SLOT * slots
        self._unanswered: dict[tuple[str, int], float] = {}

    async def ring_forever(self, redis: ArqRedis) -> None:
        """Ring until cancelled; ends with one of QUEUE_ERRORS when Redis does not answer."""
        while True:
            await self.ring_due(redis)
            await self._bus.work(LOOK_S)

    async def ring_due(self, redis: ArqRedis) -> None:
        """One round."""
        due = await self._choose()
        seen = set()
        for task in due:
            key = (task.id, task.attempt)
            if await ring(redis, task) or self._pipeline.has(task):
                self._unanswered.pop(key, None)  # rung now, or it stands at the gate
            elif time.monotonic() - self._unanswered.setdefault(key, time.monotonic()) > UNANSWERED_S:
                await self._renew(task)
            seen.add(key)
        self._unanswered = {key: since for key, since in self._unanswered.items() if key in seen}

    async def _choose(self) -> list[Task]:
        filings = await list_due(self._ledger, FILINGS_AT_ONCE, Step.PROCESS)
        due = await list_due(self._ledger, AWAITED_AT_ONCE, Step.EXTRACT)
        awaited = [task for task in due if task.priority <= PRIORITY_AWAITED]
        return filings + awaited + [task for task in due if task.priority > PRIORITY_AWAITED][: self._bulk_at_once]

    async def _renew(self, task: Task) -> None:
        log.warning("%s: the queue holds it but nobody got it for %g s; ringing anew", task.document_id, UNANSWERED_S)
        async with self._ledger.transaction() as tx:
            await renew_attempt(tx, task)
