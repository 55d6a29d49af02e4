"""The roster: what is due when, and what happens to an entry while it is busy."""

from __future__ import annotations

from expensed.inbox.schedule import Found, Schedule


def test_entries_come_due_in_order() -> None:
    roster = Schedule()
    for path, at in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        roster.wake(roster.add(path, Found.EVENT), at)
    assert [entry.path for entry in roster.pop_due(2.0)] == ["a", "b"]
    assert roster.next_due == 3.0


def test_an_entry_is_handed_out_once() -> None:
    roster = Schedule()
    entry = roster.add("a", Found.EVENT)
    for at in (5.0, 4.0, 3.0):
        roster.wake(entry, at)
    assert roster.pop_due(10.0) == [entry]
    assert roster.pop_due(10.0) == []


def test_an_earlier_look_replaces_a_later_one_and_not_the_other_way_round() -> None:
    roster = Schedule()
    entry = roster.add("a", Found.EVENT)
    roster.wake(entry, 5.0)
    roster.wake(entry, 9.0)
    assert entry.due == 5.0
    roster.wake(entry, 1.0)
    assert roster.pop_due(1.0) == [entry]


def test_what_happens_to_a_busy_entry_is_remembered() -> None:
    roster = Schedule()
    entry = roster.add("a", Found.EVENT)
    roster.wake(entry, 1.0)
    roster.pop_due(1.0)
    roster.wake(entry, 2.0)
    assert entry.again
    assert roster.pop_due(9.0) == []


def test_a_forgotten_entry_is_never_due() -> None:
    roster = Schedule()
    entry = roster.add("a", Found.EVENT)
    roster.wake(entry, 1.0)
    roster.forget(entry)
    assert roster.pop_due(9.0) == []
    assert roster.get("a") is None
    assert len(roster) == 0


def test_forgetting_leaves_the_next_file_of_that_name_alone() -> None:
    roster = Schedule()
    first = roster.add("a", Found.EVENT)
    roster.forget(first)
    second = roster.add("a", Found.EVENT)
    roster.forget(first)
    assert roster.get("a") is second
