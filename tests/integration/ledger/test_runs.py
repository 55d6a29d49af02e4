"""What a run finds left by the previous one, and which documents it comes to distrust."""

from __future__ import annotations

from tests.integration.ledger.test_store import add

from expensed.ledger.documents import find_document
from expensed.ledger.rows import Document
from expensed.ledger.runs import ALONE_AFTER, GIVEN_UP_AFTER, Interruption, begin_run, end_run
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import start_attempt
from expensed.ledger.tasks import PRIORITY_ALONE, PRIORITY_BULK, find_unfinished_task
from expensed.model.states import Status


async def begin(ledger: Ledger, run: str) -> list[Interruption]:
    async with ledger.transaction() as tx:
        return await begin_run(tx, run)


async def start(ledger: Ledger, name: str, run: str) -> None:
    document = await find_document(ledger, name)
    assert document is not None
    async with ledger.transaction() as tx:
        task = await find_unfinished_task(tx, document.number)
        assert task is not None
        assert await start_attempt(tx, task, run, Status.READING)


async def get(ledger: Ledger, name: str) -> Document:
    document = await find_document(ledger, name)
    assert document is not None
    return document


async def test_what_an_unclean_end_interrupted_is_due_again_with_a_new_attempt(ledger: Ledger) -> None:
    number = await add(ledger, "a")
    await begin(ledger, "r1")
    await start(ledger, "a", "r1")
    (interruption,) = await begin(ledger, "r2")
    assert interruption.document.id == "a"
    task = await find_unfinished_task(ledger, number)
    assert task is not None
    assert (task.standing, task.state, task.attempt, task.failures) == ("due", "PENDING", 2, 0)


async def test_a_document_that_takes_the_daemon_down_is_read_alone_and_then_given_up(ledger: Ledger) -> None:
    number = await add(ledger, "a")
    for turn in range(ALONE_AFTER + GIVEN_UP_AFTER):
        interruptions = await begin(ledger, f"r{turn}")
        assert not any(interruption.is_hopeless for interruption in interruptions)
        await start(ledger, "a", f"r{turn}")
        task = await find_unfinished_task(ledger, number)
        assert task is not None
        assert task.priority == (PRIORITY_ALONE if turn >= ALONE_AFTER else PRIORITY_BULK)
    (interruption,) = await begin(ledger, "last")
    assert interruption.is_hopeless


async def test_one_that_was_only_near_is_trusted_again(ledger: Ledger) -> None:
    await add(ledger, "bad")
    await add(ledger, "good")
    await begin(ledger, "r1")
    await start(ledger, "bad", "r1")
    await start(ledger, "good", "r1")
    await begin(ledger, "r2")
    assert (await get(ledger, "good")).unclean_ends == 1
    await start(ledger, "bad", "r2")
    await begin(ledger, "r3")
    assert (await get(ledger, "good")).unclean_ends == 0
    assert (await get(ledger, "bad")).unclean_ends == 2


async def test_an_unclean_end_changes_nothing_that_a_rebuilt_ledger_would_not_know(ledger: Ledger) -> None:
    """A document that was filed long ago and is only read again keeps the time that its sidecar tells."""
    await add(ledger, "a")
    await begin(ledger, "r1")
    await start(ledger, "a", "r1")
    before = await get(ledger, "a")
    await begin(ledger, "r2")
    after = await get(ledger, "a")
    assert (after.unclean_ends, after.updated_at) == (1, before.updated_at)


async def test_a_clean_end_counts_against_nobody(ledger: Ledger) -> None:
    await add(ledger, "a")
    await begin(ledger, "r1")
    await start(ledger, "a", "r1")
    async with ledger.transaction() as tx:
        await end_run(tx, "r1")
    await begin(ledger, "r2")
    assert (await get(ledger, "a")).unclean_ends == 0
