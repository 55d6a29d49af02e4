"""An upload: streamed to `.part` in a claim folder of its own, recorded, named, and only then answered for.

Nothing is left of one that breaks off. After the row is committed, recovery leads it on; before, it clears it away.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from expensed.archive.naming import display_name, make_harmless
from expensed.boundaries import boundary
from expensed.disk.files import FILE_MODE, sync_folder
from expensed.errors import InboxFull
from expensed.formats.sniff import sniff_kind
from expensed.ledger.documents import NewDocument, insert_document
from expensed.ledger.rows import Document
from expensed.model.states import DocumentState
from expensed.pipeline.admit import new_claim
from expensed.pipeline.claims import PART, remove_claim_folder
from expensed.pipeline.context import Context, place_in_inbox

log = logging.getLogger("expensed.pipeline")

HEAD_BYTES = 4096
"""By so many bytes the kind of a file is judged."""
WRITTEN_AT_ONCE = 1 << 19
LONGEST_NAME = 200
"""Bytes of an upload's name that are kept."""
LONGEST_ENDING = 10


class Incoming:
    """One upload on its way."""

    def __init__(self, context: Context, folder: Path, name: str) -> None:
        self.id = folder.name
        self.is_recorded = False
        self._context = context
        self._folder = folder
        self._name = name
        self._kind: str | None = None
        self._head = b""
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._size = 0
        self._mtime_ns = 0
        self._digest = hashlib.sha256()
        part = os.open(folder / PART, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        self._file = os.fdopen(part, "wb", buffering=0)

    async def write(self, chunk: bytes) -> None:
        """Take some more bytes; UnsupportedKind as soon as it is clear that they are of no use, InboxFull."""
        if self._kind is None:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
            if len(self._head) >= HEAD_BYTES:
                self._kind = sniff_kind(self._head)
        self._pending.append(chunk)
        self._pending_bytes += len(chunk)
        if self._pending_bytes >= WRITTEN_AT_ONCE:
            await self._hand_over(self._flush)

    async def _hand_over(self, work: Callable[..., None], *values: Any) -> None:
        """Do something with the disk in a thread; InboxFull if it does not work out."""
        try:
            await asyncio.to_thread(work, *values)
        except OSError as error:
            raise _no_room(error) from error

    def _flush(self) -> None:
        for chunk in self._pending:
            view = memoryview(chunk)
            while view:
                view = view[self._file.write(view) :]
            self._digest.update(chunk)
            self._size += len(chunk)
        self._pending.clear()
        self._pending_bytes = 0

    async def record(self) -> str:
        """All bytes are there: make them durable, record the document and give the file its name. The document's id.

        Raises UnsupportedKind and InboxFull (nothing is left), or BackendUnavailable (recovery sees to the rest).
        """
        if self._kind is None:
            self._kind = sniff_kind(self._head)
        async with self._context.uploads:
            await self._hand_over(self._finish)
            boundary("upload.written")
            target = self._folder / _claim_name(self._name)
            self.is_recorded = True  # or may be, from here on
            await self._insert(target)
            boundary("upload.recorded")
            await self._hand_over(self._take_name, target)
        boundary("upload.named")
        log.info("%s: uploaded, %d bytes", self.id, self._size)
        return self.id

    def _finish(self) -> None:
        self._flush()
        os.fsync(self._file.fileno())
        self._mtime_ns = os.fstat(self._file.fileno()).st_mtime_ns
        self._file.close()
        _sync_names(self._folder, self._context.claims)

    async def _insert(self, target: Path) -> None:
        new = NewDocument(
            id=self.id,
            origin="upload",
            name=self._name,
            file=display_name(self._name),
            sha256=self._digest.hexdigest(),
            size=self._size,
            mtime_ns=self._mtime_ns,
            place=place_in_inbox(self._context, target),
            kind=self._kind,
        )
        if await self._context.ledger.change(lambda tx: insert_document(tx, new, DocumentState.UPLOADED)) is None:
            raise LookupError(f"{self.id} appeared in the middle of its own upload")

    def _take_name(self, target: Path) -> None:
        (self._folder / PART).rename(target)
        _sync_names(self._folder)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        with suppress(OSError):  # recovery tries again
            (self._folder / PART).unlink(missing_ok=True)
            remove_claim_folder(self._folder)


@asynccontextmanager
async def receive(context: Context, name: str) -> AsyncIterator[Incoming]:
    """An upload to write to and then to `record`; without that, nothing is left of it after the block.

    `name` is what its sender calls it: any folders in it are left out. Raises InboxFull.
    """
    name = clean_name(name)
    async with AsyncExitStack() as stack:
        try:
            folder = await stack.enter_async_context(new_claim(context, name))
            incoming = Incoming(context, folder, name)
        except OSError as error:
            raise _no_room(error) from error
        boundary("upload.begun")
        try:
            yield incoming
        finally:
            if not incoming.is_recorded:
                await asyncio.shield(asyncio.to_thread(incoming.discard))


def _sync_names(*folders: Path) -> None:
    with suppress(OSError):  # a file system that cannot; the names hold as well as they can there
        for folder in folders:
            sync_folder(folder)


def clean_name(name: str) -> str:
    """The last part of a path of any system, of a bearable length; `upload` where there is none."""
    last = re.split(r"[/\\]", name.replace("\0", ""))[-1].strip()
    stem, dot, ending = last.rpartition(".")
    if not last.strip(". "):
        return "upload"
    if dot and stem and len(os.fsencode(ending)) <= LONGEST_ENDING:
        return f"{_cut(stem, LONGEST_NAME - LONGEST_ENDING)}.{ending}"
    return _cut(last, LONGEST_NAME)


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes; not split within a character."""
    content = os.fsencode(text)
    return text if len(content) <= limit else content[:limit].decode(errors="ignore")


def _claim_name(name: str) -> str:
    """What the file is called in its claim folder: never `.part`, never hidden."""
    return make_harmless(name)


def resting_state(document: Document) -> DocumentState:
    """Where an upload stands as long as nobody has it processed."""
    return DocumentState.READ if document.text is not None else DocumentState.UPLOADED


def _no_room(error: OSError) -> InboxFull:
    return InboxFull(f"The inbox cannot take the file: {error.strerror or error}.")
