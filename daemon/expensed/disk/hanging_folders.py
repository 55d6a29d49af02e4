"""Look at folders that may hang, such as a network mount that is away, at the cost of one thread for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Seen = TypeVar("Seen")


class FolderLooks:
    """Looks at some roots in their own threads, with one look at a time at each root.

    A root that hangs thus holds up neither looks at the others nor the threads that the rest of the daemon shares.
    """

    def __init__(self, roots: int, patience_s: float) -> None:
        """Set how many roots there are, and how long anyone waits for a look at one."""
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(roots, thread_name_prefix="look")
        self._pending: dict[str, tuple[asyncio.Future[Any], float]] = {}

    async def look(self, root: str, see: Callable[[], Seen]) -> Seen:
        """Call `see` in a thread; return or raise what it does.

        TimeoutError if that takes too long, and immediately while an earlier look at this root has taken too long.
        """
        async with asyncio.timeout(self._patience_s):
            while (pending := self._pending.get(root)) is not None:
                if time.monotonic() - pending[1] > self._patience_s:
                    raise TimeoutError(f"The {root} does not answer.")
                await asyncio.wait({pending[0]})
            looking = asyncio.get_running_loop().run_in_executor(self._threads, see)
            self._pending[root] = looking, time.monotonic()
            looking.add_done_callback(lambda _: self._pending.pop(root))
            return await asyncio.shield(looking)  # the thread stays busy until `see` returns, even if the caller leaves
