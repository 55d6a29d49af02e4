"""Before anything starts: is the ledger there, whole, and as new as the archive? If not, say which, and what helps."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from expensed.archive.high_water import read_high_water
from expensed.disk.marked_folder import PlaceName, read_mark
from expensed.errors import SetupError
from expensed.ledger.file.soundness import COMPANIONS, find_damage, look_into, was_touched
from expensed.model.reach import Reach
from expensed.service.systemd import notify
from expensed.shown_commands import command

log = logging.getLogger("expensed")

PATIENCE_S = 600.0
"""How much more time systemd is asked for: a large ledger on a slow disk takes that long to read."""


def check_ledger(file: Path, archive: Path) -> None:
    """Raise SetupError if the ledger is missing beside an archive that was filled, damaged, or older than the archive.

    Blocking code; after a crash or if the file was touched, it reads the whole file.
    """
    if not _is_there(file):
        _check_first_use(file, archive)
        return
    if (damage := _find_damage(file)) is not None:
        raise SetupError(
            f"The ledger {file} is damaged: {damage}.", hint=_advise(file, "a backup"), code="ledger-damaged"
        )
    if is_older(file, archive):
        raise SetupError(
            f"The ledger {file} is older than the archive {archive}: it is a copy from before the last documents"
            " were filed. Nothing is filed with it.",
            hint=_advise(file, "a newer copy"),
            code="ledger-older",
        )


def _find_damage(file: Path) -> str | None:
    if not was_touched(file):
        return None
    log.info("The ledger was not closed cleanly, or has been changed since: checking that it is whole.")
    notify("STATUS=Checking the ledger", f"EXTEND_TIMEOUT_USEC={int(PATIENCE_S * 1e6)}")
    return find_damage(file)


def is_older(file: Path, archive: Path) -> bool:
    """Whether the archive was written to by this very ledger when that knew more than it does now."""
    contents = look_into(file)
    return contents is not None and knows_less(contents.ledger_id, lambda: contents.reach, archive)


def knows_less(ledger_id: str, reach: Callable[[], Reach], archive: Path) -> bool:
    """Whether the archive is this ledger's, and was written to when that had come further.

    `reach` is asked after the archive: a ledger at work comes further in between, and never falls back.
    """
    found = read_high_water(archive, ledger_id)
    return reach() < found and find_owner(archive) == ledger_id


def find_owner(archive: Path) -> str | None:
    """Return the id of the ledger whose mark the archive bears; None if it bears none that can be read."""
    try:
        mark = read_mark(archive, PlaceName.ARCHIVE)
    except OSError:
        return None
    return mark.ledger if mark is not None else None


def _is_there(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def _check_first_use(file: Path, archive: Path) -> None:
    left = [f"{file}{ending}" for ending in COMPANIONS if os.path.lexists(f"{file}{ending}")]
    if left:
        raise SetupError(
            f"The ledger {file} is missing, but {' and '.join(left)} of it is there.",
            hint=_advise(file, "the file"),
            code="ledger-missing",
        )
    if find_owner(archive) is not None:
        raise SetupError(
            f"The ledger {file} is missing, but the archive {archive} holds documents that it knew.",
            hint=_advise(file, "the file"),
            code="ledger-missing",
        )


def _advise(file: Path, what: str) -> str:
    stale = " and ".join(f"{file.name}{ending}" for ending in COMPANIONS)
    return (
        f"`{command()} rebuild` makes it again from the archive. Or restore {what} from a backup: remove {stale}"
        f" in {file.parent} first, or they spoil it."
    )
