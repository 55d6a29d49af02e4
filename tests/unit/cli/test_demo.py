from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from expensed.cli.commands.demo import Verdict, lay_out
from expensed.model.expense import Evidence, Expense
from expensed.model.states import DocumentState, Step, TaskState
from expensed.reading.demo_papers import Sample
from expensed.report import answers

SAMPLE = Sample("a.jpg", b"", "Nordlicht GmbH", dt.date(2024, 3, 17), Decimal("13.00"), "EUR")
EXPENSE = Expense(
    vendor="NORDLICHT GmbH",
    date=dt.date(2024, 3, 17),
    amount=Decimal(13),
    currency="EUR",
    confidence=99,
    fields={"amount": Evidence(value="13.00", confidence=0.99)},
)
TASK = answers.Task(
    state=TaskState.SUCCESS,
    status="Completed",
    task_id="1",
    document_id="1_a.jpg",
    file="a.jpg",
    step=Step.PROCESS,
    attempt=1,
    created_at="2024-03-17T12:00:00.000Z",
    updated_at="2024-03-17T12:00:01.000Z",
)


def verdict(**changes):
    result = answers.Result(
        data=replace(EXPENSE, **changes),
        file_id="1_a.jpg",
        path="2024/a.jpg",
        document_state=DocumentState.FILED,
    )
    return Verdict(SAMPLE, replace(TASK, result=result))


def test_a_sample_read_as_it_was_drawn_has_no_mistakes():
    assert list(verdict().mistakes()) == []


def test_every_field_that_was_read_otherwise_is_named():
    assert list(verdict(amount=Decimal("13.01"), date=None).mistakes()) == [
        "a.jpg: the date should be 2024-03-17 but was read as None.",
        "a.jpg: the amount should be 13.00 but was read as 13.01.",
    ]


def test_a_sample_that_failed_is_all_mistakes_and_says_why():
    failed = Verdict(SAMPLE, replace(TASK, state=TaskState.FAILURE, status="Failed", error="The file is broken."))
    assert len(list(failed.mistakes())) == 4
    assert lay_out([failed], 200)[1].endswith("The file is broken.")


def test_the_table_is_narrow_where_the_terminal_is():
    assert lay_out([verdict()], 80) == [
        "File   Vendor          Date           Amount  Filed as",
        "a.jpg  NORDLICHT GmbH  2024-03-17  13.00 EUR  2024/a.jpg",
    ]
    assert lay_out([verdict()], 50)[2:] == ["a.jpg  NORDLICHT GmbH  2024-03-17  13.00 EUR", "    2024/a.jpg"]
