"""The documents this run is working on; recovery leaves them alone, and no two steps work on the same one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Holds:
    """A set of ids in memory; taking one is a single step of the event loop."""

    def __init__(self) -> None:
        self._held: dict[str, asyncio.Event] = {}
        self.waiting = 0
        """How many wait for an id that is taken."""

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._held

    @contextmanager
    def take_if_free(self, document_id: str) -> Iterator[bool]:
        """Take the id for the `with` block if it is free; yield whether it was."""
        if document_id in self._held:
            yield False
            return
        released = self._held[document_id] = asyncio.Event()
        try:
            yield True
        finally:
            del self._held[document_id]
            released.set()

    async def until_free(self, document_id: str) -> None:
        """Wait until the id is free."""
        while (holder := self._held.get(document_id)) is not None:
            self.waiting += 1
            try:
                await holder.wait()
            finally:
                self.waiting -= 1

    @asynccontextmanager
    async def hold(self, document_id: str) -> AsyncIterator[None]:
        """Wait until the id is free, then take it for the `async with` block."""
        await self.until_free(document_id)
        with self.take_if_free(document_id):
            yield
