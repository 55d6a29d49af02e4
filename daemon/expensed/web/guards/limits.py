"""The rate at which one client may create work: a leaky bucket for each token, or else for each address.

aiolimiter's bucket lets `web.rate_burst` requests through at once and `web.rate_per_s` in the long run.
"""

from __future__ import annotations

import functools
import math
from collections import OrderedDict

from aiohttp import web
from aiohttp.typedefs import Handler
from aiolimiter import AsyncLimiter

from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.refusals import Refusal

MOST_CLIENTS = 10_000
"""How many buckets are kept; the least recently used is dropped first."""


class Limits:
    """The buckets of one application."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._buckets: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def take(self, client: str) -> float | None:
        """Count one request of a client; return None if it may pass, else the seconds until one may."""
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = AsyncLimiter(self._burst, self._burst / self._rate_per_s)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(client)
        if not bucket.has_capacity():
            return 1 / self._rate_per_s
        await bucket.acquire()
        return None


LIMITS = web.AppKey("limits", Limits)


def limited(handler: Handler) -> Handler:
    """Wrap a handler that creates work: a client that sends too much gets 429 with Retry-After."""

    @functools.wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        wait_s = await request.app[LIMITS].take(_client(request))
        if wait_s is not None:
            raise Refusal(
                429,
                "Too many requests (web.rate_per_s).",
                code="rate",
                hint="Wait as long as Retry-After says, then continue.",
                retry_after_s=max(1, math.ceil(wait_s)),
            )
        return await handler(request)

    return handle


def _client(request: web.Request) -> str:
    """Return the client: everyone with the token (already checked) counts as one, else each address is one."""
    has_token = bool(request.app[DEPENDENCIES].settings.web.token.get_secret_value())
    return "token" if has_token else request.remote or "unknown"
