"""Whether the ledger's file is whole, and still the one that was opened.

quick_check reads the whole file (4 s for 200,000 documents), so it is left out if nobody can have touched the file
since it was last closed: a stamp beside it says how it was then.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from expensed.model.admission import Stamp
from expensed.model.json_text import decode, encode
from expensed.model.reach import Reach

COMPANIONS = ("-wal", "-shm")
"""The endings of the files that SQLite keeps beside its own; they belong to one state of it."""
PATIENCE_S = 2.0
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Device and inode of the ledger's file and of its write-ahead log, as opened."""

    file: tuple[int, int] | None
    log: tuple[int, int] | None

    @classmethod
    def of(cls, path: Path) -> FileIdentity:
        """Return the identity of what lies there now."""
        return cls(_identify(os.fspath(path)), _identify(f"{path}-wal"))

    def find_change(self, path: Path) -> str | None:
        """Return what became of the files since, as a clause; None if they are still there."""
        now = self.of(path)
        if now == self:
            return None
        if now.file is None:
            return "is no longer there: it was deleted, or its disk is away"
        if now.file != self.file:
            return "was replaced by another file"
        return "has lost its write-ahead log, which was deleted or replaced"


def _identify(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is damaged; a damaged search index is not."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in _DAMAGE and code != sqlite3.SQLITE_CORRUPT_VTAB


def note_closed(path: Path) -> None:
    """Note how the file is now that its last connection is closed."""
    with contextlib.suppress(OSError):  # then it is checked at the next start
        _stamp_path(path).write_bytes(encode(Stamp.of(path.stat())))


def was_touched(path: Path) -> bool:
    """Whether the file may have changed since it was last closed: by a crash, another program or a restored copy."""
    stamp = _stamp_path(path)
    try:
        closed = decode(stamp.read_bytes(), Stamp)
        stamp.unlink()  # from now on it is open
        return Stamp.of(path.stat()) != closed or _has_log(path)
    except (OSError, ValueError):
        return True


def _has_log(path: Path) -> bool:
    try:
        return os.stat(f"{path}-wal").st_size > 0
    except FileNotFoundError:
        return False


def _stamp_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.closed")


def find_damage(path: Path) -> str | None:
    """Return what is wrong with the file, by SQLite's quick_check; None if it is whole, or cannot be opened now.

    If a write-ahead log is left, the indexes are compared as well: a foreign one may leave every page in order.
    """
    check = "integrity_check" if _has_log(path) else "quick_check"
    try:
        with contextlib.closing(_connect(path)) as connection:
            ((found,),) = connection.execute(f"PRAGMA {check}(1)").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error) if is_damage(error) else None
    return None if found == "ok" else str(found).splitlines()[-1]


@dataclass(frozen=True, slots=True)
class Contents:
    """The id of a ledger, and how far it has come."""

    ledger_id: str
    reach: Reach


def look_into(path: Path) -> Contents | None:
    """Return what a ledger of any version says of itself; None if it says nothing."""
    try:
        with contextlib.closing(_connect(path)) as connection:
            ((ledger_id,),) = connection.execute("SELECT value FROM facts WHERE name = 'ledger_id'").fetchall()
            numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    except (sqlite3.Error, ValueError):
        return None
    return Contents(str(ledger_id), Reach(numbers.get("filings", 0), numbers.get("events", 0)))


def _connect(path: Path) -> sqlite3.Connection:
    """Connect for reading only: a foreign write-ahead log is read, but not yet copied into the file."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=PATIENCE_S)
