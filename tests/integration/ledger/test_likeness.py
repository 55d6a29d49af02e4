"""Documents of one day and amount, on a real SQLite file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, insert_document, list_of_amount, update_document
from expensed.ledger.store import Ledger
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root

DAY = date(2024, 1, 1)


async def test_only_those_of_the_day_and_amount_that_are_filed_or_on_their_way_are_compared(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3", Bus())
    await ledger.open()
    numbers: dict[str, int] = {}
    async with ledger.transaction() as tx:
        for name, amount, state, outcome in (
            ("filed", "17", DocumentState.FILED, Outcome.FILED),
            ("coming", "17.0", DocumentState.ADMITTED, Outcome.FILED),
            ("review", "17.0", DocumentState.REVIEW, Outcome.REVIEW),
            ("other amount", "17.01", DocumentState.FILED, Outcome.FILED),
            ("gone", "17", DocumentState.GONE, Outcome.FILED),
            ("twin", "17", DocumentState.ADMITTED, Outcome.DUPLICATE),
        ):
            new = NewDocument(name, DocumentOrigin.DROP, name, name, name, 1, 1, Place(Root.INBOX, name))
            number = await insert_document(tx, new, state)
            assert number is not None
            numbers[name] = number
            read = Expense(date=DAY, amount=Decimal(amount), confidence=0)
            await update_document(tx, number, result=read, outcome=outcome)
        await tx.execute("UPDATE documents SET result = json_set(result, '$.amount', 17) WHERE id = 'filed'")
        found = [document.id for document in await list_of_amount(tx, DAY, Decimal(17), numbers["review"])]
        plan = await tx.one(
            "EXPLAIN QUERY PLAN SELECT * FROM documents WHERE day = ? AND amount = ? AND number <> ?",
            "2024-01-01",
            17,
            1,
        )
    await ledger.close()
    assert found == ["filed", "coming"]
    assert plan is not None
    assert "documents_day_amount" in plan["detail"]
