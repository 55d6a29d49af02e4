"""A ping to a Redis server, for `expensed doctor`."""

from __future__ import annotations

import asyncio

from expensed.jobs.queue import QUEUE_ERRORS, connect


def ping_server(url: str) -> str | None:
    """Return what is wrong with the server at that address, as a clause; None if it answers."""
    return asyncio.run(_ping(url))


async def _ping(url: str) -> str | None:
    redis = connect(url, "expensed:doctor")
    try:
        await redis.ping()
    except QUEUE_ERRORS as error:
        return str(error).rstrip(".") or "it took too long"
    finally:
        await redis.aclose(close_connection_pool=True)
    return None
