from __future__ import annotations

from datetime import UTC, datetime

import pytest

from expensed.cli.status import describe_age, describe_status

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
STANDING = {
    "version": "1.0",
    "address": "http://127.0.0.1:8765",
    "uptime_s": 61,
    "ready": True,
    "trouble": None,
    "unfinished": 0,
    "documents": {},
    "inbox": [],
    "last": [],
}


def lines(**changes):
    return list(describe_status({**STANDING, **changes}, NOW))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "0 s"), (119.9, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_ages_are_told_in_their_fitting_unit(seconds, said):
    assert describe_age(seconds) == said


def test_an_idle_daemon_takes_two_lines():
    assert lines() == ["expensed 1.0 at http://127.0.0.1:8765, up 61 s: ready", "nothing in work"]


def test_what_does_not_work_is_said_at_the_top():
    said = lines(ready=False, trouble="The archive folder is not there, or may not be written.")
    assert said[0].endswith("NOT READY")
    assert said[1].strip().startswith("The archive folder")


def test_documents_are_counted_by_what_became_of_them():
    said = lines(unfinished=3, documents={"duplicate": 1, "filed": 7, "review": 2, "admitted": 3})
    assert said[1] == "3 in work, 7 filed, 2 in review, 1 duplicate"


def test_what_waits_is_listed_with_age_and_reason_but_not_without_end():
    waiting = [
        {"file": f"{number}\n.pdf", "reason": "It is empty.", "since": "2026-01-02T11:59:00.000Z"}
        for number in range(30)
    ]
    said = lines(inbox=waiting)
    assert said[3:5] == ["Not taken from the inbox (30):", "  0\\n.pdf  (60 s) It is empty."]
    assert said[-1] == "  and 10 more: `expensed status --json` lists all"
