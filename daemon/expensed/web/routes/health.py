"""/healthz: whether the daemon is alive; /readyz: whether it can work. Neither waits for Redis."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from expensed.disk.files import PRIVATE_MODE
from expensed.disk.marked_folder import MarkedFolder
from expensed.disk.trial import try_claiming, try_filing
from expensed.errors import BackendUnavailable, PlaceAway
from expensed.ledger.queries.counts import count_held_up
from expensed.ledger.store import Ledger
from expensed.pipeline.retry_policy import MACHINE_FAULTS
from expensed.report import answers
from expensed.web.deps import DEPENDENCIES, LOOK_S, Dependencies
from expensed.web.responses import answer

log = logging.getLogger("expensed.web")

WORKER_BEAT_S = 15.0
LEAST_FREE_MB = 100
"""Enough for the ledger, a copy and some notes; with less, the next document may not fit."""
TRIED_FOR_S = 10.0
"""A trial syncs several times; one that went well stands for this long."""
CHECK_S = LOOK_S
"""A ledger that does not answer for this long does not work; the same limit as for a folder."""


Trial = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work, and a sentence about it."""

    name: str
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Look:
    """The result of probing a folder: what is wrong, as a sentence, and the free space, see `_free_mb`."""

    trouble: str | None
    free_mb: float


async def is_alive(request: web.Request) -> web.Response:
    """GET /healthz"""
    parts = request.app[DEPENDENCIES]
    return answer(
        answers.Alive(
            version=parts.version,
            run=parts.pipeline.context.run,
            started_at=parts.started_at.isoformat(timespec="seconds"),
            uptime_s=parts.uptime_s,
        )
    )


async def is_ready(request: web.Request) -> web.Response:
    """GET /readyz: 200, or 503 with a sentence for each thing that does not work."""
    checks = await run_checks(request.app[DEPENDENCIES])
    shown = {check.name: answers.Check(ok=check.ok, message=check.message) for check in checks}
    troubles = [check.message for check in checks if not check.ok]
    if not troubles:
        return answer(answers.Ready(checks=shown))
    refusal = answers.NotReady(
        error=" ".join(troubles),
        code="not-ready",
        hint="Nothing is lost meanwhile: files wait in the inbox, documents in the ledger.",
        checks=shown,
    )
    return answer(refusal, 503, {"Retry-After": "5"})


async def run_checks(parts: Dependencies) -> list[Check]:
    """Check ledger, folders, disks, queue and worker, concurrently; takes at most `CHECK_S`."""
    context = parts.pipeline.context
    places = context.places
    trials: dict[MarkedFolder, Trial] = {
        places.inbox: try_claiming,
        places.archive: lambda folder: try_filing(folder, context.modes.file),
        places.state: lambda folder: try_filing(folder, PRIVATE_MODE),
    }
    ledger, waiting, seen = await asyncio.gather(
        _check_ledger(parts.ledger),
        _check_waiting(parts.ledger),
        asyncio.gather(*(_look_at(parts, folder, trial) for folder, trial in trials.items())),
    )
    looks = {folder.name.value: look for folder, look in zip(trials, seen, strict=True)}
    checks = [_check_folder(name, look) for name, look in looks.items()]
    return [
        ledger,
        *checks,
        _check_disks(looks),
        waiting,
        _check_queue(parts),
        _check_worker(parts.heartbeat_age_s()),
    ]


async def _check_ledger(ledger: Ledger) -> Check:
    """Write to the ledger, as every admission and filing does."""
    try:
        async with asyncio.timeout(CHECK_S):
            await ledger.try_writing()
    except TimeoutError:
        return Check("ledger", False, "The ledger does not answer.")
    except BackendUnavailable as error:
        return Check("ledger", False, error.message)
    except Exception as error:  # noqa: BLE001 - whatever the error, the ledger cannot be used
        log.warning("The ledger cannot be written to: %s", error)
        return Check("ledger", False, "The ledger cannot be written to; the log says why.")
    return Check("ledger", True, "The ledger can be written to.")


async def _check_waiting(ledger: Ledger) -> Check:
    """Check that no document has waited for the machine through more than one try, and say why if one has."""
    name = "documents"
    try:
        async with asyncio.timeout(CHECK_S):
            count, reason = await count_held_up(ledger, MACHINE_FAULTS)
    except (TimeoutError, BackendUnavailable):
        return Check(name, True, "Not known while the ledger does not answer.")
    if count == 0:
        return Check(name, True, "No document waits for the machine.")
    return Check(
        name, False, f"{count} {'document waits' if count == 1 else 'documents wait'} for the machine: {reason}"
    )


async def _look_at(parts: Dependencies, folder: MarkedFolder, trial: Trial) -> Look | None:
    """Probe a folder; None if it does not answer."""
    try:
        return await parts.looks.look(folder.name, lambda: _probe(folder, trial, parts.tried_at))
    except TimeoutError:
        return None


def _probe(folder: MarkedFolder, trial: Trial, tried_at: dict[str, float]) -> Look:
    """Look at a folder's mark and rights and, unless that went well a moment ago, try out what is done there."""
    trouble = None
    try:
        with folder.opened() as root:
            is_writable = os.access(root, os.R_OK | os.W_OK | os.X_OK)
            if not is_writable or time.monotonic() > tried_at.get(folder.name, -math.inf) + TRIED_FOR_S:
                tried_at.pop(folder.name, None)
                trial(root)
                tried_at[folder.name] = time.monotonic()
    except PlaceAway as error:
        trouble = error.message
    except OSError as error:
        trouble = f"The {folder.name} folder cannot be worked with: {error.strerror or error}."
    return Look(trouble, _free_mb(folder.path))


def _check_folder(name: str, look: Look | None) -> Check:
    if look is None:
        return Check(name, False, f"The {name} folder does not answer.")
    if look.trouble is not None:
        return Check(name, False, look.trouble)
    return Check(name, True, f"The {name} folder is there and can be worked with.")


def _check_disks(looks: Mapping[str, Look | None]) -> Check:
    free_mb = {name: look.free_mb for name, look in looks.items() if look is not None}
    if len(free_mb) < len(looks):
        return Check("disk", False, "A disk does not answer.")
    full = [f"the {name}'s disk has {free:.0f} MB left" for name, free in free_mb.items() if free < LEAST_FREE_MB]
    if full:
        sentence = ", ".join(full)
        return Check("disk", False, f"{sentence[0].upper()}{sentence[1:]}; at least {LEAST_FREE_MB} are needed.")
    return Check("disk", True, f"Each disk has at least {min(free_mb.values()):.0f} MB left.")


def _free_mb(folder: Path) -> float:
    """Return the free space in MB; infinity if the folder is missing, because another check reports that."""
    try:
        return shutil.disk_usage(folder).free / 1e6
    except OSError:
        return math.inf


def _check_worker(age_s: float | None) -> Check:
    if age_s is None:
        return Check("worker", False, "The worker has not sent a heartbeat yet.")
    if age_s > WORKER_BEAT_S:
        return Check("worker", False, f"The worker has not sent a heartbeat for {age_s:.0f} s.")
    return Check("worker", True, f"The worker sent its last heartbeat {age_s:.0f} s ago.")


def _check_queue(parts: Dependencies) -> Check:
    trouble = parts.queue_trouble()
    if trouble is None:
        return Check("queue", True, "The queue works.")
    return Check("queue", False, f"The queue does not work: {trouble.rstrip('.')}.")
