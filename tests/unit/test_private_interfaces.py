"""Four libraries are used below their public interfaces, each by one module. These tests state what expensed
relies on there, so that a new version that changes it fails at once, and loudly."""

from __future__ import annotations

import inspect
import sqlite3
from importlib.metadata import requires
from pathlib import Path

import aiosqlite
import pytest
from aiohttp import StreamReader, web
from arq.worker import Worker
from packaging.requirements import Requirement
from watchdog.observers import inotify_c

SOURCES = Path(__file__).parents[2] / "daemon" / "expensed"
ADVICE = "look at what the new version does before its bound in pyproject.toml is raised"


def parameters(function: object) -> list[str]:
    assert callable(function), ADVICE
    return list(inspect.signature(function).parameters)


@pytest.mark.parametrize("library", ["aiohttp", "aiosqlite", "arq", "watchdog"])
def test_a_library_used_below_its_public_interface_has_an_upper_bound(library: str) -> None:
    bounds = {each.name: each.specifier for each in map(Requirement, requires("expensed") or ())}
    assert any(each.operator == "<" for each in bounds[library])


@pytest.mark.parametrize(
    ("private", "module"),
    [
        ("inotify_c", "inbox/observer.py"),
        ("_poll_iteration", "jobs/worker.py"),
        ("self._execute(", "ledger/batch.py"),
        ("web.RequestHandler", "web/connections.py"),
    ],
)
def test_only_one_module_goes_below_a_public_interface(private: str, module: str) -> None:
    users = [path for path in SOURCES.rglob("*.py") if private in path.read_text("utf-8")]
    assert [path.relative_to(SOURCES).as_posix() for path in users] == [module]


def read_back(raw: sqlite3.Connection, value: int) -> object:
    return raw.execute("SELECT ?", (value,)).fetchone()


async def test_aiosqlite_takes_any_function_to_its_thread() -> None:
    assert parameters(aiosqlite.Connection._execute) == ["self", "fn", "args", "kwargs"], ADVICE
    async with aiosqlite.connect(":memory:") as connection:
        assert isinstance(connection._conn, sqlite3.Connection), ADVICE
        found = await connection._execute(read_back, connection._conn, 7)
    assert found == (7,), ADVICE


def test_arq_polls_in_a_method_of_its_own_and_starts_jobs_by_their_ids() -> None:
    assert inspect.iscoroutinefunction(Worker._poll_iteration), ADVICE
    assert parameters(Worker._poll_iteration) == ["self"], ADVICE
    assert parameters(Worker.start_jobs) == ["self", "job_ids"], ADVICE
    assert "await self._poll_iteration()" in inspect.getsource(Worker.main), ADVICE


def test_watchdog_has_one_inotify_reader_that_calls_back() -> None:
    assert parameters(inotify_c.InotifyFD.add_callback) == ["self", "path", "mask", "callback", "id_"], ADVICE
    assert parameters(inotify_c.InotifyFD.remove_callbacks) == ["self", "callbacks"], ADVICE
    for method in ("start", "stop", "join", "is_alive"):
        assert callable(getattr(inotify_c.InotifyFD, method)), ADVICE
    handle = inspect.getsource(inotify_c)
    assert ".on_event(" in handle, ADVICE
    assert ".on_watch_deleted(" in handle, ADVICE


def test_aiohttp_tells_a_connection_of_its_beginning_each_answer_and_its_end() -> None:
    handler = web.RequestHandler
    assert parameters(handler.connection_made) == ["self", "transport"], ADVICE
    assert parameters(handler.connection_lost) == ["self", "exc"], ADVICE
    assert parameters(handler.log_access) == ["self", "request", "response", "time"], ADVICE
    assert inspect.getsource(handler.finish_response).count("self.log_access(request, resp, start_time)") == 2, ADVICE
    assert parameters(StreamReader.on_eof) == ["self", "callback"], ADVICE
    assert parameters(web.Server.__call__) == ["self"], ADVICE
    assert "RequestHandler(self, loop=self._loop, **self._kwargs)" in inspect.getsource(web.Server.__call__), ADVICE
