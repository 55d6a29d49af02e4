"""Checks of the folders: whether they exist and can be written, watched and filled further."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from expensed.cli.doctor.findings import Finding, fine, warn, wrong
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS
from expensed.disk.files import PRIVATE_MODE
from expensed.disk.marked_folder import PlaceName, read_mark
from expensed.disk.mounts import find_filesystem, is_network
from expensed.disk.trial import try_claiming, try_filing
from expensed.inbox.observer import LIMITS, Observer

LEAST_BYTES, FEW_BYTES = 50 << 20, 1 << 30
SPARE_WATCHES = 64
MOST_COUNTED = 100_000
INOTIFY = Path("/proc/sys/fs/inotify")


def check_folders(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each folder; what the daemon does there is tried out."""
    mode = int(settings.archive.file_mode, 8)
    has_claims = (settings.inbox.path / CLAIMS).is_dir()
    away = {finding.name: finding for finding in check_marks(settings)}
    for name, folder, trial in (
        ("inbox", settings.inbox.path, try_claiming if has_claims else _try_plain),
        ("archive", settings.archive.path, partial(try_filing, mode=mode)),
        ("state", settings.state.path, _try_plain),
    ):
        yield away.get(name) or check_folder(name, folder, trial)  # nothing is written to a folder that is not ours
    filesystem = find_filesystem(str(settings.state.path))
    if is_network(filesystem):
        said = f"The state folder is on a network file system ({filesystem}), where SQLite is not safe."
        yield warn("ledger", said, "Set state.path to a folder on a local disk.")


def check_marks(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for inbox and archive if they do not bear the mark of the ledger that the state folder is for."""
    ours = read_mark(settings.state.path, PlaceName.STATE)
    if ours is None:
        return  # no daemon has used these folders yet, or its state folder is away, which its start tells
    for name, folder in ((PlaceName.INBOX, settings.inbox.path), (PlaceName.ARCHIVE, settings.archive.path)):
        found = read_mark(folder, name)
        hint = f"Mount its disk, or make {folder} this ledger's: `expensed adopt {name}`."
        if found is None:
            yield wrong(name, f"{folder} does not bear the mark of this ledger, so expensed does not use it", hint)
        elif found.ledger != ours.ledger:
            yield wrong(name, f"{folder} belongs to another ledger, so expensed does not use it", hint)


def check_folder(name: str, folder: Path, trial: Callable[[Path], None]) -> Finding:
    """Check whether this user can do in this folder what the daemon does there."""
    if not folder.exists():
        return _check_missing(name, folder)
    try:
        status = folder.stat()
        trial(folder)
    except OSError as error:
        return wrong(name, f"{_explain(error, folder)}.", _advise(name, folder))
    owner, mode = _user(status.st_uid), f"{status.st_mode & 0o7777:04o}"
    if os.geteuid() == 0 and status.st_uid != 0:
        said = f"{folder} belongs to {owner} ({mode}); root may do anything there, so this proves little"
        return warn(name, said, f"Run this as the daemon's user: `sudo -u {owner} expensed doctor`.")
    return fine(name, f"{folder} is writable (owner {owner}, mode {mode}, {find_filesystem(str(folder)) or '?'})")


def _try_plain(folder: Path) -> None:
    try_filing(folder, PRIVATE_MODE)


def _check_missing(name: str, folder: Path) -> Finding:
    parent = next((above for above in folder.parents if above.exists()), Path("/"))
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return fine(name, f"{folder} does not exist yet; the daemon creates it")
    return wrong(
        name, f"{folder} does not exist, and this user cannot create it in {parent}.",
        f"As root: `install -d -o {_user(os.geteuid())} {folder}`, or set {name}.path to another folder.",
    )  # fmt: skip


def _explain(error: OSError, folder: Path) -> str:
    """Return what cannot be done, and who owns the place."""
    place = Path(error.filename2 or error.filename or folder).parent
    with contextlib.suppress(OSError):
        status = place.stat()
        owner = f"{place} belongs to {_user(status.st_uid)}, mode {status.st_mode & 0o7777:04o}"
        return f"Files cannot be created, renamed and removed in {folder}: {error.strerror} ({owner})"
    return f"Files cannot be created, renamed and removed in {folder}: {error.strerror}"


def _advise(name: str, folder: Path) -> str:
    if not folder.is_dir():
        return f"It is not a folder: move it away, or set {name}.path to another folder."
    user = _user(os.geteuid())
    return f"Give {user} write access, run this as the daemon's user, or set {name}.path to another folder."


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def check_watching(settings: Settings) -> Finding:
    """Check whether the kernel reports new files in the inbox, with a real watch if the folder exists."""
    inbox, way = settings.inbox.path, settings.inbox.watch
    filesystem = find_filesystem(str(inbox))
    if is_network(filesystem) and way == "native":
        said = f"The inbox is on {filesystem}: files that other machines write are noticed only at rescans."
        return warn("watching", said, "Set inbox.watch to auto or poll.")
    if way == "poll" or is_network(filesystem):
        return fine("watching", f"the inbox ({filesystem or 'unknown file system'}) is polled")
    watches, instances = _read_limit("max_user_watches"), _read_limit("max_user_instances")
    if inbox.is_dir() and (trouble := _try_watch(inbox)) is not None:
        return trouble
    folders = _count_folders(inbox)
    if watches is not None and watches < folders + SPARE_WATCHES:
        said = f"The inbox has {folders} folders, but a user may watch only {watches}: the rest are polled."
        return warn("watching", said, f"As root: `sysctl fs.inotify.max_user_watches={2 * folders + 8192}`.")
    return fine("watching", f"inotify, at most {watches or '?'} folders in {instances or '?'} instances per user")


def _try_watch(inbox: Path) -> Finding | None:
    try:
        Observer(str(inbox), lambda hint: None).stop()
    except OSError as error:
        if error.errno in LIMITS:
            said = "The kernel's limit of inotify watches or instances has been reached: the inbox is polled."
            return warn("watching", said, "As root: `sysctl fs.inotify.max_user_instances=512` (or max_user_watches).")
        return warn(
            "watching", f"The inbox cannot be watched ({error.strerror}): it is polled.", "See the line `inbox`."
        )
    return None


def _read_limit(name: str) -> int | None:
    try:
        return int((INOTIFY / name).read_text())
    except (OSError, ValueError):
        return None


def _count_folders(root: Path) -> int:
    count = 0
    for _, folders, _ in os.walk(root):
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        count += 1
        if count >= MOST_COUNTED:
            break
    return count


def check_space(settings: Settings) -> Iterator[Finding]:
    """Check for free space on each disk that is written to."""
    disks: dict[int, tuple[Path, list[str]]] = {}
    for name, folder in (
        ("inbox", settings.inbox.path),
        ("archive", settings.archive.path),
        ("state", settings.state.path),
    ):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        disks.setdefault(there.stat().st_dev, (there, []))[1].append(name)
    for there, names in disks.values():
        yield _judge_space(" and ".join(names), shutil.disk_usage(there).free, has_inodes=_has_inodes(there))


def _has_inodes(folder: Path) -> bool:
    status = os.statvfs(folder)
    return status.f_files == 0 or status.f_favail > 0


def _judge_space(names: str, free: int, *, has_inodes: bool) -> Finding:
    room = f"{free / (1 << 30):.1f} GB" if free >= FEW_BYTES else f"{free >> 20} MB"
    if free < LEAST_BYTES or not has_inodes:
        lack = f"Only {room} are" if has_inodes else "No inodes are"
        return wrong("disk", f"{lack} free on the disk of {names}.", "Delete unneeded files, or use another disk.")
    if free < FEW_BYTES:
        return warn("disk", f"Only {room} are free on the disk of {names}.", "Make room before it fills up.")
    return fine("disk", f"{room} free for {names}")
