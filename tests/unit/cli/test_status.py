from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from expensed.cli.commands.status import DaemonStatus, describe_daemon
from expensed.model.states import DocumentState, Step, TaskState
from expensed.report import answers
from expensed.report.numbers import ArchiveNumbers, LeftAlone
from expensed.report.status import describe_age
from expensed.shown_commands import command

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
BEFORE = "2026-01-02T11:59:00.000Z"
IDLE = DaemonStatus(
    version="1.0",
    address="http://127.0.0.1:8765",
    uptime_s=61,
    ready=True,
    trouble=None,
    unfinished=0,
    documents={},
    inbox=(),
    archive=ArchiveNumbers(left_alone=(), left_alone_count=0),
    review=(),
    uploads=(),
    failed=(),
    last=(),
)


def lines(**changes):
    return list(describe_daemon(replace(IDLE, **changes), NOW))


def test_what_was_left_alone_in_the_archive_is_named_with_what_to_do():
    some = LeftAlone(file="2024/Food/", count=120, problem="“Food” is not a category.", hint="Move it.")
    one = LeftAlone(file="2024/a\n.pdf", count=1, problem="It is a copy.", hint="Delete it.")
    shown = lines(archive=ArchiveNumbers(left_alone=(one, some), left_alone_count=130))
    assert "Left alone in the archive (130):" in shown
    assert "  2024/a\\n.pdf  It is a copy. Delete it." in shown
    assert "  2024/Food/ (120 files)  “Food” is not a category. Move it." in shown
    assert "  and 9 more" in shown


def waiting(number: int) -> answers.InboxFile:
    return answers.InboxFile(file=f"{number}\n.pdf", reason="It is empty.", size=0, since=BEFORE, refused=False)


def in_review(number: int) -> answers.DocumentRow:
    return answers.DocumentRow(
        document_id=f"{number}_a.pdf",
        file="a.pdf",
        state=DocumentState.REVIEW,
        description=None,
        needs_review=True,
        reasons=("No date was found.",),
        error=None,
        path="_review/a.pdf",
        created_at=BEFORE,
        updated_at=BEFORE,
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "0 s"), (119.9, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_ages_are_told_in_their_fitting_unit(seconds, said):
    assert describe_age(seconds) == said


def test_an_idle_daemon_takes_two_lines():
    assert lines() == ["expensed 1.0 at http://127.0.0.1:8765, up 61 s: ready", "nothing in progress"]


def test_what_does_not_work_is_said_at_the_top():
    said = lines(ready=False, trouble="The archive folder does not exist or is not writable.")
    assert said[0].endswith("NOT READY")
    assert said[1].strip().startswith("The archive folder")


def test_documents_are_counted_by_what_became_of_them():
    said = lines(unfinished=3, documents={"duplicate": 1, "filed": 7, "review": 2, "admitted": 3})
    assert said[1] == "3 in progress, 7 filed, 2 in review, 1 duplicate"


def test_what_waits_is_listed_with_age_and_reason_but_not_without_end():
    said = lines(inbox=tuple(waiting(number) for number in range(30)))
    assert said[3:5] == ["Still in the inbox (30):", "  0\\n.pdf  (for 60 s) It is empty."]
    assert said[-1] == f"  and 10 more: `{command()} status --json` lists them all"


def test_all_that_waits_for_a_person_is_listed_with_id_and_reason():
    said = lines(review=tuple(in_review(number) for number in range(40)))
    assert said[3].startswith(f"In review, waiting for you (40); `{command()} review` goes through them, ")
    assert said[4] == "  0_a.pdf  No date was found."
    assert len(said) == 44


def test_uploads_that_nobody_filed_are_listed_with_what_was_read():
    read = replace(
        in_review(1), state=DocumentState.READ, vendor="Adobe", amount=Decimal("52.9"), currency="USD", path=None
    )
    unread = replace(in_review(2), state=DocumentState.UPLOADED, reasons=None, path=None)
    said = lines(uploads=(read, unread), documents={"read": 1, "uploaded": 5})
    assert said[1] == "nothing in progress, 5 uploaded but not read, 1 read but not filed"
    assert said[3:] == [
        f"Uploaded but not filed, waiting for you (6); `{command()} file ID` files one:",
        "  1_a.pdf  Read as Adobe, 52.90 USD. No date was found.",
        "  2_a.pdf  It was not read, because nobody asked for it: say what it shows.",
        f"  and 4 more: `{command()} search --state uploaded` lists them",
    ]
    both = lines(uploads=(read, unread), documents={"read": 2, "uploaded": 2})[-1]
    commands = f"`{command()} search --state uploaded` and `{command()} search --state read`"
    assert both == f"  and 2 more: {commands} list them"


def test_what_failed_is_listed_with_its_sentence():
    failed = replace(in_review(1), state=DocumentState.FAILED, reasons=None, error="The PDF is broken.")
    said = lines(failed=(failed,), documents={"failed": 1, "gone": 7})
    assert said[1] == "nothing in progress, 1 failed"
    assert said[3].startswith("Failed (1);")
    assert said[4] == "  1_a.pdf  The PDF is broken."


def test_what_is_tried_again_says_when_and_why():
    task = answers.Task(
        state=TaskState.PENDING,
        status="Task is waiting in queue",
        last_error="No room.",
        next_attempt_at="2026-01-02T12:00:30.000Z",
        task_id="1",
        document_id="1_a.pdf",
        file="a.pdf",
        step=Step.EXTRACT,
        attempt=2,
        created_at=BEFORE,
        updated_at=BEFORE,
    )
    expected = r"a\.pdf: Task is waiting in queue \(next attempt \d\d:\d\d:30\) No room\.$"
    assert re.search(expected, lines(last=(task,))[-1])
