"""The queue in Redis: connecting, ringing one attempt, sweeping. All of it may fail without harm to the ledger."""

from __future__ import annotations

import json
import logging
from typing import Any

from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix, job_key_prefix, result_key_prefix, retry_key_prefix
from redis.asyncio import ConnectionPool
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from expensed.errors import BackendUnavailable
from expensed.ledger.rows import Task

log = logging.getLogger("expensed.jobs")

QUEUE_ERRORS = (RedisError, OSError, TimeoutError)
"""The errors of a Redis that is away, frozen or broken."""
ANSWER_S = 2.0
"""The time limit for an answer from Redis."""


def describe_trouble(error: Exception) -> str:
    """Say what keeps the queue from working, as a clause: Redis away, refusing us, or something else altogether."""
    if isinstance(error, AuthenticationError | NoPermissionError):
        return f"Redis refuses the user or password of queue.url ({_clause(error)})"
    if isinstance(error, ResponseError):
        return f"Redis refuses what it is asked ({_clause(error)})"
    if isinstance(error, BackendUnavailable):
        return f"the ledger cannot be used ({_clause(error)})"
    if isinstance(error, QUEUE_ERRORS):
        return "Redis does not answer"
    return "the worker ended with an unexpected error; the log says more"


def _clause(error: Exception) -> str:
    """Return the reason that an error gives, without the command of a pipeline that redis-py puts before it."""
    reason = str(error).rpartition("caused error: ")[2].strip("()',\" ")
    return reason.rstrip(".") or type(error).__name__


def dump(value: Any) -> bytes:
    """Serialize for Redis as JSON, never pickle; the exceptions in arq's results become their text."""
    return json.dumps(value, default=str).encode()


def load(content: bytes) -> Any:
    """Deserialize what `dump` wrote."""
    return json.loads(content)


def connect(url: str, queue_name: str) -> ArqRedis:
    """Return a client for a server at `redis://`, `rediss://` or `unix://`; nothing is sent yet."""
    pool = ConnectionPool.from_url(url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S)
    return ArqRedis(pool, job_serializer=dump, job_deserializer=load, default_queue_name=queue_name)


def job_id(task: Task) -> str:
    """Return the id of one attempt at one step; it is never used for another."""
    return f"{task.id}:{task.step.value}:{task.attempt}"


async def ring(redis: ArqRedis, task: Task) -> bool:
    """Enqueue the task's current attempt; return False if Redis holds it already."""
    job = await redis.enqueue_job(task.step.value, task.id, task.attempt, _job_id=job_id(task))
    return job is not None


async def sweep(redis: ArqRedis, queue_name: str) -> None:
    """Clear the queue: whatever is due is rung again from the ledger.

    A worker that ended in the middle leaves its jobs marked as in progress for a day, which would block the queue.
    """
    if await redis.type(queue_name) not in (b"zset", b"none"):
        log.warning("Redis held something else under the queue's name, %s; it was removed.", queue_name)
        await redis.delete(queue_name)
    members = [member.decode() for member in await redis.zrange(queue_name, 0, -1)]
    prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix, result_key_prefix)
    keys = [prefix + member for member in members for prefix in prefixes]
    await redis.delete(queue_name, *keys)
