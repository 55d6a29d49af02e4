"""The in-process bus: events that the ledger has committed, and wake-ups for those who watch the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

from expensed.model.events import Event


class Overrun(Exception):
    """This subscriber fell too far behind; it should reconnect and resume from the ledger."""


class Subscription:
    """A bounded queue of events; iterating it waits for the next one and raises Overrun when it overflowed."""

    def __init__(self, size: int) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(size)
        self._overrun = False

    def put(self, event: Event) -> None:
        """Offer an event; a full queue marks the subscriber as overrun instead of delaying the others."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._overrun = True

    def close(self) -> None:
        """End the iteration after the queued events."""
        try:
            self._queue.put_nowait(None)
        except asyncio.QueueFull:
            self._overrun = True

    async def get(self) -> Event | None:
        """Return the next event, or None at the end."""
        if self._overrun:
            raise Overrun
        return await self._queue.get()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self.get()) is not None:
            yield event


class Bus:
    """Fans committed events out to subscribers, and wakes those that wait for work."""

    def __init__(self) -> None:
        self._subscribers: set[Subscription] = set()
        self._work = asyncio.Event()
        self._closed = False

    def publish(self, event: Event) -> None:
        """Hand a committed event to every subscriber; never blocks, never fails."""
        for subscriber in self._subscribers:
            subscriber.put(event)

    @contextmanager
    def subscribe(self, size: int = 1000) -> Iterator[Subscription]:
        """Subscribe for the duration of the `with` block."""
        subscription = Subscription(size)
        self._subscribers.add(subscription)
        if self._closed:
            subscription.close()
        try:
            yield subscription
        finally:
            self._subscribers.discard(subscription)

    def close(self) -> None:
        """End every subscription because the daemon stops."""
        self._closed = True
        for subscriber in self._subscribers:
            subscriber.close()

    def wake(self) -> None:
        """Announce that the ledger may hold due work."""
        self._work.set()

    async def work(self, timeout_s: float) -> None:
        """Return when woken, or after `timeout_s` at the latest."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for can swallow a cancellation (Python 3.11)
                await self._work.wait()
        self._work.clear()
