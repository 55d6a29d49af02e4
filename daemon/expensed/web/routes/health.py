"""/healthz: does the daemon live; /readyz: can it work. Neither waits for Redis."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from expensed.disk.hanging import Looks
from expensed.ledger.store import Ledger
from expensed.web.answers import answer
from expensed.web.deps import LOOK_S, PARTS, Parts

log = logging.getLogger("expensed.web")

WORKER_BEAT_S = 15.0
LEAST_FREE_MB = 100
"""A ledger, a copy and some notes; with less, the next document may be the one that does not fit."""
CHECK_S = LOOK_S
"""A ledger that says nothing for so long does not work; as long as for a folder."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work, and a sentence on it."""

    name: str
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a folder has shown; see `_free_mb`."""

    is_writable: bool
    free_mb: float


async def is_alive(request: web.Request) -> web.Response:
    """GET /healthz"""
    parts = request.app[PARTS]
    uptime_s = (datetime.now(UTC) - parts.started_at).total_seconds()
    return answer(
        {
            "status": "ok",
            "version": parts.version,
            "run": parts.pipeline.context.run,
            "started_at": parts.started_at.isoformat(timespec="seconds"),
            "uptime_s": round(uptime_s, 1),
        }
    )


async def is_ready(request: web.Request) -> web.Response:
    """GET /readyz: 200, or 503 with a sentence for each thing that does not work."""
    checks = await run_checks(request.app[PARTS])
    content = {"checks": {check.name: {"ok": check.ok, "message": check.message} for check in checks}}
    troubles = [check.message for check in checks if not check.ok]
    if not troubles:
        return answer({"success": True, "status": "ready", **content})
    refusal = {
        "success": False,
        "error": " ".join(troubles),
        "code": "not-ready",
        "hint": "Nothing is lost meanwhile: files wait in the inbox, documents in the ledger.",
    }
    return answer({**refusal, "status": "not ready", **content}, 503, {"Retry-After": "5"})


async def run_checks(parts: Parts) -> list[Check]:
    """Ledger, folders, disks, queue and worker, all at once; takes at most `CHECK_S`."""
    folders = {
        "inbox": parts.settings.inbox.path,
        "archive": parts.settings.archive.path,
        "state": parts.settings.state.path,
    }
    ledger, seen = await asyncio.gather(
        _check_ledger(parts.ledger),
        asyncio.gather(*(_look_at(parts.looks, name, folder) for name, folder in folders.items())),
    )
    looks = dict(zip(folders, seen, strict=True))
    checks = [_check_folder(name, look) for name, look in looks.items()]
    return [ledger, *checks, _check_disks(looks), _check_queue(parts), _check_worker(parts.heartbeat_age_s())]


async def _check_ledger(ledger: Ledger) -> Check:
    try:
        async with asyncio.timeout(CHECK_S):
            await ledger.one("SELECT 1 FROM facts")
    except TimeoutError:
        return Check("ledger", False, "The ledger does not answer.")
    except Exception as error:  # noqa: BLE001 - whatever it is, the ledger cannot be used
        log.warning("The ledger cannot be read: %s", error)
        return Check("ledger", False, "The ledger cannot be read; the log says why.")
    return Check("ledger", True, "The ledger answers.")


async def _look_at(looks: Looks, name: str, folder: Path) -> Look | None:
    """What a folder is like; None if it does not answer."""
    try:
        return await looks.look(name, lambda: Look(_is_writable(folder), _free_mb(folder)))
    except TimeoutError:
        return None


def _check_folder(name: str, look: Look | None) -> Check:
    if look is None:
        return Check(name, False, f"The {name} folder does not answer.")
    if not look.is_writable:
        return Check(name, False, f"The {name} folder is not there, or may not be written.")
    return Check(name, True, f"The {name} folder can be written.")


def _is_writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _check_disks(looks: Mapping[str, Look | None]) -> Check:
    free_mb = {name: look.free_mb for name, look in looks.items() if look is not None}
    if len(free_mb) < len(looks):
        return Check("disk", False, "A disk does not answer.")
    full = [f"the {name}'s disk has {free:.0f} MB left" for name, free in free_mb.items() if free < LEAST_FREE_MB]
    if full:
        sentence = ", ".join(full)
        return Check("disk", False, f"{sentence[0].upper()}{sentence[1:]}; at least {LEAST_FREE_MB} are needed.")
    return Check("disk", True, f"There are at least {min(free_mb.values()):.0f} MB left on each disk.")


def _free_mb(folder: Path) -> float:
    """What may still be written there, in MB; without end where the folder is not there: another check says so."""
    try:
        return shutil.disk_usage(folder).free / 1e6
    except OSError:
        return math.inf


def _check_worker(age_s: float | None) -> Check:
    if age_s is None:
        return Check("worker", False, "The worker has not been heard of yet.")
    if age_s > WORKER_BEAT_S:
        return Check("worker", False, f"The worker has not been heard of for {age_s:.0f} s.")
    return Check("worker", True, f"The worker was heard of {age_s:.0f} s ago.")


def _check_queue(parts: Parts) -> Check:
    trouble = parts.queue_trouble()
    if trouble is None:
        return Check("queue", True, "The queue works.")
    return Check("queue", False, f"The queue does not work: {trouble.rstrip('.')}.")
