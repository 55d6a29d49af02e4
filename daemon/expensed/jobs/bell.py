"""The bell: tells Redis which tasks are due. Nothing else enqueues, and it never makes anything else wait."""

from __future__ import annotations

import asyncio
import logging
import time

from arq.connections import ArqRedis

from expensed.event_bus import Bus
from expensed.jobs.queue import ring
from expensed.ledger.rows import Task
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import renew_attempt
from expensed.ledger.tasks import list_work
from expensed.pipeline.pipeline import Pipeline

log = logging.getLogger("expensed.jobs")

LOOK_S = 1.0
"""The interval at which a task that is not in hand is rung again."""
PAUSE_S = 0.03
"""The pause between two rounds: every commit that brings work wakes the bell, and many may come at once."""
UNANSWERED_S = 10.0
"""A task that Redis holds, but that is not in hand for this long, gets a new attempt."""
FILINGS_AT_ONCE = 64
AWAITED_AT_ONCE = 32
"""Extractions that a client waits for: more than can be read at once, so that there is always one at the gate, but not
all of them, because each one rung costs several round trips to Redis. Those that wait for another document with the
same bytes are added to these, up to AWAITED_IN_ALL."""
AWAITED_IN_ALL = 500
BULK_PER_SLOT = 2
"""All other extractions: a few for each slot."""


def most_rung(slots: int) -> int:
    """Return the maximum number of tasks that one round rings."""
    return FILINGS_AT_ONCE + AWAITED_IN_ALL + BULK_PER_SLOT * slots


class Bell:
    """Rings due tasks in the ledger's order: filings, then extractions a client waits for, then a few of the bulk."""

    def __init__(self, ledger: Ledger, bus: Bus, pipeline: Pipeline, slots: int) -> None:
        self._ledger = ledger
        self._bus = bus
        self._pipeline = pipeline
        self._bulk_at_once = BULK_PER_SLOT * slots
        self.rung = asyncio.Event()
        """Set whenever something was rung."""
        self._unanswered: dict[tuple[str, int], float] = {}
        self._rung_at: dict[tuple[str, int], float] = {}

    async def ring_forever(self, redis: ArqRedis) -> None:
        """Ring until cancelled; raises one of QUEUE_ERRORS when Redis does not answer."""
        while True:
            await self.ring_due(redis)
            await asyncio.sleep(PAUSE_S)
            await self._bus.work(LOOK_S)

    async def ring_again(self, redis: ArqRedis) -> None:
        """Ring one round on a Redis that knows nothing yet."""
        self._rung_at.clear()
        await self.ring_due(redis)

    async def ring_due(self, redis: ArqRedis) -> None:
        """Ring one round."""
        due = {(task.id, task.attempt): task for task in await self._choose()}
        for key, task in due.items():
            now = time.monotonic()
            if self._pipeline.has(task):  # it waits at the gate
                self._unanswered.pop(key, None)
            elif now - self._rung_at.get(key, -LOOK_S) >= LOOK_S:
                self._rung_at[key] = now
                if await ring(redis, task):
                    self._unanswered.pop(key, None)
                    self.rung.set()
                elif now - self._unanswered.setdefault(key, now) > UNANSWERED_S:
                    await self._renew(task)
        self._unanswered = {key: since for key, since in self._unanswered.items() if key in due}
        self._rung_at = {key: since for key, since in self._rung_at.items() if key in due}

    async def _choose(self) -> list[Task]:
        at_the_gate = max(AWAITED_AT_ONCE, self._bulk_at_once)
        most_awaited = min(at_the_gate + self._pipeline.waiting_for_bytes, AWAITED_IN_ALL)
        return await list_work(self._ledger, filings=FILINGS_AT_ONCE, awaited=most_awaited, bulk=self._bulk_at_once)

    async def _renew(self, task: Task) -> None:
        log.warning("%s: the queue holds it but nobody took it for %g s; ringing again", task.document_id, UNANSWERED_S)
        async with self._ledger.transaction() as tx:
            await renew_attempt(tx, task)
