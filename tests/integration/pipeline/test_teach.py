"""What was taught is applied to what a child read, on a real ledger: the vendor's reason goes, all others stay."""

from __future__ import annotations

from decimal import Decimal

from expensed.ledger.documents import NewDocument, insert_document
from expensed.ledger.rows import Place
from expensed.ledger.store import Ledger
from expensed.model.expense import Examination, Expense, Field
from expensed.model.states import DocumentState
from expensed.pipeline.teach import enhance, teach

DOUBT = "The vendor is uncertain: NORDLICHT CAFE is 60% sure, less than 90%."
OTHER_DOUBT = "The date is not proven: 2024-03-14 is 80% sure, less than 99%."


def examination(*reasons: str) -> Examination:
    fields = {"vendor": Field("NORDLICHT CAFE", 0.6, 1, (0.1, 0.1, 0.5, 0.2), "NORDLICHT CAFE")}
    expense = Expense("NORDLICHT CAFE", Decimal("7.53"), None, "Other", "EUR", 0.9, True, reasons, fields=fields)
    return Examination("image/png", "paddle", "text", (), expense)


async def correct(ledger: Ledger, said: dict[str, str]) -> None:
    async with ledger.transaction() as tx:
        new = NewDocument("a", "drop", "a", "a", "00", 1, 1, Place("inbox", "a"))
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        await teach(tx, number, examination().expense.to_json(), said, {"vendor": "Shown so"})


async def test_a_vendor_that_was_learnt_is_no_reason_to_ask(ledger: Ledger) -> None:
    await correct(ledger, {"vendor": "Nordlicht Café"})
    found = (await enhance(ledger, examination(DOUBT))).expense
    assert (found.vendor, found.reasons, found.needs_review) == ("Nordlicht Café", (), False)


async def test_every_other_reason_stays(ledger: Ledger) -> None:
    await correct(ledger, {"vendor": "Nordlicht Café"})
    found = (await enhance(ledger, examination(OTHER_DOUBT, DOUBT))).expense
    assert (found.reasons, found.needs_review) == ((OTHER_DOUBT,), True)


async def test_a_name_unlike_what_was_read_still_asks(ledger: Ledger) -> None:
    await correct(ledger, {"vendor": "Lindgren Bakery"})
    found = (await enhance(ledger, examination(DOUBT))).expense
    assert found.reasons == ("The vendor is uncertain: Lindgren Bakery is 80% sure, less than 90%.",)
    assert found.needs_review


async def test_of_a_vendor_that_nobody_corrected_nothing_changes(ledger: Ledger) -> None:
    read = examination(DOUBT)
    assert await enhance(ledger, read) is read
