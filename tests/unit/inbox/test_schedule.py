"""The schedule: what is due when, and what happens to an entry while it is busy."""

from __future__ import annotations

from expensed.inbox.schedule import Found, Schedule


def test_entries_come_due_in_order() -> None:
    schedule = Schedule()
    for path, at in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        schedule.wake(schedule.add(path, Found.EVENT), at)
    assert [entry.path for entry in schedule.pop_due(2.0)] == ["a", "b"]
    assert schedule.next_due == 3.0


def test_an_entry_is_handed_out_once() -> None:
    schedule = Schedule()
    entry = schedule.add("a", Found.EVENT)
    for at in (5.0, 4.0, 3.0):
        schedule.wake(entry, at)
    assert schedule.pop_due(10.0) == [entry]
    assert schedule.pop_due(10.0) == []


def test_an_earlier_look_replaces_a_later_one_and_not_the_other_way_round() -> None:
    schedule = Schedule()
    entry = schedule.add("a", Found.EVENT)
    schedule.wake(entry, 5.0)
    schedule.wake(entry, 9.0)
    assert entry.due == 5.0
    schedule.wake(entry, 1.0)
    assert schedule.pop_due(1.0) == [entry]


def test_what_happens_to_a_busy_entry_is_remembered() -> None:
    schedule = Schedule()
    entry = schedule.add("a", Found.EVENT)
    schedule.wake(entry, 1.0)
    schedule.pop_due(1.0)
    schedule.wake(entry, 2.0)
    assert entry.again
    assert schedule.pop_due(9.0) == []


def test_a_forgotten_entry_is_never_due() -> None:
    schedule = Schedule()
    entry = schedule.add("a", Found.EVENT)
    schedule.wake(entry, 1.0)
    schedule.forget(entry)
    assert schedule.pop_due(9.0) == []
    assert schedule.get("a") is None
    assert len(schedule) == 0


def test_forgetting_leaves_the_next_file_of_that_name_alone() -> None:
    schedule = Schedule()
    first = schedule.add("a", Found.EVENT)
    schedule.forget(first)
    second = schedule.add("a", Found.EVENT)
    schedule.forget(first)
    assert schedule.get("a") is second
