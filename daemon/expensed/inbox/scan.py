"""Scan the watched folder for files that may be taken and those that are refused; no link is followed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from expensed.inbox.ignored_names import is_silent, refuse_folder, refuse_kind, refuse_name

OnFolder = Callable[[str, tuple[int, int]], None]
"""Called with each folder and its (device, inode) before it is listed, so that a watch set then misses nothing."""


@dataclass(slots=True)
class Listing:
    """The content of the folder; `refused` holds path, size and reason, `closed` unreadable folders and the reason."""

    files: list[str] = field(default_factory=list)
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)


def list_tree(root: str, on_folder: OnFolder, *, is_inbox: bool = True) -> Listing:
    """Walk `root`; OSError only if `root` itself cannot be listed. Only the inbox itself may be a link."""
    listing = Listing()
    if not is_inbox and os.path.islink(root):
        return listing
    todo = [root]
    while todo:
        folder = todo.pop()
        try:
            status = os.stat(folder, follow_symlinks=is_inbox and folder == root)
            on_folder(folder, (status.st_dev, status.st_ino))
            todo.extend(_list_folder(folder, listing))
            listing.folders.add(folder)
        except (FileNotFoundError, NotADirectoryError):
            if folder == root:
                raise
        except OSError as error:
            if folder == root:
                raise
            listing.closed.append((folder, f"expensed cannot look into this folder ({error.strerror})."))
    return listing


def _list_folder(folder: str, listing: Listing) -> Iterator[str]:
    """Sort the content of one folder into the listing; yield the folders to walk next."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_silent(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if (reason := refuse_folder(entry.name)) is None:
                    yield entry.path
                else:
                    listing.refused.append((entry.path, 0, reason))
            elif (reason := _refuse(entry)) is None:
                listing.files.append(entry.path)
            else:
                listing.refused.append((entry.path, _size(entry), reason))


def _refuse(entry: os.DirEntry[str]) -> str | None:
    if entry.is_file(follow_symlinks=False):
        return refuse_name(entry.name)
    try:
        return refuse_kind(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return None  # it vanished or cannot be asked; a look finds out


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
