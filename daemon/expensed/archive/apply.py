"""Carry out a planned filing; safe to run again after a crash at any point, with the same outcome.

Copy to a hidden temporary beside the destination -> compare the bytes -> take the name without overwriting -> write
sidecar and note -> sync the folder. Only the names that this document's intent reserves are ever touched.
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from expensed.archive.naming import name_temporary
from expensed.archive.sidecar import belongs_to, note_path, read_note, read_owner, sidecar_path, with_companions
from expensed.boundaries import boundary
from expensed.disk.files import (
    Modes,
    copy_file,
    free_reserved,
    has_bytes,
    make_folders,
    replace_companion,
    sync_folder,
    take_name,
    write_companion,
)
from expensed.errors import ArchiveFull, SourceUnreadable
from expensed.model.admission import Stamp

log = logging.getLogger("expensed.archive")


class NameTaken(Exception):
    """Something other than this document lies at the destination or in the place of a companion."""


class SourceChanged(Exception):
    """The bytes at the source are no longer those that were read."""


class SourceMissing(Exception):
    """Nothing lies at the source."""


@dataclass(frozen=True, slots=True)
class Order:
    """One filing to carry out; `path` is relative to `archive`, and the texts are complete.

    `archive` and `source` are paths through descriptors of folders whose marks were checked (see `disk.marked_folder`).
    """

    document_id: str
    archive: Path
    path: str
    source: Path
    sha256: str
    sidecar: str
    note: str | None
    modes: Modes

    @property
    def destination(self) -> Path:
        """The path at which the document will lie."""
        return self.archive / self.path

    @property
    def temporary(self) -> Path:
        """The hidden path to which it is copied; nothing else uses it."""
        return name_temporary(self.destination, self.document_id)


def find_free(archive: Path, paths: Iterator[str]) -> str:
    """Return the next of these endless paths that is free, together with the places of its companions."""
    return next(path for path in paths if not any(map(os.path.lexists, with_companions(archive / path))))


def apply_filing(order: Order) -> Stamp | None:
    """File the document as ordered; return the source's stamp when it was copied, None if the copy was there already.

    The caller must settle NameTaken, SourceChanged and SourceMissing; ArchiveFull and SourceUnreadable are temporary.
    """
    try:
        return _apply(order)
    except (NameTaken, SourceChanged, SourceMissing, SourceUnreadable):
        _discard(order.temporary)
        raise
    except OSError as error:
        _discard(order.temporary)
        reason = error.strerror or str(error)
        raise ArchiveFull(f"The archive cannot take {order.path}: {reason}.") from error


def _apply(order: Order) -> Stamp | None:
    make_folders(order.archive, str(Path(order.path).parent), order.modes.folder)
    boundary("apply.folder_made")
    for path in with_companions(order.destination):
        free_reserved(order.temporary, path)
    stamp = None
    if not is_placed(order):
        stamp = _place(order)
    boundary("apply.placed")
    _accompany(order)
    boundary("apply.accompanied")
    sync_folder(order.destination.parent)
    boundary("apply.synced")
    return stamp


def is_placed(order: Order) -> bool:
    """Whether the copy is there already, made before a crash; NameTaken if something else is."""
    destination = order.destination
    if not os.path.lexists(destination):
        if os.path.lexists(sidecar_path(destination)) or os.path.lexists(note_path(destination)):
            raise NameTaken(order.path)
        return False
    sidecar_is_free = not os.path.lexists(sidecar_path(destination))
    if has_bytes(destination, order.sha256) and (
        sidecar_is_free or belongs_to(read_owner(destination), order.document_id, order.sha256)
    ):
        return True
    raise NameTaken(order.path)


def _place(order: Order) -> Stamp:
    _discard(order.temporary)
    stamp = _copy(order)
    boundary("apply.copied")
    try:
        take_name(order.temporary, order.destination)
    except FileExistsError as error:
        raise NameTaken(order.path) from error
    return stamp


def _copy(order: Order) -> Stamp:
    try:
        sha256, stamp = copy_file(order.source, order.temporary, order.modes.file)
    except FileNotFoundError as error:
        if not os.path.lexists(order.source):
            raise SourceMissing(os.fspath(order.source)) from error
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link in its place
            raise SourceMissing(order.document_id) from error
        if error.errno in {errno.EIO, errno.ESTALE, errno.EINVAL} or error.filename == os.fspath(order.source):
            raise SourceUnreadable(f"{order.document_id} cannot be read: {error.strerror}.") from error
        raise
    if sha256 != order.sha256:
        raise SourceChanged(order.document_id)
    return stamp


def _accompany(order: Order) -> None:
    for path, text in ((sidecar_path(order.destination), order.sidecar), (note_path(order.destination), order.note)):
        if text is None or os.path.lexists(path):
            continue
        try:
            write_companion(path, text, order.temporary, order.modes.file)
        except FileExistsError as error:
            raise NameTaken(order.path) from error
        boundary("apply.companion_written")


def renew_sidecar(order: Order, former_note: str | None) -> bool:
    """Replace the document's sidecar and note atomically and durably; a note that the order lacks is removed.

    SourceMissing if the document is not there. A file that is not its sidecar is left alone, and so is a note in which
    a person wrote, because it is not `former_note`, as expensed wrote it; return whether the note is expensed's.
    """
    path = sidecar_path(order.destination)
    if not os.path.lexists(order.destination):
        raise SourceMissing(order.path)
    owner = read_owner(order.destination)
    is_note_ours = read_note(order.destination) in (None, former_note, order.note)
    is_ours = owner is not None and owner.id == order.document_id  # its sha256 may be that before a repair
    if os.path.lexists(path) and not is_ours:
        log.warning("%s: %s.json is not its sidecar, and stays", order.document_id, order.path)
        return is_note_ours
    try:
        replace_companion(path, order.sidecar, order.temporary, order.modes.file)
        if order.note is not None and is_note_ours:
            replace_companion(note_path(order.destination), order.note, order.temporary, order.modes.file)
        elif order.note is None and former_note is not None and is_note_ours:
            note_path(order.destination).unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        _discard(order.temporary)
        raise ArchiveFull(f"The archive cannot take {order.path}.json: {error.strerror}.") from error
    return is_note_ours


def _discard(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return  # it is hidden, and removed before the next try
