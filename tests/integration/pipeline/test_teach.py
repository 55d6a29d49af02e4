"""What people say of documents is applied to what a child read of others, on a real ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expensed.extraction.confidence import review_reasons
from expensed.extraction.doubts import vendor_doubt
from expensed.extraction.findings import Field
from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.lessons import find_lesson
from expensed.ledger.mirrored.vendor_names import set_vendor_name
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import get_task
from expensed.model.expense import Candidate, Corrections, Evidence, Examination, Expense, Said
from expensed.model.lesson import Lesson, Traits
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Outcome, Root, Step, TaskOrigin
from expensed.model.vendor_name import VendorName
from expensed.pipeline.requests.merge import confirm, merge_said, note_corrections
from expensed.pipeline.teach import enhance, plan_lesson, teach

BELOW = 0.97
NAME, TAX = "NORDLICHT CAFE", "number:362584088"
DOUBT = "The vendor is uncertain: it may be NORDLICHT CAFE."
READ = Expense(
    vendor=NAME, amount=Decimal("7.53"), date=date(2024, 3, 4), category="Other", currency="USD", confidence=54,
    kind=ExpenseKind.RECEIPT, needs_review=True,
    fields={
        "vendor": Evidence(value=NAME, confidence=0.6, page=1, box=(0.1, 0.1, 0.5, 0.2), text=NAME),
        "amount": Evidence(value="7.53", confidence=0.6),
        "date": Evidence(value="2024-03-04", confidence=0.9, text="03/04/2024"),
        "currency": Evidence(value="USD", confidence=0.9),
    },
)  # fmt: skip

UNREADABLE = Evidence(value="N0RDL1CHT", confidence=0.2, text="N0RDL1CHT")


def examination(*reasons: str, **changes: object) -> Examination:
    traits = Traits(identifiers=(TAX,), day_first=False, sure_if_ordered=0.99)
    expense = replace(READ, reasons=reasons, **changes)  # type: ignore[arg-type]
    return Examination(kind="image/png", engine="paddle", text="text", warnings=(), expense=expense, traits=traits)


async def file_it(
    ledger: Ledger, said: Said, origin: TaskOrigin = TaskOrigin.PROCESS, name: str = "a"
) -> tuple[Document, Task]:
    """Return a document in review that a person files with this data, and the task that does so."""
    read = examination()
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, "00", 1, 1, Place(Root.INBOX, name))
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        await update_document(
            tx, number, outcome=Outcome.FILED, result=confirm(merge_said(read.expense, said), said),
            corrections=note_corrections(read.expense, said, None, tx.now), traits=read.traits,
        )  # fmt: skip
        task = await insert_task(tx, number, origin=origin, step=Step.PROCESS, priority=1)
    return await get_document(ledger, number), await get_task(ledger, task)


async def learn(ledger: Ledger, said: Said, name: str = "a") -> Lesson:
    document, task = await file_it(ledger, said, name=name)
    async with ledger.transaction() as tx:
        await teach(tx, document, task, "2024-05-01")
    lesson = await find_lesson(ledger, document.number)
    assert lesson is not None
    return lesson


async def test_a_vendor_that_was_learnt_is_no_reason_to_ask(ledger: Ledger) -> None:
    lesson = await learn(ledger, Said(vendor="Nordlicht Café"))
    found = (await enhance(ledger, examination(DOUBT), BELOW)).expense
    assert (found.vendor, found.reasons, found.needs_review) == ("Nordlicht Café", (), False)
    assert found.lessons == (lesson.number,)
    assert found.fields["vendor"].proof == "learnt from document a"


async def test_a_document_that_is_filed_unchanged_is_a_confirmation(ledger: Ledger) -> None:
    lesson = await learn(ledger, Said())
    assert (lesson.vendor, lesson.was_right) == (NAME, True)
    found = (await enhance(ledger, examination(DOUBT), BELOW)).expense
    assert (found.vendor, found.reasons) == (NAME, ())


async def test_every_other_reason_stays(ledger: Ledger) -> None:
    await learn(ledger, Said(vendor="Nordlicht Café"))
    contradiction = "The date was read as 2024-03-14 at first, and as 2024-03-04 when it was looked at again."
    found = (await enhance(ledger, examination(contradiction, DOUBT), BELOW)).expense
    assert (found.reasons, found.needs_review) == ((contradiction,), True)


async def test_the_order_of_day_and_month_is_no_reason_to_ask_if_the_seller_is_known(ledger: Ledger) -> None:
    await learn(ledger, Said(date=date(2024, 4, 3), vendor="Nordlicht"))
    day = Field("2024-03-04", 0.9, text="03/04/2024", features={"lead": 1.0})
    doubts = review_reasons({"date": day}, (), BELOW)
    of_date = [each for each in doubts if "date" in each or "April" in each]
    assert len(of_date) == 2
    found = (await enhance(ledger, examination(*of_date), BELOW)).expense
    assert (found.date, found.reasons[:-1]) == (date(2024, 4, 3), ())
    assert found.reasons[-1].startswith("The vendor is uncertain"), "the amount and date of its papers are misread"
    assert found.confidence == 59, "the date is as sure as it would be if its order were known"


async def test_of_what_was_learnt_no_candidates_are_left(ledger: Ledger) -> None:
    await learn(ledger, Said(vendor="Nordlicht Café"))
    others = {name: (Candidate(value="1", confidence=0.1),) for name in ("vendor", "amount")}
    of_amount = "The amount may be 7.53, but that is not certain: no sum confirms it."
    for reasons, left in (((DOUBT,), set()), ((of_amount, DOUBT), {"amount"})):
        read = examination(*reasons)
        read = replace(read, expense=replace(read.expense, candidates=others))
        assert (await enhance(ledger, read, BELOW)).expense.candidates.keys() == left


async def test_a_name_unlike_what_was_read_still_asks(ledger: Ledger) -> None:
    await learn(ledger, Said(vendor="Lindgren Bakery"))
    read = replace(examination(DOUBT), traits=Traits())
    found = (await enhance(ledger, read, BELOW)).expense
    assert found.reasons == ("The vendor is uncertain: it is probably Lindgren Bakery.",)
    assert found.needs_review


async def test_of_a_vendor_that_nobody_corrected_nothing_changes(ledger: Ledger) -> None:
    read = examination(DOUBT)
    assert await enhance(ledger, read, BELOW) is read


async def test_a_doubt_goes_however_it_is_said(ledger: Ledger) -> None:
    await learn(ledger, Said(vendor="Nordlicht Café"))
    doubt = vendor_doubt(Field(NAME, 0.80548))
    assert doubt is not None
    found = (await enhance(ledger, examination(doubt), BELOW)).expense
    assert (found.reasons, found.needs_review) == ((), False)


async def test_a_document_that_is_discarded_still_teaches_and_one_whose_correction_is_undone_does_not(
    ledger: Ledger,
) -> None:
    document, task = await file_it(ledger, Said(vendor="Nordlicht"))
    async with ledger.transaction() as tx:
        await teach(tx, document, task, "1")
        await teach(tx, replace(document, outcome=Outcome.DISCARDED), replace(task, origin=TaskOrigin.DISCARD), "2")
    lesson = await find_lesson(ledger, document.number)
    assert lesson is not None
    assert (lesson.vendor, lesson.at) == ("Nordlicht", "1")
    async with ledger.transaction() as tx:
        await teach(tx, replace(document, corrections=None), task, "3")
    assert await find_lesson(ledger, document.number) is None


async def test_a_lesson_that_says_the_same_again_keeps_its_time(ledger: Ledger) -> None:
    document, task = await file_it(ledger, Said(vendor="Nordlicht"))
    for at in ("1", "2"):
        async with ledger.transaction() as tx:
            await teach(tx, document, task, at)
    planned = await plan_lesson(ledger, document, task, "3")
    assert planned is not None
    assert planned.at == "1"
    other = replace(document, result=replace(document.result or READ, vendor="North"))
    changed = await plan_lesson(ledger, other, task, "3")
    assert changed is not None
    assert (changed.vendor, changed.at) == ("North", "3")


@pytest.mark.parametrize(("origin", "is_forgotten"), [(TaskOrigin.PROCESS, False), (TaskOrigin.REREAD, True)])
async def test_only_a_person_brings_back_what_was_forgotten(ledger: Ledger, origin, is_forgotten) -> None:
    document, task = await file_it(ledger, Said(vendor="Nordlicht"))
    lesson = await plan_lesson(ledger, document, task, "1")
    assert lesson is not None
    await ledger.change(lambda tx: _forget(tx, document, task))
    other = replace(document, result=replace(document.result or READ, category="Travel"))
    planned = await plan_lesson(ledger, other, replace(task, origin=origin), "3")
    assert planned is not None
    assert (planned.forgotten_at == "2") is is_forgotten


async def _forget(tx, document: Document, task: Task) -> None:
    await teach(tx, document, task, "1")
    await tx.execute(
        "UPDATE lessons SET forgotten_at = '2', told = json_set(told, '$.forgotten_at', '2') WHERE number = ?",
        document.number,
    )


async def test_a_correction_of_one_field_teaches_that_field(ledger: Ledger) -> None:
    document, task = await file_it(ledger, Said())
    said = Said(category="Travel")
    document = replace(document, corrections=Corrections(said=said, original=Said(category="Other")))
    document = replace(document, result=replace(document.result or READ, category="Travel"))
    async with ledger.transaction() as tx:
        await teach(tx, document, task, "1")
    found = (await enhance(ledger, examination(DOUBT), BELOW)).expense
    assert (found.category, found.reasons) == ("Travel", (DOUBT,))


async def test_a_number_of_two_names_that_mean_one_seller_still_tells_it(ledger: Ledger) -> None:
    await learn(ledger, Said(vendor="Nordlicht Café"), name="a")
    await learn(ledger, Said(vendor="Harbour Books"), name="b")
    misread = examination(DOUBT, vendor="N0RDL1CHT", fields={**READ.fields, "vendor": UNREADABLE})
    before = (await enhance(ledger, misread, BELOW)).expense
    async with ledger.transaction() as tx:
        await set_vendor_name(tx, "nordlichtcafe", VendorName("Nordlicht Café", "Harbour Books", tx.now))
    after = (await enhance(ledger, misread, BELOW)).expense
    assert before.vendor != "Harbour Books"
    assert after.vendor == "Harbour Books"
