"""The checks before anything starts: are the folders there, usable and one ledger's, and is there an OCR engine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import shutil
from pathlib import Path

from expensed.config.schema import Settings
from expensed.errors import SetupError
from expensed.pipeline.context import ledger_path
from expensed.pipeline.upkeep.marks import Survey, survey
from expensed.reading.engines.select import check_engine
from expensed.service.locks import Lock
from expensed.service.systemd import notify
from expensed.web.server import WebServer
from expensed.web.waiting import make_waiting_app

log = logging.getLogger("expensed")

LOOK_AGAIN_S = 1.0
ABSENCE = "The state folder holds no ledger, though inbox or archive were used by expensed before. Is its disk mounted?"
OTHER = "The state folder belongs to another ledger than the one that inbox and archive belong to. Is its disk mounted?"
PATIENCE_S = 30.0
"""How much more time systemd is asked for, again and again, while the state folder is away."""
DESCRIPTORS = 16_384
"""Enough for the most connections that the server allows; far more only slow down programs that close all of them."""


async def find_state(settings: Settings, inbox_lock: Lock) -> Survey:
    """Wait until the state folder is there and return what the folders hold.

    SetupError if another daemon has the inbox, or the ledger alone is missing.
    """
    server: WebServer | None = None
    try:
        while (found := await asyncio.to_thread(survey, settings)).is_state_away or found.is_state_anothers:
            if server is None:
                inbox_lock.try_out()
                sentence = OTHER if found.is_state_anothers else ABSENCE
                server = WebServer(make_waiting_app(sentence), settings.web.host, settings.web.port)
                await server.start()
                log.warning("%s It says so at %s, too.", _describe_absence(settings, found), server.address)
            notify("STATUS=Waiting for the state folder", f"EXTEND_TIMEOUT_USEC={int(PATIENCE_S * 1e6)}")
            await asyncio.sleep(LOOK_AGAIN_S)
    finally:
        if server is not None:
            await server.stop()
    _check_ledger(settings, found)
    return found


def _describe_absence(settings: Settings, found: Survey) -> str:
    if found.is_state_anothers:
        return (
            f"The state folder {settings.state.path} belongs to another ledger than the inbox {settings.inbox.path} and"
            f" the archive {settings.archive.path}, which belong to one. It waits, and writes nothing: if the disk of"
            " the state folder is away, mount it. To make inbox and archive this ledger's from now on, run"
            " `expensed adopt inbox --force` and `expensed adopt archive --force`."
        )
    used = " and ".join(f"the {name} {getattr(settings, name.value).path}" for name in found.in_use)
    were = "was" if len(found.in_use) == 1 else "were"
    return (
        f"The state folder {settings.state.path} holds no ledger, though {used} {were} used by expensed before."
        " It waits, and files nothing: if the disk of the state folder is away, mount it. If the ledger is lost, run"
        " `expensed rebuild`. If another daemon uses these folders, give this one others."
    )


def _check_ledger(settings: Settings, found: Survey) -> None:
    if not found.has_ledger and not found.is_first_use:
        raise SetupError(
            f"The ledger {ledger_path(settings)} is missing, though its folder is the right one.",
            hint="Restore it from a backup (without a -wal or -shm file of another copy), or run `expensed rebuild`.",
            code="ledger-missing",
        )


def make_folders(settings: Settings) -> None:
    """Create the folders that are missing, at the first use; SetupError for one that cannot be created."""
    _make(settings.inbox.path, "inbox.path", 0o2770)
    _make(settings.archive.path, "archive.path", int(settings.archive.folder_mode, 8))
    _make(settings.state.path, "state.path", 0o750)


def check_folders(settings: Settings) -> None:
    """Raise SetupError for a folder that is there and cannot be written."""
    for folder, setting in (
        (settings.inbox.path, "inbox.path"),
        (settings.archive.path, "archive.path"),
        (settings.state.path, "state.path"),
    ):
        if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise SetupError(
                f"The folder {folder} is not writable for this user.",
                hint=f"Change its owner or mode, or set {setting} to another.",
            )


def check_reading(settings: Settings) -> None:
    """Raise SetupError if no OCR engine is available; log a warning if the engine is limited."""
    if warning := check_engine(settings.reading.engine, settings.reading.languages):
        log.warning("%s", warning)


def raise_descriptor_limit() -> None:
    """Allow this process as many descriptors as it may have and can use; a login shell often allows only 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def prepare_scratch(settings: Settings) -> Path:
    """Return an empty folder for the children's temporary files; remove those of a killed run."""
    folder = settings.state.path / "tmp"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{folder} cannot be created: {error.strerror}.",
            hint="Give expensed's user write access to the state folder.",
        ) from error
    return folder


def _make(folder: Path, setting: str, mode: int) -> None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(mode)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be created: {error.strerror}.",
            hint=f"Create it, or set {setting} to another.",
        ) from error
