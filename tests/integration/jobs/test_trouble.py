"""What is said of a queue that does not work: Redis away is one thing, Redis refusing, or a broken ledger, another."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from expensed.config.schema import Settings
from expensed.jobs.redis_ping import ping_server
from expensed.jobs.worker import Jobs
from expensed.ledger.documents import NewDocument, insert_document
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import insert_task
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root, Step, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.gate import Gate
from expensed.pipeline.pipeline import Pipeline
from expensed.readers.pool import Children, Limits

MakeRedis = Callable[..., str]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # redis-py drops one it was just making


@pytest.fixture
def make_redis(tmp_path: Path) -> Iterator[MakeRedis]:
    """Start a redis-server with these options; return its address."""
    servers = []

    def make(*options: str) -> str:
        url = f"unix://{tmp_path}/r.sock"
        words = ["redis-server", "--port", "0", "--unixsocket", f"{tmp_path}/r.sock", "--save", "", *options]
        servers.append(subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL))
        deadline = time.monotonic() + 10
        while "onnect" in (ping_server(url) or ""):
            assert time.monotonic() < deadline
        return url

    yield make
    for server in servers:
        server.kill()
        server.wait()
    gc.collect()  # not in a later test, which ignores no warning


@pytest.fixture
def make_jobs(ledger: Ledger, tmp_path: Path) -> Callable[[str], Jobs]:
    """Make bell and worker on a Redis; no document can be read."""
    children = Children(Limits(30, 1000, 10), tmp_path, 1)
    pipeline = Pipeline(Context(Settings.at(tmp_path), ledger, children, Gate(1), "run"))
    return lambda url: Jobs(ledger, ledger.bus, pipeline, url, 1)


async def add_due(ledger: Ledger) -> None:
    new = NewDocument("20240101_100000_a", DocumentOrigin.DROP, "a", "a", "0" * 64, 1, 0, Place(Root.INBOX, "a"))
    async with ledger.transaction() as tx:
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        await insert_task(tx, number, origin=TaskOrigin.DROP, step=Step.EXTRACT)


async def until_trouble(jobs: Jobs, words: str | None) -> None:
    async with asyncio.timeout(10):
        while (jobs.trouble is None) if words else (jobs.trouble is not None):
            await asyncio.sleep(0.01)
        while words is not None and words not in (jobs.trouble or ""):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--requirepass", "secret"), "refuses the user or password of queue.url (Authentication required"),
        (("--maxmemory", "1"), "refuses what it is asked (command not allowed when used memory > 'maxmemory'"),
    ],
)
async def test_a_redis_that_refuses_is_not_called_away(
    make_redis: MakeRedis, make_jobs: Callable[[str], Jobs], ledger: Ledger, options: tuple[str, ...], words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    await add_due(ledger)
    jobs = make_jobs(await asyncio.to_thread(make_redis, *options))
    with caplog.at_level(logging.INFO, "expensed.jobs"):
        await jobs.start()
        await until_trouble(jobs, words)
        await asyncio.sleep(1.2)  # two more tries
        await jobs.stop()
    assert words in (jobs.trouble or "")
    assert len([each for each in caplog.records if "queue" in each.getMessage()]) == 1, "it is said once"


async def test_a_foreign_key_under_the_name_of_the_queue_is_removed(
    make_redis: MakeRedis, make_jobs: Callable[[str], Jobs], ledger: Ledger, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(make_redis)
    words = ["redis-cli", "-s", url.removeprefix("unix://"), "SET", f"expensed:{ledger.id}", "foreign"]
    await asyncio.to_thread(subprocess.run, words, check=True, timeout=10)
    jobs = make_jobs(url)
    await jobs.start()
    await until_trouble(jobs, None)
    await jobs.stop()


async def test_a_ledger_that_cannot_be_read_is_not_the_fault_of_redis(
    make_redis: MakeRedis, make_jobs: Callable[[str], Jobs], ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = make_jobs(await asyncio.to_thread(make_redis))
    await jobs.start()
    await until_trouble(jobs, None)
    await ledger.close()
    with caplog.at_level(logging.INFO, "expensed.jobs"):
        await until_trouble(jobs, "the ledger cannot be used")
    await jobs.stop()
