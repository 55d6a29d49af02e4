"""Which names and kinds of file are refused, with the sentence that says why; and how a name is shown.

The lists follow what browsers, office programs, sync clients, NAS systems and download managers leave behind.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata

OURS = ".expensed"
"""The folder of claims, the lock and uploads; never looked into by the scan."""

_SILENT = frozenset({OURS, ".gitkeep", ".keep"})

_PARTIAL = (
    ".!bt", ".!mv", ".!qb", ".!sync", ".!ut", ".aria2", ".bc!", ".crdownload", ".download", ".downloading",
    ".dtapart", ".fdmdownload", ".filepart", ".opdownload", ".part", ".part.met", ".partial", ".temp", ".tmp", ".xltd",
)  # fmt: skip
_EDITORS = ("~", ".swp", ".swo", ".swx", ".kate-swp", ".bak~")
_LITTER = frozenset({
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".ds_store", ".localized", "icon\r",
    ".directory", ".apdisk", "dropbox.cache", ".dropbox", ".dropbox.attr", ".owncloudsync.log", ".stignore",
})  # fmt: skip
_LOCKS = re.compile(r"~\$.*|\.~lock\..*#?", re.DOTALL)
_TEMPORARY = re.compile(
    r"\.syncthing\..*\.tmp|~syncthing~.*|\.goutputstream-.*|\.nfs[0-9a-f]{8,}|\.fuse_hidden.*|\.smbdelete.*"
    r"|\.unison\..*|\..+\.[a-z0-9]{6}|~wr[a-z]\d+.*|\.com\.google\.chrome\..*",
    re.DOTALL,
)
_FOLDERS = frozenset({
    "@eadir", "@tmp", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "$recycle.bin", "recycler",
    "system volume information", "lost+found", "__macosx", ".stfolder", ".stversions", ".sync", ".~tmp~",
})  # fmt: skip

_KINDS = (
    (stat.S_ISLNK, "It is a link; drop the file itself."),
    (stat.S_ISFIFO, "It is a pipe (FIFO), not a file."),
    (stat.S_ISSOCK, "It is a socket, not a file."),
    (stat.S_ISBLK, "It is a device, not a file."),
    (stat.S_ISCHR, "It is a device, not a file."),
)
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_silent(name: str) -> bool:
    """Whether a refused name is not even worth showing: ours, or a placeholder that keeps a folder in git."""
    return name in _SILENT


def refuse_name(name: str) -> str | None:
    """Why a file of this name is not taken, as a sentence; None: it may be."""
    lowered = name.lower()
    if lowered in _LITTER or lowered.startswith("._"):
        return "It belongs to a file manager or sync program, not to you."
    if _LOCKS.fullmatch(lowered):
        return "It is the lock file of an office program."
    if lowered.endswith(_PARTIAL):
        return "Its ending says that it is still being downloaded or copied; it is taken under its final name."
    if lowered.endswith(_EDITORS):
        return "It is an editor's backup or swap file."
    if _TEMPORARY.fullmatch(lowered):
        return "It is the temporary file of a copy or sync program; it is taken under its final name."
    if name.startswith("."):
        return "It is hidden: its name begins with a dot. Rename it to have it taken."
    return None


def refuse_folder(name: str) -> str | None:
    """Why a folder of this name is not looked into, as a sentence; None: it is."""
    if name.lower() in _FOLDERS:
        return "It belongs to a sync program, a NAS or the system; what is in it is not taken."
    if name.lower().endswith(_PARTIAL):
        return "Its ending says that it is still being downloaded; it is taken under its final name."
    if name.startswith("."):
        return "It is a hidden folder; what is in it is not taken."
    return None


def refuse_kind(mode: int) -> str | None:
    """Why what has this st_mode (of lstat) is not taken, as a sentence; None: it is a regular file."""
    if stat.S_ISREG(mode):
        return None
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), "It is not a regular file.")


def show_name(path: str | os.PathLike[str]) -> str:
    """A path as it can be printed, logged and sent as UTF-8: what cannot be shown becomes U+FFFD."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(
        "\ufffd" if character in _BIDI or unicodedata.category(character) in _UNPRINTABLE else character
        for character in text
    )
