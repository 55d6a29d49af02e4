"""The one gate in front of the child processes; it alone decides which document is read next.

Documents that someone waits for go before bulk work, older before newer; one that may be dangerous goes last and
alone.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from expensed.errors import Interrupted
from expensed.ledger.tasks import PRIORITY_ALONE


class Turn:
    """A slot of the gate that is held, until it is left."""

    def __init__(self, leave: Callable[[], None] | None, *, is_alone: bool = False) -> None:
        """Call `leave` once when the slot is left; None if there is none to leave."""
        self._leave = leave
        self._is_alone = is_alone

    def leave_early(self) -> None:
        """Let the next one in: the child is free again. One that is read alone stays to its end."""
        if not self._is_alone:
            self.leave()

    def leave(self) -> None:
        """Let the next one in, unless that has been done."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


class Gate:
    """Admits as many readings at once as there are slots, in order of (priority, number)."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._inside = 0
        self._alone = False
        self._closed = False
        self._queue: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._serial = count()

    @property
    def waiting(self) -> int:
        """How many readings wait at the gate."""
        return sum(not place[3].done() for place in self._queue)

    @asynccontextmanager
    async def enter(self, priority: int, number: int) -> AsyncIterator[Turn]:
        """Wait for a slot and keep it for the `async with` block, or less; Interrupted once the gate is closed."""
        ready = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (priority, number, next(self._serial), ready))
        self._admit()
        try:
            await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled() and ready.exception() is None:
                self._leave()
            raise
        turn = Turn(self._leave, is_alone=priority >= PRIORITY_ALONE)
        try:
            yield turn
        finally:
            turn.leave()

    def close(self) -> None:
        """Admit nothing more; everything that waits gets Interrupted."""
        self._closed = True
        self._admit()

    def _leave(self) -> None:
        self._inside -= 1
        self._alone = False
        self._admit()

    def _admit(self) -> None:
        while self._queue:
            priority, _, _, ready = self._queue[0]
            if ready.done():
                heapq.heappop(self._queue)
            elif self._closed:
                heapq.heappop(self._queue)
                ready.set_exception(Interrupted("The daemon is stopping."))
            elif self._alone or self._inside >= self.slots or (priority >= PRIORITY_ALONE and self._inside):
                return
            else:
                heapq.heappop(self._queue)
                self._inside += 1
                self._alone = priority >= PRIORITY_ALONE
                ready.set_result(None)
