"""The append-only file in the archive's hidden folder: what no sidecar tells, one JSON object a line.

Each line has a `type`. A line of a type that is not known is left to the version that wrote it, and a torn last line,
cut off by a crash, is passed over; the ledger has it written again. The later of two lines about one document counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from expensed.archive.sidecar import Sidecar
from expensed.disk.files import sync_folder
from expensed.disk.marked_folder import HIDDEN
from expensed.model.json_text import decode, encode
from expensed.model.lesson import Lesson
from expensed.model.states import DocumentOrigin, Root
from expensed.model.vendor_name import VendorName

RECORDS = f"{HIDDEN}/records.jsonl"


class RecordType(StrEnum):
    """The types of lines."""

    GONE = "gone"
    PRESENT = "present"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneRecord:
    """A document whose file is gone, in full; `path_hex` is where it lay below `root`, in bytes."""

    type: RecordType = RecordType.GONE
    root: Root
    path_hex: str
    document: Sidecar


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentRecord:
    """A document that lies in the archive: what its sidecar may not tell, since it is older than that."""

    type: RecordType = RecordType.PRESENT
    id: str
    updated_at: str
    number: int
    origin: DocumentOrigin
    cut_off: str | None
    turns: tuple[float, ...] | None
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRecord:
    """What people have said of a seller's name; the later line about one name counts."""

    type: RecordType = RecordType.VENDOR
    said: VendorName


DocumentRecord = GoneRecord | PresentRecord
Record = DocumentRecord | VendorRecord


@dataclass(frozen=True, slots=True)
class _Head:
    type: str


_KINDS: dict[str, type[GoneRecord] | type[PresentRecord] | type[VendorRecord]] = {
    RecordType.GONE: GoneRecord,
    RecordType.PRESENT: PresentRecord,
    RecordType.VENDOR: VendorRecord,
}


def append_records(archive: Path, records: Sequence[Record]) -> None:
    """Append lines durably; OSError, as when the archive has no hidden folder."""
    path = archive / RECORDS
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        content = memoryview(b"\n" * is_torn + b"".join(encode(record) + b"\n" for record in records))
        while content:
            content = content[file.write(content) :]
        os.fsync(descriptor)
    if is_new:
        sync_folder(path.parent)


def read_records(archive: Path) -> Iterator[Record]:
    """Yield every line that can be understood, oldest first; none if there is no such file."""
    try:
        file = (archive / RECORDS).open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            try:
                kind = _KINDS.get(decode(line, _Head).type)
                if kind is not None:
                    yield decode(line, kind)
            except ValueError:
                continue


def document_id(record: DocumentRecord) -> str:
    """Return the id of the document that a record is about."""
    return record.document.id if isinstance(record, GoneRecord) else record.id
