"""Replace a lost ledger by one made from the archive; the former one is kept beside it."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS, list_claims
from expensed.disk.files import sync_folder
from expensed.disk.marked_folder import Mark, PlaceName, read_mark, write_mark
from expensed.errors import SetupError
from expensed.ledger.file.soundness import COMPANIONS, find_damage, look_into
from expensed.mirror.rebuild import rebuild_ledger
from expensed.model.states import DocumentState
from expensed.pipeline.context import ledger_path
from expensed.pipeline.upkeep.marks import find_sidecars
from expensed.service.ledger_fitness import find_owner, is_older
from expensed.service.locks import Lock
from expensed.shown_commands import command

_WHERE = "Mount its disk, or set archive.path to it."


@dataclass(frozen=True, slots=True)
class Report:
    """What was made, and where the former ledger lies now (None: there was none)."""

    documents: Counter[DocumentState]
    remarks: Sequence[str]
    claims: int
    """Files in the inbox's claim folders, which the daemon admits again."""
    former: Path | None


async def rebuild(settings: Settings, *, force: bool, tell: Callable[[int], None]) -> Report:
    """Make the ledger again; `tell` gets how many documents are in it.

    SetupError if a daemon runs, if there is no archive, or if the ledger is whole and knows all that the archive holds,
    unless `force` is given.
    """
    file, archive = ledger_path(settings), settings.archive.path
    if not archive.is_dir():
        raise SetupError(f"The archive {archive} is not there.", hint=_WHERE)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with _locked(settings):
        if not force:
            _check_archive(archive)
            _check_need(file, archive)
        ledger_id = find_owner(archive) or _former_id(settings, file) or uuid.uuid4().hex[:12]
        new = _clear(file.with_name(f"{file.name}.new"))
        try:
            rebuilt = await rebuild_ledger(archive, new, ledger_id, tell)
        except OSError as error:
            raise SetupError(f"The archive {archive} cannot be read: {error.strerror}: {error.filename}.") from error
        former = _put_aside(file)
        new.replace(file)
        sync_folder(file.parent)
        _mark_places(settings, ledger_id)
        claims = sum(claim.file is not None for claim in list_claims(settings.inbox.path / CLAIMS))
        return Report(rebuilt.documents, rebuilt.remarks, claims, former)


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """Keep daemons away meanwhile; SetupError, naming the process, if one runs."""
    locks = [Lock(settings.state.path / "lock", "state folder")]
    if (settings.inbox.path / CLAIMS).is_dir():
        locks.append(Lock(settings.inbox.path / CLAIMS / "lock", "inbox"))
    try:
        for lock in locks:
            lock.take()
        yield
    finally:
        for lock in locks:
            lock.release()


def _check_archive(archive: Path) -> None:
    """Raise SetupError for a folder that expensed never filed anything in, such as the mount point of a disk."""
    if find_owner(archive) is None and next(find_sidecars(archive), None) is None:
        raise SetupError(f"The archive {archive} holds nothing that expensed has filed.", hint=_WHERE)


def _check_need(file: Path, archive: Path) -> None:
    contents = look_into(file) if file.exists() else None
    owner = find_owner(archive)
    if contents is None or owner not in (None, contents.ledger_id):
        return
    if find_damage(file) is None and not is_older(file, archive):
        raise SetupError(
            f"The ledger {file} is whole, and as new as the archive: there is no need to make it again.",
            hint=f"`{command()} rebuild --force` does so all the same, and keeps the present file beside it.",
            code="ledger-whole",
        )


def _former_id(settings: Settings, file: Path) -> str | None:
    """Return the id that the inbox's mark bears, or that the former ledger has, if an archive bears none."""
    with contextlib.suppress(OSError):
        mark = read_mark(settings.inbox.path, PlaceName.INBOX)
        if mark is not None:
            return mark.ledger
    contents = look_into(file) if file.exists() else None
    return contents.ledger_id if contents is not None else None


def _clear(new: Path) -> Path:
    """Remove what an interrupted rebuild has left."""
    for path in _with_companions(new):
        path.unlink(missing_ok=True)
    return new


def _with_companions(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}{ending}") for ending in ("", *COMPANIONS)]


def _suffixes() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


def _put_aside(file: Path) -> Path | None:
    """Rename the former ledger and its companions after this moment; return the former, None if there was none."""
    names = (f"{file.name}.before-{datetime.now().astimezone():%Y%m%d-%H%M%S}{more}" for more in _suffixes())
    aside = next(path for path in map(file.with_name, names) if not any(map(os.path.lexists, _with_companions(path))))
    for present, former in zip(_with_companions(file), _with_companions(aside), strict=True):
        with contextlib.suppress(FileNotFoundError):
            present.rename(former)
    Path(f"{file}.closed").unlink(missing_ok=True)
    return aside if aside.exists() else None


def _mark_places(settings: Settings, ledger_id: str) -> None:
    """Mark the state folder as this ledger's, and inbox and archive if they bear no mark."""
    write_mark(settings.state.path, Mark(place=PlaceName.STATE, ledger=ledger_id))
    for folder, place in ((settings.archive.path, PlaceName.ARCHIVE), (settings.inbox.path, PlaceName.INBOX)):
        if folder.is_dir() and read_mark(folder, place) is None:
            write_mark(folder, Mark(place=place, ledger=ledger_id))
