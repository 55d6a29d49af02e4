"""Child processes that hang, die, take too much, or are interrupted; the next document never suffers from it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from tests.e2e import papers

from expensed.errors import (
    ChildDied,
    Gone,
    Interrupted,
    MachineTrouble,
    OcrTimeout,
    OutOfMemory,
    TooLarge,
    UnsupportedKind,
)
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Examination
from expensed.model.states import Likeness
from expensed.readers.child import LARGEST_FILE
from expensed.readers.pool import Children, Limits, OnStage
from expensed.reading.options import ReadingOptions

MakeChildren = Callable[..., Children]


@pytest.fixture
async def make_children(tmp_path: Path) -> AsyncIterator[MakeChildren]:
    made: list[Children] = []

    def make(time_s: float = 30, memory_mb: int = 1500, idle_s: float = 30, slots: int = 2) -> Children:
        (tmp_path / "scratch").mkdir(exist_ok=True)
        made.append(Children(Limits(time_s, memory_mb, idle_s), tmp_path / "scratch", slots))
        return made[-1]

    yield make
    for children in made:
        await children.stop()
    assert list((tmp_path / "scratch").iterdir()) == []


async def ignore(stage: str) -> None:
    """Ignore the stages."""


async def examine(children: Children, path: Path, on_stage: OnStage = ignore) -> Examination:
    return await children.examine(path, ReadingOptions(), ExtractionOptions(today=date(2024, 6, 1)), on_stage)


def write(tmp_path: Path, name: str, number: int, *, picture: bool = False) -> Path:
    lines = papers.receipt_lines(number)
    return papers.write(tmp_path / name, papers.picture(lines) if picture else papers.pdf(lines))


async def find_child() -> psutil.Process:
    """Return the one child process once it exists."""
    while True:
        for process in psutil.Process().children():
            if "expensed.readers.child" in " ".join(process.cmdline()):
                return process
        await asyncio.sleep(0.01)


async def test_it_tells_the_stages_and_brings_back_what_it_read(make_children: MakeChildren, tmp_path: Path) -> None:
    stages: list[str] = []

    async def note(stage: str) -> None:
        stages.append(stage)

    examination = await examine(make_children(), write(tmp_path, "a.pdf", 1), note)
    assert stages == ["extraction", "currency"]
    assert str(examination.expense.amount) == "7.53"


async def test_it_compares_the_pictures_of_two_files(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    one, other = (write(tmp_path, f"{number}.jpg", number, picture=True) for number in (1, 2))
    assert await children.compare(one, one, ReadingOptions()) is not Likeness.DIFFERENT
    assert await children.compare(one, other, ReadingOptions()) is Likeness.DIFFERENT
    with pytest.raises(Gone):
        await children.compare(one, tmp_path / "gone.jpg", ReadingOptions())


async def test_one_that_hangs_is_killed_at_its_time_limit(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children(time_s=8)
    await examine(children, write(tmp_path, "warm.pdf", 1))
    running = asyncio.create_task(examine(children, write(tmp_path, "a.jpg", 1, picture=True)))
    child = await find_child()
    child.suspend()
    with pytest.raises(OcrTimeout):
        await running
    child.wait(5)
    assert (await examine(children, write(tmp_path, "b.pdf", 2))).expense.amount is not None


async def test_one_that_dies_is_replaced(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    await examine(children, write(tmp_path, "warm.pdf", 1))
    running = asyncio.create_task(examine(children, write(tmp_path, "a.jpg", 1, picture=True)))
    await asyncio.sleep(0)
    os.kill((await find_child()).pid, signal.SIGKILL)
    with pytest.raises(ChildDied, match="SIGKILL"):
        await running
    assert (await examine(children, write(tmp_path, "b.pdf", 2))).expense.amount is not None


async def test_one_that_takes_too_much_memory_is_killed(make_children: MakeChildren, tmp_path: Path) -> None:
    with pytest.raises(OutOfMemory, match="60 MB are allowed"):
        await examine(make_children(memory_mb=60), write(tmp_path, "a.jpg", 1, picture=True))


async def test_those_who_leave_while_one_starts_do_not_breed_more(make_children: MakeChildren, tmp_path: Path) -> None:
    children, document = make_children(slots=1), write(tmp_path, "a.pdf", 1)
    for _ in range(5):
        leaving = asyncio.create_task(examine(children, document))
        await asyncio.sleep(0.02)
        leaving.cancel()
        await asyncio.wait({leaving})
    assert str((await examine(children, document)).expense.amount) == "7.53"
    assert children.alive == 1


async def test_no_more_of_them_idle_than_can_be_asked_at_once(make_children: MakeChildren, tmp_path: Path) -> None:
    children, document = make_children(slots=1), write(tmp_path, "a.pdf", 1)
    await asyncio.gather(*(examine(children, document) for _ in range(3)))
    async with asyncio.timeout(10):
        while children.alive > 1:
            await asyncio.sleep(0.01)
    assert (await examine(children, document)).expense.amount is not None


async def test_an_answer_that_nobody_took_never_goes_to_the_next_document(
    make_children: MakeChildren, tmp_path: Path
) -> None:
    children = make_children()

    async def fail(stage: str) -> None:
        raise RuntimeError("the ledger is locked")

    with pytest.raises(RuntimeError):
        await examine(children, write(tmp_path, "a.pdf", 1), fail)
    examination = await examine(children, write(tmp_path, "b.pdf", 2))
    assert "00002" in examination.text


async def test_one_whose_request_was_cancelled_is_not_asked_again(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    running = asyncio.create_task(examine(children, write(tmp_path, "a.jpg", 1, picture=True)))
    await find_child()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "00002" in (await examine(children, write(tmp_path, "b.pdf", 2))).text


async def test_idle_ones_leave(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children(idle_s=0.2)
    running = asyncio.create_task(examine(children, write(tmp_path, "a.pdf", 1)))
    child = await find_child()
    await running
    await asyncio.to_thread(child.wait, 20)
    async with asyncio.timeout(20):
        while children.alive:
            await asyncio.sleep(0.01)


async def test_stopping_interrupts_what_is_being_read(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    running = asyncio.create_task(examine(children, write(tmp_path, "a.jpg", 1, picture=True)))
    await find_child()
    await children.stop()
    with pytest.raises(Interrupted):
        await running
    with pytest.raises(Interrupted):
        await examine(children, tmp_path / "a.jpg")


async def test_what_a_file_provokes_comes_back_as_its_error(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    with pytest.raises(Gone):
        await examine(children, tmp_path / "missing.pdf")
    with pytest.raises(UnsupportedKind):
        await examine(children, papers.write(tmp_path / "letter.pdf", b"Dear all,\n"))
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(TooLarge):
        await examine(children, huge)
    assert children.alive == 1, "an error is an answer: the same process goes on"


async def test_a_machine_without_a_free_thread_is_at_fault_not_the_document(
    make_children: MakeChildren, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    children, path = make_children(), write(tmp_path, "a.pdf", 1)
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "create_subprocess_exec", fail)
        with pytest.raises(MachineTrouble, match="can't start new thread"):
            await examine(children, path)
    assert (await examine(children, path)).expense.amount is not None
