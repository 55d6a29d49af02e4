"""What the tests of the HTTP door work with: one life of a daemon with a real ledger, pipeline and server on a free
port, whose documents are put in through the ledger; and a client of its events."""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from expensed.archive.sidecar import sidecar_path
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, Fault
from expensed.event_bus import Bus
from expensed.jobs.worker import Jobs
from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import end_task, insert_task, set_status, start_attempt
from expensed.ledger.tasks import get_task
from expensed.model.admission import WaitingFile
from expensed.model.expense import Evidence, Expense
from expensed.model.json_text import encode
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root, Status, Step, TaskOrigin, TaskState
from expensed.pipeline.context import Context
from expensed.pipeline.filing.sidecar_and_note import write_sidecar
from expensed.pipeline.gate import Gate
from expensed.pipeline.pipeline import Pipeline
from expensed.pipeline.upkeep.marks import mark_places
from expensed.readers.pool import Children, Limits
from expensed.web.app import make_app
from expensed.web.connections import Limits as CrowdLimits
from expensed.web.deps import Dependencies
from expensed.web.server import WebServer
from expensed.web.sse.pace import Pace
from expensed.web.sse.stream import STREAMS, Streams

SERIAL = itertools.count(1)
RESULT = Expense(
    vendor="Adobe",
    amount=Decimal("52.99"),
    date=date(2024, 1, 15),
    category="Software & Services",
    confidence=92,
    currency="USD",
    fields={
        "vendor": Evidence(value="Adobe", confidence=0.6, page=1, box=(0.1, 0.1, 0.3, 0.12), text="Adobe"),
        "amount": Evidence(value="52.99", confidence=0.95, page=1, box=(0.7, 0.5, 0.8, 0.52), text="52.99"),
        "date": Evidence(value="2024-01-15", confidence=0.97, page=1, box=(0.1, 0.2, 0.3, 0.22), text="2024-01-15"),
        "currency": Evidence(value="USD", confidence=0.9, page=1, box=(0.8, 0.5, 0.9, 0.52), text="USD"),
        "category": Evidence(value="Software & Services", confidence=0.9),
    },
    needs_review=True,
    reasons=("The vendor is not sure.",),
)
"""What was read of a document that waits in review."""
FILED = replace(RESULT, needs_review=False, reasons=())
"""The same of one that was filed."""


@dataclass
class Site:
    """One life of the daemon's HTTP side, and ways to put work into its ledger."""

    settings: Settings
    bus: Bus
    ledger: Ledger
    pipeline: Pipeline
    server: WebServer
    streams: Streams
    app: web.Application
    jobs: Jobs
    waiting: list[WaitingFile] = field(default_factory=list)
    trouble: str | None = None
    heartbeat_age_s: float | None = 1.0

    @property
    def url(self) -> str:
        return self.server.address

    async def add(
        self,
        file: str = "scan.pdf",
        *,
        state: DocumentState = DocumentState.ADMITTED,
        origin: TaskOrigin = TaskOrigin.DROP,
        place: Place | None = None,
        sha256: str = "",
        **changes: Any,
    ) -> Task:
        """Add a document with its PENDING task."""
        serial = next(SERIAL)
        document_id = f"20240115_{serial:06}_invoice.pdf"
        new = NewDocument(document_id, DocumentOrigin.DROP, file, file, sha256 or f"{serial:064x}", 7, 0,
                          place or Place(Root.INBOX, f".expensed/{document_id}/{file}"))  # fmt: skip
        async with self.ledger.transaction() as tx:
            number = await insert_document(tx, new, state)
            assert number is not None
            task = await insert_task(tx, number, origin=origin, step=Step.EXTRACT)
            await update_document(tx, number, **changes)
            return await get_task(tx, task)

    async def begin(self, task: Task) -> None:
        async with self.ledger.transaction() as tx:
            assert await start_attempt(tx, task, self.pipeline.context.run, Status.READING)

    async def say(self, task: Task, status: Status) -> None:
        async with self.ledger.transaction() as tx:
            await set_status(tx, task.number, status)

    async def end(self, task: Task, ended: TaskState, error: Fault | None = None, /, **changes: Any) -> None:
        async with self.ledger.transaction() as tx:
            await update_document(tx, task.document, **changes)
            await end_task(tx, task, ended, error=error)

    async def add_in_review(self, file: str = "scan.pdf", content: bytes = b"", **changes: Any) -> Task:
        """Add a document that waits for a person, with its bytes where the ledger says."""
        content = content or file.encode()
        path = self.settings.archive.path / "_review" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        task = await self.add(file, place=Place(Root.ARCHIVE, f"_review/{file}"), sha256=sha256)
        await self.begin(task)
        waits = {"state": DocumentState.REVIEW, "outcome": Outcome.REVIEW, "result": RESULT}
        await self.end(task, TaskState.SUCCESS, **(waits | changes))
        return task

    async def add_filed(
        self, file: str = "scan.pdf", content: bytes = b"", *, folder: str = "2024/Other", **changes: Any
    ) -> Task:
        """Add a document that was filed, with its bytes and sidecar in the archive."""
        content = content or file.encode()
        path = self.settings.archive.path / folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        task = await self.add(file, place=Place(Root.ARCHIVE, f"{folder}/{file}"), sha256=sha256)
        await self.begin(task)
        filed = {"state": DocumentState.FILED, "outcome": Outcome.FILED, "result": FILED}
        await self.end(task, TaskState.SUCCESS, **(filed | changes))
        document = await self.document(task)
        sidecar = write_sidecar(document, Outcome.FILED, document.place.path, None)
        sidecar_path(path).write_text(sidecar, encoding="utf-8")
        return task

    async def document(self, task: Task) -> Document:
        return await get_document(self.ledger, task.document)


@asynccontextmanager
async def run_site(
    folder: Path,
    pace: Pace | None = None,
    *,
    queue: dict[str, Any] | None = None,
    reading: dict[str, Any] | None = None,
    export: dict[str, Any] | None = None,
    categories: dict[str, Any] | None = None,
    has_jobs: bool = False,
    time_limit_s: float = 30,
    limits: CrowdLimits | None = None,
    **web: Any,
) -> AsyncIterator[Site]:
    """One life of the daemon's HTTP side on a folder; with its worker and a Redis of its own if it `has_jobs`."""
    others = {"queue": queue, "reading": reading, "export": export, "categories": categories}
    settings = Settings.at(folder, web={"port": 0} | web, **{name: given or {} for name, given in others.items()})
    for path in (settings.inbox.path, settings.archive.path):
        path.mkdir(exist_ok=True)
    bus = Bus()
    ledger = Ledger(settings.state.path / "ledger.sqlite", bus)
    await ledger.open()
    (folder / "scratch").mkdir(exist_ok=True)
    children = Children(Limits(time_limit_s, 1000, 10), folder / "scratch", 1)
    await mark_places(settings, ledger)
    pipeline = Pipeline(Context(settings, ledger, children, Gate(1), f"run-{id(ledger)}"))
    await pipeline.begin()
    site: Site
    parts = Dependencies(
        settings=settings, ledger=ledger, bus=bus, pipeline=pipeline, pace=pace or Pace(),
        waiting=lambda: site.waiting, queue_trouble=lambda: site.trouble,
        heartbeat_age_s=lambda: site.heartbeat_age_s, missed=lambda: 3,
    )  # fmt: skip
    app = make_app(parts)
    server = WebServer(app, settings.web.host, settings.web.port, proxies=settings.web.proxy, limits=limits)
    jobs = Jobs(ledger, bus, pipeline, settings.queue.url, 1)
    site = Site(settings, bus, ledger, pipeline, server, app[STREAMS], app, jobs)
    try:
        await server.start()
        if has_jobs:
            await jobs.start()
        yield site
    finally:
        with suppress(BackendUnavailable):  # some tests take the ledger away
            await pipeline.stop()
        await server.stop()
        await jobs.stop()
        await ledger.close()


def as_json(value: object) -> Any:
    """Return a value of the model as it is sent and stored."""
    return json.loads(encode(value))


def form(content: bytes, name: str = "receipt.pdf", field: str = "file") -> aiohttp.FormData:
    """A multipart form with one file."""
    data = aiohttp.FormData(quote_fields=False)
    data.add_field(field, io.BytesIO(content), filename=name)
    return data


async def post(http: aiohttp.ClientSession, path: str, status: int = 200, **how: Any) -> dict[str, Any]:
    """POST; return the JSON answer, which must have this status."""
    async with http.post(path, **how) as answer:
        assert answer.status == status, await answer.text()
        shown: dict[str, Any] = await answer.json()
        return shown


async def get(http: aiohttp.ClientSession, path: str, status: int = 200, **how: Any) -> dict[str, Any]:
    """GET; return the JSON answer, which must have this status."""
    async with http.get(path, **how) as answer:
        assert answer.status == status, await answer.text()
        shown: dict[str, Any] = await answer.json()
        return shown


async def upload(http: aiohttp.ClientSession, content: bytes, name: str = "receipt.pdf") -> str:
    """Upload a file; return its id."""
    return str((await post(http, "/api/upload", data=form(content, name)))["file_id"])


async def wait_for(http: aiohttp.ClientSession, task_id: str, *states: str) -> dict[str, Any]:
    """Return the task once it is in one of these states."""
    async with asyncio.timeout(30):
        while (task := await get(http, f"/api/task/{task_id}"))["state"] not in states:
            await asyncio.sleep(0.02)
    return task


class Listener:
    """A client of /api/events that behaves like EventSource."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.last_id: int | None = None
        self.comments = 0

    async def next(self) -> tuple[str, dict[str, Any]] | None:
        """(name, data) of the next event, or None at the end of the stream."""
        name, data = "message", ""
        async for raw in self.answer.content:
            line = raw.decode().rstrip("\n")
            if line.startswith(":"):
                self.comments += 1
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("id: "):
                self.last_id = int(line[4:])
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and data:
                return name, json.loads(data)
        return None

    async def take(self, count: int) -> list[dict[str, Any]]:
        """Return the next `count` ordinary events."""
        taken = []
        for _ in range(count):
            got = await self.next()
            assert got is not None
            assert got[0] == "message"
            taken.append(got[1])
        return taken

    async def rest(self) -> list[tuple[str, dict[str, Any]]]:
        """Return everything until the stream ends."""
        taken = []
        while (got := await self.next()) is not None:
            taken.append(got)
        return taken


@asynccontextmanager
async def listen(http: aiohttp.ClientSession, after: int | str | None = None, **query: Any) -> AsyncIterator[Listener]:
    """Open a stream, resumed after an id."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    async with http.get("/api/events", params=query, headers=headers) as answer:
        assert answer.status == 200
        yield Listener(answer)


async def until(condition: Callable[[], bool], deadline_s: float = 5.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(deadline_s):
        while not condition():
            await asyncio.sleep(0.005)
