"""The checks before anything starts: whether the folders exist and are usable, and an OCR engine is available."""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import shutil
from pathlib import Path

from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS, make_claims_folder
from expensed.errors import SetupError
from expensed.reading.engines.select import check_engine

log = logging.getLogger("expensed")

DESCRIPTORS = 16_384
"""Enough for the most connections that the server allows; far more only slow down programs that close all of them."""


def have_folders(settings: Settings) -> bool:
    """Whether inbox, archive and state folder exist already."""
    return all(folder.path.is_dir() for folder in (settings.inbox, settings.archive, settings.state))


def prepare_folders(settings: Settings) -> None:
    """Create the folders that are missing; SetupError for one that cannot be created or written."""
    _prepare(settings.inbox.path, "inbox.path", 0o2770)
    _prepare(settings.archive.path, "archive.path", 0o2750)
    _prepare(settings.state.path, "state.path", 0o750)
    claims = settings.inbox.path / CLAIMS
    try:
        make_claims_folder(claims)
        claims.chmod(0o700)
    except OSError as error:
        raise SetupError(
            f"{claims} cannot be created: {error.strerror}.", hint="Give expensed's user write access to the inbox."
        ) from error


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


def _prepare(folder: Path, setting: str, mode: int) -> None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(mode)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be created: {error.strerror}.",
            hint=f"Create it, or set {setting} to another.",
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise SetupError(
            f"The folder {folder} is not writable for this user.",
            hint=f"Change its owner or mode, or set {setting} to another.",
        )
