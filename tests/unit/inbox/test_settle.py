"""The decision when to take a file, without clock or disk."""

from __future__ import annotations

import pytest

from expensed.formats.completeness import Structure
from expensed.formats.ends.reader import Ending
from expensed.formats.known_formats import Format
from expensed.inbox.settle import EMPTY, HELD, LEFT_ALONE_S, History, Take, Wait, decide
from expensed.model.admission import Stamp

SETTLE_S, PATIENCE_S = 1.0, 30.0
WHOLE = Structure(Format.JPEG, Ending.COMPLETE)
PDF = Structure(Format.PDF, Ending.COMPLETE)
TIFF = Structure(Format.TIFF, Ending.COMPLETE)
OTHER = Structure(None, Ending.UNKNOWN)
CUT = Structure(Format.JPEG, Ending.CUT_OFF, "the JPEG picture has no end marker")


def stamp(size: int = 100, mtime: int = 1, ctime: int = 1, inode: int = 7) -> Stamp:
    return Stamp(1, inode, size, mtime, ctime)


class Story:
    """A file's life, told look by look."""

    def __init__(self) -> None:
        self.history = History()

    def close(self, now: float) -> None:
        self.history = self.history.close(now)

    def look(
        self, now: float, structure: Structure | None, seen: Stamp | None = None, *, held: bool = False
    ) -> Take | Wait:
        self.history = self.history.look(seen or stamp(), now, held=held)
        return decide(self.history, structure, now, held=held, settle_s=SETTLE_S, patience_s=PATIENCE_S)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "bmp", "heic", "avif", "signed", "isdocx", "xml"])
def test_a_whole_picture_is_taken_at_its_close(story: Story, kind: str) -> None:
    story.close(10.0)
    assert story.look(10.0 + LEFT_ALONE_S, Structure(Format(kind), Ending.COMPLETE)) == Take()


def test_a_file_is_left_alone_for_a_moment_after_its_close_for_who_sets_its_mode_by_its_path(story: Story) -> None:
    story.close(10.0)
    first = story.look(10.04, WHOLE)
    assert isinstance(first, Wait)
    assert first.until == 10.0 + LEFT_ALONE_S


def test_a_picture_that_was_moved_in_is_taken_at_once(story: Story) -> None:
    story.history = story.history.close(10.0, moved=True)
    assert story.look(10.001, WHOLE) == Take()


@pytest.mark.parametrize("structure", [PDF, TIFF, OTHER, Structure(Format.JPEG, Ending.UNKNOWN)])
def test_anything_else_is_taken_when_left_alone_after_its_close(story: Story, structure: Structure) -> None:
    story.close(10.0)
    first = story.look(10.5, structure)
    assert isinstance(first, Wait)
    assert first.until == 11.5
    assert isinstance(story.look(11.4, structure), Wait)
    assert story.look(11.5, structure) == Take()


def test_a_reopened_tiff_settles_again(story: Story) -> None:
    story.close(10.0)
    story.look(10.0, TIFF)
    story.close(10.8)
    second = story.look(10.8, TIFF, stamp(size=200))
    assert isinstance(second, Wait)
    assert second.until == 11.8
    assert isinstance(story.look(11.0, TIFF, stamp(size=200)), Wait)
    assert story.look(11.8, TIFF, stamp(size=200)) == Take()


def test_a_close_without_a_change_settles_again(story: Story) -> None:
    story.close(10.0)
    story.look(10.0, PDF)
    story.close(10.9)
    assert isinstance(story.look(11.0, PDF), Wait)


def test_a_picture_whose_close_was_not_seen_settles(story: Story) -> None:
    assert isinstance(story.look(10.0, WHOLE), Wait)
    assert story.look(11.0, WHOLE) == Take()


def test_a_close_before_a_later_change_does_not_count(story: Story) -> None:
    story.close(10.0)
    story.look(10.0, CUT)
    assert isinstance(story.look(15.0, WHOLE, stamp(size=200)), Wait)
    assert story.look(16.0, WHOLE, stamp(size=200)) == Take()


def test_a_file_still_growing_is_not_taken(story: Story) -> None:
    for second in range(60):
        assert isinstance(story.look(float(second), OTHER, stamp(size=100 + second)), Wait)


@pytest.mark.parametrize("changed", [stamp(mtime=2), stamp(ctime=2), stamp(inode=8), stamp(size=99)])
def test_every_part_of_the_stamp_counts_as_a_change(story: Story, changed: Stamp) -> None:
    story.look(10.0, OTHER)
    assert isinstance(story.look(11.0, OTHER, changed), Wait)


@pytest.mark.parametrize("structure", [None, OTHER, CUT])
def test_an_empty_file_is_never_taken(story: Story, structure: Structure | None) -> None:
    story.close(1.0)
    for now in (1.0, 10.0, 10_000.0):
        assert story.look(now, structure, stamp(size=0)) == Wait(None, EMPTY)


def test_a_file_held_open_for_writing_is_never_taken(story: Story) -> None:
    for now in (1.0, 100.0, 10_000.0):
        assert story.look(now, None, held=True) == Wait(now + SETTLE_S, HELD)


def test_a_writer_seen_in_the_moment_of_its_close_is_asked_for_again_at_once(story: Story) -> None:
    story.close(10.0)
    held = story.look(10.001, None, held=True)
    assert isinstance(held, Wait)
    assert held.until == pytest.approx(10.021)
    assert story.look(10.0 + LEFT_ALONE_S, WHOLE) == Take()


def test_what_looks_cut_off_waits_for_its_patience_and_says_so(story: Story) -> None:
    story.close(10.0)
    first = story.look(10.0, CUT)
    assert isinstance(first, Wait)
    assert "no end marker" in first.reason
    assert isinstance(story.look(39.9, CUT), Wait)
    taken = story.look(40.0, CUT)
    assert isinstance(taken, Take)
    assert taken.cut_off is not None
    assert "no end marker" in taken.cut_off


def test_patience_starts_again_with_each_change(story: Story) -> None:
    story.look(0.0, CUT)
    story.look(29.0, CUT, stamp(size=200))
    assert isinstance(story.look(31.0, CUT, stamp(size=200)), Wait)
    assert isinstance(story.look(59.0, CUT, stamp(size=200)), Take)


def test_patience_does_not_run_while_a_writer_holds_the_file(story: Story) -> None:
    story.look(0.0, None)
    story.look(100.0, None, held=True)
    story.close(100.5)
    assert isinstance(story.look(100.5, CUT), Wait)
    assert isinstance(story.look(130.5, CUT), Take)


def test_a_cut_off_file_that_is_completed_is_taken_whole(story: Story) -> None:
    story.close(10.0)
    story.look(10.0, CUT)
    story.close(25.0)
    assert story.look(25.0 + LEFT_ALONE_S, WHOLE, stamp(size=200)) == Take()


def test_a_look_that_found_nothing_to_judge_leads_to_another(story: Story) -> None:
    waits = story.look(10.0, None)
    assert isinstance(waits, Wait)
    assert waits.until == 11.0


def test_a_close_during_a_look_still_counts_for_the_next(story: Story) -> None:
    story.history = story.history.look(stamp(), 10.0, held=False)
    story.close(10.1)
    assert story.history.forget() == History(closed_at=10.1, alone_until=10.1 + LEFT_ALONE_S)
    assert story.look(10.2, WHOLE, stamp(size=300)) == Take()
    assert story.history.forget() == History()
