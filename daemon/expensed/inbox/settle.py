"""Decide when a file is taken, from what was seen of it, without clock or disk.

| kind (`formats/known_formats.py`) | taken |
| --- | --- |
| pictures, XML | `LEFT_ALONE_S` after the close (or at the move in), if whole; no close seen: as the following |
| PDF, TIFF, anything else | `settle_s` after the last close or change (scanners append pages by reopening) |
| looks cut off | `patience_s` after the last change, as it is, and marked as cut off |
| empty, or open for writing | never |

A change is a difference between two looks, on the monotonic clock; never a file's own times (`cp -p`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from expensed.formats.completeness import Structure
from expensed.formats.ends.reader import Ending
from expensed.formats.known_formats import ROWS, Moment
from expensed.model.admission import Stamp

LEFT_ALONE_S = 0.05
"""How long after a close a file is left alone: copy programs then set its times and mode by its path, and fail if it
has been taken."""
_CLOSING_S = 0.25
"""How long after a close the kernel may still count its writer."""
_CLOSING_LOOK_S = 0.02

EMPTY = "It is empty (0 bytes); it is taken once it has content."
HELD = "A program still has it open for writing."
FRESH = "It changed a moment ago; it is taken once it has been left alone for {settle_s:g} s."
CUT_OFF = "It looks cut off: {why}. It is taken as it is after {patience_s:g} s without a change."
TAKEN_CUT_OFF = "It looked cut off when it was taken: {why}, and nothing was added for {patience_s:g} s."


@dataclass(frozen=True, slots=True)
class History:
    """The observations of one file so far; times are in seconds of the monotonic clock."""

    stamp: Stamp | None = None
    changed_at: float = 0.0
    """The last change between two looks; the first look counts as one."""
    closed_at: float | None = None
    """The last close or move in, if the file has not changed without one since."""
    alone_until: float = float("-inf")
    """The end of the time for which it is left alone after a close."""
    looked_at: float = float("-inf")

    @property
    def has_fresh_close(self) -> bool:
        """Whether a close was seen since the last look began."""
        return self.closed_at is not None and self.closed_at > self.looked_at

    @property
    def quiet_since(self) -> float:
        """The last change or close."""
        return max(self.changed_at, self.closed_at or self.changed_at)

    def close(self, now: float, *, moved: bool = False) -> History:
        """Return the history after a writer closed the file, or it was moved in (by a program that is done with it)."""
        return replace(self, closed_at=now, alone_until=self.alone_until if moved else now + LEFT_ALONE_S)

    def forget(self) -> History:
        """Return a history without anything but a close that no look has seen yet."""
        if not self.has_fresh_close:
            return History()
        return History(closed_at=self.closed_at, alone_until=self.alone_until)

    def look(self, stamp: Stamp, began: float, *, held: bool) -> History:
        """Return the history after a look at the file; a writer that holds it (`held`) counts as a change."""
        changed = held or stamp != self.stamp
        return History(
            stamp=stamp,
            changed_at=began if changed else self.changed_at,
            closed_at=self.closed_at if not changed or self.has_fresh_close else None,
            looked_at=began,
            alone_until=self.alone_until,
        )


@dataclass(frozen=True, slots=True)
class Take:
    """Take the file now; `cut_off` is a sentence if it still looks cut off."""

    cut_off: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again at `until` (None: at the next scan or event), for `reason`."""

    until: float | None
    reason: str


def decide(
    history: History,
    structure: Structure | None,
    now: float,
    *,
    held: bool,
    settle_s: float,
    patience_s: float,
) -> Take | Wait:
    """Decide what to do with a file after a look; `structure` is None if it was not judged."""
    if history.stamp is None or history.stamp.size == 0:
        return Wait(None, EMPTY)
    quiet_since = history.quiet_since
    if held:
        closing = history.closed_at is not None and now - history.closed_at < _CLOSING_S
        return Wait(now + (_CLOSING_LOOK_S if closing else settle_s), HELD)
    fresh = FRESH.format(settle_s=settle_s)
    if structure is None:
        return Wait(quiet_since + settle_s, fresh)
    if structure.ending is Ending.CUT_OFF:
        return _decide_cut_off(structure.why, quiet_since, now, settle_s, patience_s)
    settled_at = quiet_since + settle_s
    if _may_be_taken_at_close(structure) and history.closed_at is not None:
        settled_at = min(settled_at, max(history.alone_until, history.closed_at))
    return Take() if now >= settled_at else Wait(settled_at, fresh)


def _may_be_taken_at_close(structure: Structure) -> bool:
    if structure.kind is None or structure.ending is not Ending.COMPLETE:
        return False
    return ROWS[structure.kind].taken is Moment.AT_CLOSE


def _decide_cut_off(why: str, quiet_since: float, now: float, settle_s: float, patience_s: float) -> Take | Wait:
    end = quiet_since + patience_s
    if now >= end:
        return Take(TAKEN_CUT_OFF.format(why=why, patience_s=patience_s))
    return Wait(min(end, now + max(settle_s, patience_s / 10)), CUT_OFF.format(why=why, patience_s=patience_s))
