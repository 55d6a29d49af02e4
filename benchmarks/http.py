"""The HTTP interface under load: uploads, answers, who is read next, listeners, and ten documents as the headline.

    .venv/bin/python benchmarks/http.py FOLDER [--runs 3]

All with default settings. *Headline*: the first ten pictures of the folder after one warm-up document, first all at
once asynchronously, then one after another synchronously. *Load*: 200 receipts are dropped; while both cores read them,
a document that someone waits for is uploaded and extracted, and the readings that begin between its request and its own
start are counted; then 20 clients upload 500 documents and have them extracted asynchronously, and none may be lost;
each POST /api/extract is paired with a GET on an aiohttp application that answers nothing. *Listeners*: 20 documents
are dropped without listeners, then 20 with 300 event streams and one that never reads.
"""

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # this file would hide the standard library's http

import argparse
import asyncio
import itertools
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.latency import EmptyServer
from benchmarks.subject import PICTURES, Daemon, machine, percentile

DROPPED, UPLOADS, CLIENTS = 200, 500, 20
LISTENERS, HEARD = 300, 20
HEADLINE = 10
LONGEST_S = 1800.0


def make_distinct(folder: Path, count: int) -> list[tuple[str, bytes]]:
    """Return that many distinct documents: the folder's JPEGs, repeated, each with unique bytes at its end."""
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if not pictures:
        sys.exit(f"{folder} holds no JPEG.")
    chosen = itertools.islice(itertools.cycle(pictures), count)
    return [(f"{number:04d}-{path.name}", path.read_bytes() + b"%08d" % number) for number, path in enumerate(chosen)]


class Client:
    """A client with its own session."""

    def __init__(self, session: aiohttp.ClientSession, host: str) -> None:
        self._session, self._base = session, f"http://{host}"

    async def upload(self, name: str, content: bytes) -> str:
        """Upload a document; return its file id."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        return str((await self._post("/api/upload", data=form))["file_id"])

    async def extract(self, file_id: str, *, is_async: bool) -> dict[str, Any]:
        """Return the answer of POST /api/extract."""
        return await self._post(f"/api/extract/{file_id}", json={"async": is_async})

    async def _post(self, path: str, **content: Any) -> dict[str, Any]:
        while True:
            async with self._session.post(self._base + path, **content) as response:
                if response.status == 429:
                    await asyncio.sleep(float(response.headers["Retry-After"]))
                    continue
                answer: dict[str, Any] = await response.json()
                if response.status >= 400:
                    raise RuntimeError(f"{path}: {response.status} {answer}")
                return answer

    async def wait(self, task_id: str) -> dict[str, Any]:
        """Return the task once it has ended, polling ten times a second."""
        while True:
            async with self._session.get(f"{self._base}/api/task/{task_id}") as response:
                answer: dict[str, Any] = await response.json()
            if answer.get("state") in ("SUCCESS", "FAILURE"):
                return answer
            await asyncio.sleep(0.1)


@dataclass
class Load:
    """The results of one run under load; times in seconds."""

    answers: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    overtaken_by: int = -1
    lost: int = 0

    def __str__(self) -> str:
        """Format it for printing."""
        parts = [
            f"{what} median {percentile(values, 0.5) * 1000:.1f}, p99 {percentile(values, 0.99) * 1000:.1f} ms"
            for what, values in (("POST /api/extract", self.answers), ("an empty handler", self.empty))
        ]
        return (
            f"{'; '.join(parts)}; {self.lost} of {len(self.answers)} lost; "
            f"{self.overtaken_by} readings began between an awaited document's request and its own"
        )


async def run_load(folder: Path, uploads: int, dropped: int) -> Load:
    """Do one run under load."""
    documents = make_distinct(folder, uploads + dropped + 1)
    (awaited_name, awaited), *documents = documents
    found = Load()
    with Daemon() as subject, EmptyServer() as server:
        for name, content in documents[:dropped]:
            subject.drop(name, content)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LONGEST_S)) as session:
            client = Client(session, subject.host)
            await asyncio.sleep(4.0)  # both children are reading
            found.overtaken_by = await count_overtaking(client, subject, awaited_name, awaited)
            queue = iter(documents[dropped:])
            tasks: list[str] = []

            async def work() -> None:
                for name, content in queue:
                    file_id = await client.upload(name, content)
                    began = time.monotonic()
                    tasks.append(str((await client.extract(file_id, is_async=True))["task_id"]))
                    found.answers.append(time.monotonic() - began)
                    began = time.monotonic()
                    async with session.get(f"http://{server.host}/") as response:
                        await response.read()
                    found.empty.append(time.monotonic() - began)

            await asyncio.gather(*(work() for _ in range(CLIENTS)))
            ended = [await client.wait(task) for task in tasks]
            found.lost = uploads - sum(each["state"] == "SUCCESS" for each in ended)
            await asyncio.to_thread(subject.listener.wait, [name for name, _ in documents[:dropped]], LONGEST_S)
    return found


async def count_overtaking(client: Client, subject: Daemon, name: str, content: bytes) -> int:
    """Count the readings of others that began between the request for an awaited document and its own start."""
    file_id = await client.upload(name, content)
    asked_at = subject.listener.newest
    task = str((await client.extract(file_id, is_async=True))["task_id"])
    await client.wait(task)
    started = [
        event["task_id"]
        for event in subject.listener.events
        if event["id"] > asked_at and event["status"] == "Running OCR..."
    ]
    return started.index(task)


async def run_listeners(folder: Path, count: int) -> None:
    """Measure memory and delay with many listeners, one of which never reads."""
    documents = make_distinct(folder, 2 * HEARD)
    with Daemon() as subject:
        alone = await asyncio.to_thread(drop_all, subject, documents[:HEARD])
        before = subject.memory().daemon
        host, port = subject.host.rsplit(":", 1)
        deaf = socket.create_connection((host, int(port)))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(f"GET /api/events HTTP/1.1\r\nHost: {subject.host}\r\n\r\n".encode())
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(None)) as session:
            streams = [await session.get(f"http://{subject.host}/api/events") for _ in range(count)]
            heard = [asyncio.create_task(listen(stream)) for stream in streams]
            together = await asyncio.to_thread(drop_all, subject, documents[HEARD:])
            await asyncio.sleep(1.0)
            after = subject.memory().daemon
            for task in heard:
                task.cancel()
            counts = [len(ids) for ids in await asyncio.gather(*heard)]
        deaf.close()
    print(f"listeners: {count} streams and one that never reads cost {after - before:.0f} MB in the daemon")
    print(
        f"  each heard {min(counts)} to {max(counts)} events; "
        f"{HEARD} documents took {alone:.1f} s without and {together:.1f} s with them"
    )


async def listen(stream: aiohttp.ClientResponse) -> set[int]:
    """Collect the ids of the events heard until cancelled."""
    ids: set[int] = set()
    try:
        async for line in stream.content:
            if line.startswith(b"id: "):
                ids.add(int(line[4:]))
    except asyncio.CancelledError:
        stream.close()
    return ids


def drop_all(subject: Daemon, documents: list[tuple[str, bytes]]) -> float:
    """Return the seconds from the first drop to the end of the last document."""
    began = time.monotonic()
    for name, content in documents:
        subject.drop(name, content)
    passages = subject.listener.wait([name for name, _ in documents], LONGEST_S)
    return max(passage.ended_at or 0.0 for passage in passages) - began


async def run_headline(paths: list[Path]) -> tuple[float, float]:
    """Return the seconds for the first ten pictures: at once asynchronously, and one after another synchronously."""
    warm_up, first_ten = paths[HEADLINE], paths[:HEADLINE]
    seconds = []
    for is_async in (True, False):
        with Daemon() as subject:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LONGEST_S)) as session:
                client = Client(session, subject.host)
                ids = [await client.upload(path.name, path.read_bytes()) for path in (warm_up, *first_ten)]
                await client.extract(ids[0], is_async=False)
                began = time.monotonic()
                if is_async:
                    answers = await asyncio.gather(*(client.extract(each, is_async=True) for each in ids[1:]))
                    ended = await asyncio.gather(*(client.wait(str(each["task_id"])) for each in answers))
                    assert all(each["state"] == "SUCCESS" for each in ended)
                else:
                    for each in ids[1:]:
                        await client.extract(each, is_async=False)
                seconds.append(time.monotonic() - began)
    return seconds[0], seconds[1]


async def run_all(args: argparse.Namespace, pictures: list[Path]) -> None:
    print(f"{args.folder}; {machine()}", flush=True)
    for number in range(1, args.runs + 1):
        together, one_by_one = await run_headline(pictures)
        seconds = f"{together:.2f} s asynchronously, {one_by_one:.2f} s one after the other"
        print(f"{number} headline: {HEADLINE} documents in {seconds}", flush=True)
    for number in range(1, args.runs + 1):
        print(f"{number} load: {await run_load(args.folder, args.uploads, args.dropped)}", flush=True)
    await run_listeners(args.folder, args.listeners)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the documents are")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--uploads", type=int, default=UPLOADS)
    parser.add_argument("--dropped", type=int, default=DROPPED)
    parser.add_argument("--listeners", type=int, default=LISTENERS)
    args = parser.parse_args()
    pictures = sorted(path for path in args.folder.iterdir() if path.suffix.lower() in PICTURES)
    asyncio.run(run_all(args, pictures[: HEADLINE + 1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
