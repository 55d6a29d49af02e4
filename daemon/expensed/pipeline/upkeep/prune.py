"""Prune the ledger, so that it does not grow with every extraction that was ever requested."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta

from expensed.errors import BackendUnavailable
from expensed.ledger.kept_readings import forget_other_readings
from expensed.ledger.store import timestamp
from expensed.ledger.task_moves import forget_expired_history, forget_progress
from expensed.pipeline.context import Context
from expensed.pipeline.reading_cache import name_recipe

log = logging.getLogger("expensed.pipeline")

PRUNE_S = 3600.0
PROGRESS_KEPT = timedelta(days=30)
"""How long the events of a task's progress are kept after its end; the others are kept forever."""
MOST_EVENTS = 2000
"""Events removed in one round: no round keeps the ledger from anyone for long."""


async def prune(context: Context) -> None:
    """Remove cached readings with a recipe other than today's, the history of expired extractions, and old progress.

    Runs at the start and then once an hour. The history of how a document got its place is kept forever, except for the
    sentences between the beginning and the end of its tasks.
    """
    if context.pruned_at is not None and time.monotonic() - context.pruned_at < PRUNE_S:
        return
    context.pruned_at = time.monotonic()
    expired = datetime.now(UTC) - timedelta(seconds=context.settings.queue.result_expires_s)
    try:
        async with context.ledger.transaction() as tx:
            await forget_other_readings(tx, name_recipe(context.settings, context.now().date()))
            await forget_expired_history(tx, timestamp(expired))
            await forget_progress(tx, timestamp(datetime.now(UTC) - PROGRESS_KEPT), MOST_EVENTS)
    except BackendUnavailable as error:
        log.warning("%s", error)
