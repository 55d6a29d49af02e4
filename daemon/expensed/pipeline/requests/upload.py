"""Receive an upload: stream it to `.part` in its own claim folder, record it, name it, and only then answer.

An upload that breaks off leaves nothing behind. Once its row is committed, recovery finishes it; before that,
recovery clears it away. One that is to be filed gets the task of a dropped file together with its row, so that nobody
needs to ask for more; until the file has its name the task is unsettled, and after a crash it settles like a claim.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from expensed.archive.naming import make_harmless
from expensed.boundaries import boundary
from expensed.disk.claims import CLAIMS, PART, remove_claim_folder
from expensed.disk.files import sync_folder
from expensed.errors import InboxFull, PlaceAway
from expensed.formats.signatures import HEAD_BYTES
from expensed.formats.sniff import sniff_kind
from expensed.ledger.documents import NewDocument, find_document, find_first, insert_document
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import direct_task, insert_task
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root, Standing, Step, TaskOrigin
from expensed.model.text import display_name
from expensed.pipeline.admit import new_claim
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_bytes import join_first
from expensed.pipeline.requests.filing import check_backlog

log = logging.getLogger("expensed.pipeline")

WRITTEN_AT_ONCE = 1 << 19
LONGEST_NAME = 200
"""How many bytes of an upload's name are kept."""
LONGEST_ENDING = 10
PART_MODE = 0o640
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Incoming:
    """One upload in progress."""

    def __init__(self, context: Context, document_id: str, name: str, *, is_to_be_filed: bool) -> None:
        self.id = document_id
        self.is_to_be_filed = is_to_be_filed
        self.is_recorded = False
        self.task_id: str | None = None
        """The task that reads and files it, once it is recorded."""
        self._context = context
        self._folder = f"{CLAIMS}/{document_id}"
        self._name = name
        self._kind: str | None = None
        self._head = b""
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._size = 0
        self._mtime_ns = 0
        self._digest = hashlib.sha256()
        with context.places.inbox.opened() as root:
            part = os.open(root / self._folder / PART, _FLAGS, PART_MODE)
        self._file = os.fdopen(part, "wb", buffering=0)

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes; UnsupportedKind as soon as their kind is known not to be supported, InboxFull."""
        if self._kind is None:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
            if len(self._head) >= HEAD_BYTES:
                self._kind = sniff_kind(self._head)
        self._pending.append(chunk)
        self._pending_bytes += len(chunk)
        if self._pending_bytes >= WRITTEN_AT_ONCE:
            await self._hand_over(self._flush)

    async def _hand_over(self, work: Callable[..., None], *values: Any) -> None:
        """Run disk work in a thread; InboxFull if it fails, PlaceAway."""
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
        """Make the complete upload durable, record its document and name its file; return the document's id.

        Raises UnsupportedKind or InboxFull (nothing is left), or BackendUnavailable (recovery does the rest).
        """
        if self._kind is None:
            self._kind = sniff_kind(self._head)
        async with self._context.uploads:
            await self._hand_over(self._finish)
            boundary("upload.written")
            target = f"{self._folder}/{_claim_name(self._name)}"
            self.is_recorded = True  # from here on it may be
            await self._insert(target)
            boundary("upload.recorded")
            await self._hand_over(self._take_name, target)
        boundary("upload.named")
        if self.is_to_be_filed:
            await self._begin_filing()
            boundary("upload.passed_on")
        log.info("%s: uploaded, %d bytes", self.id, self._size)
        return self.id

    def _finish(self) -> None:
        self._flush()
        os.fsync(self._file.fileno())
        self._mtime_ns = os.fstat(self._file.fileno()).st_mtime_ns
        self._file.close()
        with self._context.places.inbox.opened() as root:
            sync_folder(root / self._folder)
            sync_folder(root / CLAIMS)

    async def _insert(self, target: str) -> None:
        new = NewDocument(
            id=self.id,
            origin=DocumentOrigin.UPLOAD,
            name=self._name,
            file=display_name(self._name),
            sha256=self._digest.hexdigest(),
            size=self._size,
            mtime_ns=self._mtime_ns,
            place=Place(Root.INBOX, target),
            kind=self._kind,
        )
        if await self._context.ledger.change(lambda tx: self._record(tx, new)) is None:
            raise LookupError(f"{self.id} appeared during its own upload")

    async def _record(self, tx: Transaction, new: NewDocument) -> int | None:
        if not self.is_to_be_filed:
            return await insert_document(tx, new, DocumentState.UPLOADED)
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        if number is not None:
            await insert_task(tx, number, origin=TaskOrigin.DROP, step=Step.EXTRACT, standing=Standing.UNSETTLED)
        return number

    async def _begin_filing(self) -> None:
        """Make the upload's task due or, if the same bytes are known, tie it to the first that has them."""
        async with self._context.ledger.transaction() as tx:
            document = await find_document(tx, self.id)
            task = await find_unfinished_task(tx, document.number) if document is not None else None
            if document is None or task is None:
                raise LookupError(f"{self.id} disappeared during its own upload")
            first = await find_first(tx, document.number, document.sha256, self._context.is_there)
            await direct_task(tx, task, *await join_first(tx, document.number, first))
            self.task_id = task.id

    def _take_name(self, target: str) -> None:
        with self._context.places.inbox.opened() as root:
            (root / self._folder / PART).rename(root / target)
            sync_folder(root / self._folder)

    def discard(self) -> None:
        """Remove everything the upload has left."""
        self._file.close()
        with suppress(OSError, PlaceAway), self._context.places.inbox.opened() as root:  # recovery tries again
            (root / self._folder / PART).unlink(missing_ok=True)
            remove_claim_folder(root / self._folder)


@asynccontextmanager
async def receive(context: Context, name: str, *, is_to_be_filed: bool = False) -> AsyncIterator[Incoming]:
    """Yield an upload to write to and then to `record`; one that is not recorded leaves nothing after the block.

    `name` is the sender's name for it; any folders in it are dropped. `is_to_be_filed`: it goes on like a dropped file.
    Raises InboxFull, PlaceAway, Backlog.
    """
    name = clean_name(name)
    if is_to_be_filed:
        await check_backlog(context.ledger, context.settings)
    async with AsyncExitStack() as stack:
        try:
            document_id = await stack.enter_async_context(new_claim(context, context.places.inbox, name))
            incoming = Incoming(context, document_id, name, is_to_be_filed=is_to_be_filed)
        except OSError as error:
            raise _no_room(error) from error
        boundary("upload.begun")
        try:
            yield incoming
        finally:
            if not incoming.is_recorded:
                await asyncio.shield(asyncio.to_thread(incoming.discard))


def clean_name(name: str) -> str:
    """Return the last part of a path of any system, cut to LONGEST_NAME; `upload` if there is none."""
    last = re.split(r"[/\\]", name.replace("\0", ""))[-1].strip()
    stem, dot, ending = last.rpartition(".")
    if not last.strip(". "):
        return "upload"
    if dot and stem and len(os.fsencode(ending)) <= LONGEST_ENDING:
        return f"{_cut(stem, LONGEST_NAME - LONGEST_ENDING)}.{ending}"
    return _cut(last, LONGEST_NAME)


def _cut(text: str, limit: int) -> str:
    """Cut text to at most `limit` bytes without splitting a character."""
    content = os.fsencode(text)
    return text if len(content) <= limit else content[:limit].decode(errors="ignore")


def _claim_name(name: str) -> str:
    """Return the file's name in its claim folder: never `.part`, never hidden."""
    return make_harmless(name)


def resting_state(document: Document) -> DocumentState:
    """Return the state of an upload that nobody has asked to process."""
    return DocumentState.READ if document.text is not None else DocumentState.UPLOADED


def _no_room(error: OSError) -> InboxFull:
    return InboxFull(f"The inbox cannot take the file: {error.strerror or error}.")
