"""Look at one file: its state, whether someone writes to it, and whether it is whole; runs in a thread."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass

from expensed.disk.open_writers import has_writer
from expensed.formats.completeness import Structure, judge_completeness
from expensed.inbox.ignored_names import refuse_kind
from expensed.model.admission import Stamp

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


@dataclass(frozen=True, slots=True)
class Look:
    """The result of a look; `stamp` is None if the file is gone, `refused` and `unreadable` are sentences."""

    stamp: Stamp | None
    held: bool = False
    structure: Structure | None = None
    refused: str | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The question that a look answers.

    The structure is judged only if it can matter: after a close (`closed`), or if the file is as it was at the `last`
    look, in which case a verdict from that look that is still `known` is reused. `ask_writer` is false if the kernel's
    answer means nothing (network file systems).
    """

    path: str
    root: str
    last: Stamp | None = None
    closed: bool = False
    known: Structure | None = None
    ask_writer: bool = True


def look_at(question: Question) -> Look:
    """Look at the file; whatever is wrong with it is in the result, never raised."""
    path = question.path
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return Look(None)
    except OSError as error:
        return Look(Stamp(0, 0, 0, 0, 0), unreadable=_explain(error, None))
    if (refused := refuse_kind(status.st_mode) or _refuse_place(question)) is not None:
        return Look(Stamp.of(status), refused=refused)
    try:
        return _look_inside(question)
    except FileNotFoundError:
        return Look(None)
    except OSError as error:
        return Look(Stamp.of(status), unreadable=_explain(error, status))


def _look_inside(question: Question) -> Look:
    fd = os.open(question.path, _FLAGS)
    try:
        before = os.fstat(fd)
        stamp = Stamp.of(before)
        if (refused := refuse_kind(before.st_mode)) is not None:
            return Look(stamp, refused=refused)
        if question.ask_writer and has_writer(fd):
            return Look(stamp, held=True)
        if before.st_size == 0 or not (question.closed or stamp == question.last):
            return Look(stamp)
        if stamp == question.last and question.known is not None:
            return Look(stamp, structure=question.known)
        structure = judge_completeness(fd, before.st_size)
        after = Stamp.of(os.fstat(fd))
        return Look(after, structure=structure if after == stamp else None)
    finally:
        os.close(fd)


def _refuse_place(question: Question) -> str | None:
    """Refuse a file behind a folder that has become a link since the scan, as it is not ours to take."""
    folder = os.path.dirname(question.path)
    if folder == question.root:
        return None
    relative = os.path.relpath(folder, question.root)
    if os.path.realpath(folder) == os.path.join(os.path.realpath(question.root), relative):
        return None
    return "It lies behind a link; drop the file itself."


def _explain(error: OSError, status: os.stat_result | None) -> str:
    """Say why the file cannot be read, and what to do."""
    if isinstance(error, PermissionError) and status is not None:
        mode = stat.S_IMODE(status.st_mode)
        return (
            f"expensed (user {_user(os.geteuid())}) may not read it: it belongs to {_user(status.st_uid)}:"
            f"{_group(status.st_gid)}, mode {mode:04o}. Make it readable to have it taken."
        )
    if isinstance(error, PermissionError):
        return "expensed may not look into its folder. Make the folder readable to have it taken."
    return f"It cannot be read ({error.strerror or error}); it will be tried again."


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
