"""Reading with a memory: the same bytes, with the same engine and settings, are not read twice on one day.

What is remembered is what the reading process found, before anything that changes from day to day is added to it.
"""

from __future__ import annotations

import hashlib
import json
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
from expensed.ledger.readings import find_reading, keep_reading
from expensed.ledger.rows import Task
from expensed.model.expense import Examination
from expensed.pipeline.context import Context, extraction_options, reading_options
from expensed.readers.pool import OnStage
from expensed.readers.protocol import EXAMINATION
from expensed.reading.engines.select import name_engine

log = logging.getLogger("expensed.pipeline")


def name_recipe(settings: Settings, today: date) -> str:
    """A short name for the way of reading: another version, engine, setting or day has another one.

    The day too, since it decides which dates are still to come, or too long ago, and so what is read and how sure that
    is: what was right to say on one day may be wrong on another, and to read again is cheap beside that. Not the soft
    time limit: a reading that it cut short is not remembered at all.
    """
    reading = asdict(reading_options(settings)) | {"engine": name_engine(settings.reading.engine), "deadline_s": None}
    extraction = asdict(extraction_options(settings, today))
    content = json.dumps([__version__, reading, extraction], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


async def recall(context: Context, sha256: str) -> Examination | None:
    """What was found in these bytes before; None if they have not been read so."""
    found = await find_reading(context.ledger, sha256, name_recipe(context.settings, context.now().date()))
    if found is None:
        return None
    try:
        return EXAMINATION.validate_json(found)
    except ValueError:
        return None  # of a version that wrote it otherwise


@asynccontextmanager
async def reading_turn(context: Context, task: Task, sha256: str) -> AsyncIterator[None]:
    """The right to have these bytes read for a task, once its turn has come; none is needed for what is remembered.

    Who wants bytes that are being read waits for that before the gate, and so keeps no slot from other documents; nor
    does it wait at the gate for who has a later turn. Interrupted if the daemon stops.
    """
    while await recall(context, sha256) is None:
        await context.readings.until_free(sha256)
        async with context.gate.enter(task.priority, task.number):
            with context.readings.take_if_free(sha256) as is_ours:
                if is_ours:
                    yield
                    return
    yield


async def examine(context: Context, path: Path, sha256: str, on_stage: OnStage) -> tuple[Examination, bool]:
    """Have the file at `path` read, unless its bytes were before; what was found, and whether it was remembered.

    To be called in a `reading_turn`. Raises as `Children.examine` does.
    """
    if (known := await recall(context, sha256)) is not None:
        return known, True
    settings, today = context.settings, context.now().date()
    started = time.monotonic()
    examination = await context.children.examine(
        path, reading_options(settings), extraction_options(settings, today), on_stage
    )
    if time.monotonic() - started < settings.reading.soft_time_limit_s:
        await _keep(context, examination, today)
    return examination, False


async def _keep(context: Context, examination: Examination, today: date) -> None:
    found = EXAMINATION.dump_json(examination).decode()
    try:
        recipe = name_recipe(context.settings, today)
        await context.ledger.change(lambda tx: keep_reading(tx, examination.sha256, recipe, found))
    except BackendUnavailable as error:
        log.warning("%s", error)  # it will have to be read again, should anyone ask
    boundary("recall.kept")
