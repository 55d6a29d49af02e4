"""Which tasks pass the gate, and when."""

from __future__ import annotations

import asyncio

import pytest

from expensed.errors import Interrupted
from expensed.ledger.tasks import PRIORITY_ALONE
from expensed.pipeline.gate import Gate


class Visitors:
    """Tasks that enter the gate, note that they are inside, and leave when told."""

    def __init__(self, slots: int) -> None:
        self.gate = Gate(slots)
        self.inside: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.leave: dict[str, asyncio.Event] = {}

    async def come(self, name: str, priority: int, number: int) -> None:
        self.leave[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._visit(name, priority, number))
        await asyncio.sleep(0)

    async def _visit(self, name: str, priority: int, number: int) -> None:
        async with self.gate.enter(priority, number):
            self.inside.append(name)
            await self.leave[name].wait()
            self.inside.remove(name)

    async def go(self, name: str) -> None:
        self.leave[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def clear(self) -> None:
        for name, task in self.tasks.items():
            self.leave[name].set()
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def test_only_as_many_as_there_are_slots_are_inside() -> None:
    visitors = Visitors(2)
    for number, name in enumerate("abc"):
        await visitors.come(name, 1, number)
    assert visitors.inside == ["a", "b"]
    await visitors.go("a")
    assert visitors.inside == ["b", "c"]
    await visitors.clear()


async def test_who_is_waited_for_goes_before_bulk_and_older_before_newer() -> None:
    visitors = Visitors(1)
    for name, priority, number in (("first", 1, 9), ("bulk 2", 1, 2), ("bulk 1", 1, 1), ("awaited", 0, 8)):
        await visitors.come(name, priority, number)
    order = []
    for _ in range(4):
        order += visitors.inside
        await visitors.go(visitors.inside[0])
    assert order == ["first", "awaited", "bulk 1", "bulk 2"]


async def test_a_dangerous_document_is_read_last_and_alone() -> None:
    visitors = Visitors(2)
    await visitors.come("bulk", 1, 5)
    await visitors.come("danger", 2, 1)
    assert visitors.inside == ["bulk"], "it waits until nobody is inside"
    await visitors.come("late bulk", 1, 6)
    assert visitors.inside == ["bulk", "late bulk"]
    await visitors.go("bulk")
    await visitors.go("late bulk")
    assert visitors.inside == ["danger"]
    await visitors.come("awaited", 0, 7)
    assert visitors.inside == ["danger"], "nobody joins it"
    await visitors.go("danger")
    assert visitors.inside == ["awaited"]
    await visitors.clear()


async def test_one_who_gives_up_waiting_takes_no_slot() -> None:
    visitors = Visitors(1)
    await visitors.come("a", 1, 1)
    await visitors.come("b", 1, 2)
    await visitors.come("c", 1, 3)
    visitors.tasks["b"].cancel()
    await asyncio.gather(visitors.tasks.pop("b"), return_exceptions=True)
    await visitors.go("a")
    assert visitors.inside == ["c"]
    await visitors.clear()


async def test_a_closed_gate_turns_everyone_away() -> None:
    visitors = Visitors(1)
    await visitors.come("a", 1, 1)
    await visitors.come("b", 1, 2)
    visitors.gate.close()
    with pytest.raises(Interrupted):
        await visitors.tasks.pop("b")
    with pytest.raises(Interrupted):
        async with visitors.gate.enter(0, 1):
            raise AssertionError("nobody gets here")
    await visitors.clear()


async def test_the_next_one_comes_in_as_soon_as_the_one_before_needs_its_slot_no_more() -> None:
    gate = Gate(1)
    async with gate.enter(1, 1) as turn:
        turn.leave_early()
        async with asyncio.timeout(1), gate.enter(1, 2):
            turn.leave_early()
            assert gate.waiting == 0
    async with asyncio.timeout(1), gate.enter(1, 3):
        pass


async def test_one_that_is_read_alone_keeps_the_gate_to_its_end() -> None:
    gate = Gate(2)
    async with gate.enter(PRIORITY_ALONE, 1) as turn:
        turn.leave_early()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), gate.enter(1, 2):
                pass
    async with asyncio.timeout(1), gate.enter(1, 3):
        pass
