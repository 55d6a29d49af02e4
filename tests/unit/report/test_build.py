from __future__ import annotations

import json

from expensed.ledger.rows import Document, Task
from expensed.model.json_text import encode
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root, Standing, Step, TaskOrigin, TaskState
from expensed.report.build import show_task

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
