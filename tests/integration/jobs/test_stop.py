"""Bell and worker end at once, whenever they are asked to."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from expensed.config.schema import Settings
from expensed.jobs.redis_ping import ping_server
from expensed.jobs.worker import Jobs
from expensed.ledger.store import Ledger
from expensed.pipeline.context import Context
from expensed.pipeline.gate import Gate
from expensed.pipeline.pipeline import Pipeline
from expensed.readers.pool import Children, Limits


@pytest.fixture(params=[(), ("--requirepass", "secret")], ids=["answers", "refuses"])
def redis_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A redis-server that answers, or one that refuses."""
    url = f"unix://{tmp_path}/r.sock"
    with subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", f"{tmp_path}/r.sock", "--save", "", *request.param],
        cwd=tmp_path, stdout=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        deadline = time.monotonic() + 10
        while "onnect" in (ping_server(url) or ""):
            assert time.monotonic() < deadline
        yield url
        server.kill()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # redis-py drops a connection that it was just making
async def test_a_stop_while_they_connect_is_not_lost(ledger: Ledger, tmp_path: Path, redis_url: str) -> None:
    """redis-py sends inside `asyncio.wait_for`, which swallows a cancellation at some moments (Python 3.11)."""
    children = Children(Limits(30, 1000, 10), tmp_path, 1)
    pipeline = Pipeline(Context(Settings.at(tmp_path), ledger, children, Gate(1), "run"))

    async def stop_after(turns: int) -> None:
        jobs = Jobs(ledger, ledger.bus, pipeline, redis_url, 1)
        await jobs.start()
        for _ in range(turns):
            await asyncio.sleep(0)
        await jobs.stop()

    stopping = [asyncio.create_task(stop_after(turns)) for turns in range(60)]
    _, lost = await asyncio.wait(stopping, timeout=20)
    assert not lost
    gc.collect()
