"""What was taught is applied to what a child read, on a real ledger: the vendor's reason goes, all others stay."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from expensed.extraction.doubts import vendor_doubt
from expensed.extraction.findings import Field
from expensed.ledger.documents import NewDocument, insert_document
from expensed.ledger.store import Ledger
from expensed.model.expense import Candidate, Evidence, Examination, Expense, Said
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Root
from expensed.pipeline.teach import enhance, teach

DOUBT = "The vendor is uncertain: it may be NORDLICHT CAFE."
OTHER_DOUBT = "The date 2024-03-14 is probably right, but nothing else confirms it."


def examination(*reasons: str) -> Examination:
    name = "NORDLICHT CAFE"
    expense = Expense(
        vendor=name,
        amount=Decimal("7.53"),
        category="Other",
        currency="EUR",
        kind=ExpenseKind.RECEIPT,
        confidence=90,
        needs_review=True,
        reasons=reasons,
        fields={"vendor": Evidence(value=name, confidence=0.6, page=1, box=(0.1, 0.1, 0.5, 0.2), text=name)},
    )
    return Examination(kind="image/png", engine="paddle", text="text", warnings=(), expense=expense)


async def correct(ledger: Ledger, said: Said) -> None:
    async with ledger.transaction() as tx:
        new = NewDocument("a", DocumentOrigin.DROP, "a", "a", "00", 1, 1, Place(Root.INBOX, "a"))
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        await teach(tx, number, examination().expense, said, Said(vendor="Shown so"))


async def test_a_vendor_that_was_learnt_is_no_reason_to_ask(ledger: Ledger) -> None:
    await correct(ledger, Said(vendor="Nordlicht Café"))
    found = (await enhance(ledger, examination(DOUBT))).expense
    assert (found.vendor, found.reasons, found.needs_review) == ("Nordlicht Café", (), False)


async def test_every_other_reason_stays(ledger: Ledger) -> None:
    await correct(ledger, Said(vendor="Nordlicht Café"))
    found = (await enhance(ledger, examination(OTHER_DOUBT, DOUBT))).expense
    assert (found.reasons, found.needs_review) == ((OTHER_DOUBT,), True)


async def test_of_what_was_learnt_no_candidates_are_left(ledger: Ledger) -> None:
    await correct(ledger, Said(vendor="Nordlicht Café"))
    others = {name: (Candidate(value="1", confidence=0.1),) for name in ("vendor", "date")}
    for reasons, left in (((DOUBT,), set()), ((OTHER_DOUBT, DOUBT), {"date"})):
        read = examination(*reasons)
        read = replace(read, expense=replace(read.expense, candidates=others))
        assert (await enhance(ledger, read)).expense.candidates.keys() == left


async def test_a_name_unlike_what_was_read_still_asks(ledger: Ledger) -> None:
    await correct(ledger, Said(vendor="Lindgren Bakery"))
    found = (await enhance(ledger, examination(DOUBT))).expense
    assert found.reasons == ("The vendor is uncertain: it is probably Lindgren Bakery.",)
    assert found.needs_review


async def test_of_a_vendor_that_nobody_corrected_nothing_changes(ledger: Ledger) -> None:
    read = examination(DOUBT)
    assert await enhance(ledger, read) is read


async def test_a_doubt_goes_however_it_is_said(ledger: Ledger) -> None:
    """An earlier version said it with figures."""
    await correct(ledger, Said(vendor="Nordlicht Café"))
    field = Field("NORDLICHT CAFE", 0.80548)
    for doubt in (vendor_doubt(field), "The vendor is uncertain: NORDLICHT CAFE is 80.54% sure, less than 90%."):
        assert doubt is not None
        read = examination(doubt)
        read = replace(read, expense=replace(read.expense, fields={"vendor": field.evidence}))
        found = (await enhance(ledger, read)).expense
        assert (found.reasons, found.needs_review) == ((), False)
