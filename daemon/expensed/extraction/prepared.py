"""Load tables made from data files in a form that is read at once; a child process needs them for its first document.

The data files remain the only source: a table whose files have changed since it was prepared is made from them again.
`python -m benchmarks.prepare` writes the prepared forms, and a test tells when that is due.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

Table = TypeVar("Table")


def load_prepared(name: str, form: type[Table], make: Callable[[], Table], *sources: Traversable) -> Table:
    """Return the prepared table of this name and form; make it if it was not made from these sources."""
    stored = files(__package__).joinpath("tables", f"{name}.json")
    head, _, content = stored.read_bytes().partition(b"\n") if stored.is_file() else (b"", b"", b"")
    return msgspec.json.decode(content, type=form) if head == _checksum(sources) else make()


def prepare(table: object, *sources: Traversable) -> bytes:
    """Return the content of a table's prepared form."""
    return _checksum(sources) + b"\n" + msgspec.json.encode(table) + b"\n"


def _checksum(sources: tuple[Traversable, ...]) -> bytes:
    checksum = 0
    for source in sources:
        checksum = zlib.crc32(source.read_bytes(), checksum)
    return b"%08x" % checksum
