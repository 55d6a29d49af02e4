"""Cache of readings: the same bytes, with the same engine and settings, are not read twice on one day.

It keeps what the reading process found, before anything that changes from day to day is added.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from expensed import __version__
from expensed.boundaries import boundary
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable
from expensed.ledger.kept_readings import find_reading, keep_reading
from expensed.ledger.rows import Task
from expensed.model.expense import Examination
from expensed.model.json_text import encode
from expensed.model.states import Stage
from expensed.pipeline.context import Context, extraction_options, reading_options
from expensed.pipeline.gate import Turn
from expensed.readers.pool import OnStage
from expensed.reading.engines.select import name_engine

log = logging.getLogger("expensed.pipeline")


def name_recipe(settings: Settings, today: date) -> str:
    """Return a short name for the way of reading, different for each version, engine, setting and day.

    The day counts because it decides which dates lie in the future or too far back, and so what is read and how sure
    that is; reading again is cheap by comparison. The soft time limit does not count: a reading that it cut short is
    never kept. Neither is one with any other warning, since what it lacked may be there the next time, such as the
    model of a script.
    """
    reading = asdict(reading_options(settings)) | {"engine": name_engine(settings.reading.engine), "deadline_s": None}
    extraction = asdict(extraction_options(settings, today))
    content = encode([__version__, sorted(reading.items()), sorted(extraction.items())])
    return hashlib.sha256(content).hexdigest()[:16]


async def find_cached(context: Context, sha256: str) -> Examination | None:
    """Return what was found in these bytes before; None if they have not been read with this recipe."""
    return await find_reading(context.ledger, sha256, name_recipe(context.settings, context.now().date()))


@asynccontextmanager
async def reading_turn(context: Context, task: Task, sha256: str) -> AsyncIterator[Turn]:
    """Wait for a task's turn to have these bytes read, and hold it for the block; a cached reading needs no turn.

    The bytes are held for the whole block; the turn ends once they have been read (see `examine`).

    A request for bytes that are already being read waits outside the gate, so it takes no slot from other documents
    and never waits at the gate for a later turn. Interrupted if the daemon stops.
    """
    while await find_cached(context, sha256) is None:
        await context.readings.until_free(sha256)
        async with context.gate.enter(task.priority, task.number) as turn:
            with context.readings.take_if_free(sha256) as is_ours:
                if is_ours:
                    yield turn
                    return
    yield Turn(None)


async def examine(context: Context, path: Path, sha256: str, on_stage: OnStage, turn: Turn) -> tuple[Examination, bool]:
    """Have the file at `path` read unless its bytes were read before; return what was found and whether it was cached.

    The `turn` is that of a `reading_turn`, and ends once the child is free: the next document is read while this one is
    recorded. Raises as `Children.examine` does.
    """
    if (known := await find_cached(context, sha256)) is not None:
        return known, True
    settings, today = context.settings, context.now().date()
    started = time.monotonic()
    options = reading_options(settings), extraction_options(settings, today)
    async with _told_meanwhile(on_stage) as tell:
        examination = await context.children.examine(path, *options, tell)
        turn.leave_early()
    in_time = time.monotonic() - started < settings.reading.soft_time_limit_s
    if in_time and not examination.warnings:
        await _keep(context, examination, today)
    return examination, False


@asynccontextmanager
async def _told_meanwhile(on_stage: OnStage) -> AsyncIterator[OnStage]:
    """Yield a callback that keeps no child waiting until the ledger knows of a stage; end once it knows of all."""
    telling: list[asyncio.Future[None]] = []

    async def tell(stage: Stage) -> None:
        telling.append(asyncio.ensure_future(on_stage(stage)))

    try:
        yield tell
    finally:
        if telling:
            await asyncio.wait(telling)  # or a stage might be told after the end
    for task in telling:
        task.result()


async def _keep(context: Context, examination: Examination, today: date) -> None:
    try:
        recipe = name_recipe(context.settings, today)
        await context.ledger.change(lambda tx: keep_reading(tx, examination.sha256, recipe, examination))
    except BackendUnavailable as error:
        log.warning("%s", error)  # the next request will read it again
    boundary("recall.kept")
