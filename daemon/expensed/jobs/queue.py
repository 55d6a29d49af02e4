"""The queue in Redis: connecting, ringing one attempt, sweeping. All of it may fail without harm to the ledger."""

from __future__ import annotations

import json
from typing import Any

from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix, job_key_prefix, result_key_prefix, retry_key_prefix
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from expensed.ledger.rows import Task

QUEUE_ERRORS = (RedisError, OSError, TimeoutError)
"""The errors of a Redis that is away, frozen or broken."""
ANSWER_S = 2.0
"""The time limit for an answer from Redis."""


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
    members = [member.decode() for member in await redis.zrange(queue_name, 0, -1)]
    prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix, result_key_prefix)
    keys = [prefix + member for member in members for prefix in prefixes]
    await redis.delete(queue_name, *keys)
