"""Sidecars, the JSON beside every document: enough to rebuild the ledger's view of it, and to name its owner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from msgspec import UNSET, UnsetType

from expensed.archive.old_sidecars import convert_sidecar
from expensed.errors import Fault
from expensed.model.discard import Discarded
from expensed.model.expense import Corrections, Expense
from expensed.model.json_text import decode, encode_lines
from expensed.model.lesson import Lesson, Traits
from expensed.model.states import DocumentOrigin, Outcome

SCHEMA = 1
LARGEST = 64 << 20
"""Bytes; a larger file beside a document was not written by expensed."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a document was admitted and filed (UTC), and when its file was last written to."""

    admitted: str
    modified_ns: int
    filed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """Everything that is known about a document."""

    expensed_schema: int = SCHEMA
    id: str
    sha256: str
    kind: Outcome
    path: str
    """Relative to the archive."""
    source_name: str
    source_name_hex: str
    """The bytes of the name under which it was dropped."""
    size: int
    media_type: str | None
    engine: str | None
    times: Times
    duplicate_of: str | None
    """The id of the first document with the same bytes, or of the same paper."""
    error: Fault | None
    result: Expense | None
    corrections: Corrections | None
    text: str | None
    # From here on, what sidecars of 0.1.0 lack.
    number: int | None = None
    """Its number in the ledger, by which documents are in order."""
    origin: DocumentOrigin = DocumentOrigin.DROP
    cut_off: str | None = None
    turns: tuple[float, ...] | None = None
    lessons: tuple[Lesson, ...] | None = None
    """What it teaches, at most one (0.2.0 wrote several); None: it is not told, but can be drawn from `corrections`."""
    traits: Traits | UnsetType = UNSET
    """What of it is compared with lessons; those of 0.2.0 do not tell it."""
    note_sha256: str | None = None
    """The sha256 of the note as it was written, by which one that a person changed is told apart."""
    discarded: Discarded | UnsetType = UNSET
    """Why a person discarded it, and what and where it was before."""
    folder: str | UnsetType = UNSET
    """The subfolder of the inbox that it was dropped into, if it was one."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The document a sidecar belongs to."""

    expensed_schema: int
    id: str
    sha256: str


def sidecar_path(document: Path) -> Path:
    """Return the path of a document's sidecar."""
    return document.with_name(f"{document.name}.json")


def note_path(document: Path) -> Path:
    """Return the path of a document's note."""
    return document.with_name(f"{document.name}.why.txt")


def with_companions(document: Path) -> tuple[Path, Path, Path]:
    """Return a document's path and those of its sidecar and note."""
    return document, sidecar_path(document), note_path(document)


def render_sidecar(sidecar: Sidecar) -> str:
    """Return the sidecar's text."""
    return encode_lines(sidecar)


def read_owner(document: Path) -> Owner | None:
    """Return the owner of the sidecar beside this file; None if there is none that expensed wrote."""
    path = sidecar_path(document)
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        return decode(path.read_bytes(), Owner)
    except (OSError, ValueError):
        return None


def read_sidecar(path: Path) -> Sidecar | None:
    """Return the sidecar at this path; None if expensed wrote none there. ValueError if it cannot be understood."""
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        content = path.read_bytes()
        decode(content, Owner)
    except (OSError, ValueError):
        return None
    try:
        return decode(content, Sidecar)
    except ValueError:
        return decode(convert_sidecar(content), Sidecar)


def read_note(document: Path) -> str | None:
    """Return the text of the note beside this file; None if there is none that can be read."""
    try:
        return note_path(document).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def belongs_to(owner: Owner | None, document_id: str, sha256: str) -> bool:
    """Whether a sidecar belongs to this document with these bytes."""
    return owner is not None and (owner.id, owner.sha256) == (document_id, sha256)
