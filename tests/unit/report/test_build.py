from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from expensed.ledger.rows import Document, Task
from expensed.model.breakdown import Item, TaxLine
from expensed.model.expense import Expense
from expensed.model.json_text import encode
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root, Standing, Step, TaskOrigin, TaskState
from expensed.report.build import LONGEST_CHANGE, compare, show_task

AT = "2026-01-02T12:00:00.000Z"
DOCUMENT = Document(
    number=1,
    id="1_a.pdf",
    origin=DocumentOrigin.DROP,
    name="a.pdf",
    file="a.pdf",
    state=DocumentState.FAILED,
    sha256="0" * 64,
    size=1,
    mtime_ns=0,
    place=Place(Root.ARCHIVE, "_failed/a.pdf"),
    first=None,
    cut_off=None,
    kind=None,
    engine=None,
    outcome=None,
    failure=None,
    result=None,
    text=None,
    turns=None,
    traits=None,
    corrections=None,
    discarded=None,
    unclean_ends=0,
    unclean_alone=0,
    created_at=AT,
    updated_at=AT,
)
FAILED = Task(
    number=1,
    id="1",
    document=1,
    document_id="1_a.pdf",
    file="a.pdf",
    origin=TaskOrigin.DROP,
    step=Step.EXTRACT,
    state=TaskState.FAILURE,
    status="Failed",
    standing=Standing.ENDED,
    priority=0,
    attempt=1,
    tries=1,
    failures=0,
    due_at=AT,
    run=None,
    input=None,
    error=None,
    trace=None,
    created_at=AT,
    updated_at=AT,
)


def test_a_failure_without_a_reason_still_says_something():
    shown = json.loads(encode(show_task(FAILED, DOCUMENT, None)))
    assert {name: shown[name] for name in ("error", "code", "hint")} == {
        "error": "It failed.", "code": "error", "hint": ""
    }  # fmt: skip


def test_another_reading_is_compared_in_its_lines_too():
    items = (Item(description="Drill", total=Decimal("4.5"), proof="x", page=1), Item())
    before = Expense(confidence=50, currency="EUR", items=items, taxes=(TaxLine(rate=Decimal(19), tax=Decimal(1)),))
    elsewhere = replace(before, items=tuple(replace(item, page=2, proof=None) for item in items), confidence=90)
    assert compare(before, elsewhere).changes == {}
    changes = compare(before, replace(before, items=(Item(description="D" * 900),), taxes=())).changes
    assert (changes["items"].before, changes["taxes"].before) == ("Drill 4.50, ? ?", "19 % 1.00")
    assert changes["items"].after == "D" * (LONGEST_CHANGE - 1) + "…"
    assert changes["taxes"].after is None
