"""The checks before anything starts: are the folders there, usable and one ledger's, and is there an OCR engine."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from pathlib import Path

from expensed.config.schema import Settings
from expensed.errors import SetupError
from expensed.pipeline.context import ledger_path
from expensed.pipeline.upkeep.marks import Survey, survey
from expensed.reading.engines.select import check_engine
from expensed.service.locks import Lock
from expensed.service.systemd import notify

log = logging.getLogger("expensed")

LOOK_AGAIN_S = 1.0
PATIENCE_S = 30.0
"""How much more time systemd is asked for, again and again, while the state folder is away."""


async def find_state(settings: Settings, inbox_lock: Lock) -> Survey:
    """Wait until the state folder is there and return what the folders hold.

    SetupError if another daemon has the inbox, or the ledger alone is missing.
    """
    is_told = False
    while True:
        found = await asyncio.to_thread(survey, settings)
        if not found.is_state_away:
            _check_ledger(settings, found)
            return found
        if not is_told:
            inbox_lock.try_out()
            log.warning("%s", _describe_absence(settings, found))
            is_told = True
        notify("STATUS=Waiting for the state folder", f"EXTEND_TIMEOUT_USEC={int(PATIENCE_S * 1e6)}")
        await asyncio.sleep(LOOK_AGAIN_S)


def _describe_absence(settings: Settings, found: Survey) -> str:
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
