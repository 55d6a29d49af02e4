"""Documents in hand."""

from __future__ import annotations

import asyncio

from expensed.pipeline.in_hand import Holds


async def test_one_document_is_in_one_hand_at_a_time() -> None:
    hand = Holds()
    order: list[str] = []

    async def work(name: str) -> None:
        async with hand.hold("id"):
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    await asyncio.gather(work("a"), work("b"), work("c"))
    assert order == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]
    assert "id" not in hand


async def test_recovery_leaves_alone_what_is_in_hand() -> None:
    hand = Holds()
    async with hand.hold("id"):
        with hand.take_if_free("id") as taken:
            assert not taken
        assert "id" in hand
    with hand.take_if_free("id") as taken:
        assert taken
