"""Names and kinds of files that are refused, each with a sentence that says why.

The lists follow what browsers, office programs, sync clients, NAS systems and download managers leave behind.
"""

from __future__ import annotations

import re
import stat

from expensed.disk.claims import CLAIMS
from expensed.disk.trial import TRIAL

_SILENT = frozenset({CLAIMS, ".gitkeep", ".keep"})

_PARTIAL = (
    ".!bt", ".!mv", ".!qb", ".!sync", ".!ut", ".aria2", ".bc!", ".crdownload", ".download", ".downloading",
    ".dtapart", ".fdmdownload", ".filepart", ".opdownload", ".part", ".part.met", ".partial", ".temp", ".tmp", ".xltd",
)  # fmt: skip
_EDITORS = ("~", ".swp", ".swo", ".swx", ".kate-swp", ".bak~")
_LITTER = frozenset({
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".ds_store", ".localized", "icon\r",
    ".directory", ".apdisk", "dropbox.cache", ".dropbox", ".dropbox.attr", ".owncloudsync.log", ".stignore",
    "zbthumbnail.info", "picasa.ini", "openfolderlistdf\r", "theplugindatabase", "wpsettings.dat", "indexervolumeguid",
})  # fmt: skip
_STREAMS = re.compile(
    # What Windows and Samba keep beside a file when it leaves NTFS; WSL and Samba may write U+F03A or U+F022 for `:`.
    r".*[:\uf03a\uf022](zone\.identifier|smartscreen|encryptable|favicon|afp_afpinfo|afp_resource|afp_deskicon"
    r"|ms-properties|com\.apple\.\S+|com\.dropbox\.\S+|\S?(document)?summaryinformation)(:\$data)?"
    r"|.*\.zone\.identifier|.*@syno(resource|eastream)|.*\.(aae|thm)",
    re.DOTALL,
)
_LOCKS = re.compile(r"~\$.*|\.~lock\..*#?", re.DOTALL)
_TEMPORARY = re.compile(
    r"\.syncthing\..*\.tmp|~syncthing~.*|\.goutputstream-.*|\.nfs[0-9a-f]{8,}|\.fuse_hidden.*|\.smbdelete.*"
    r"|\.unison\..*|\..+\.[a-z0-9]{6}|~wr[a-z]\d+.*|\.com\.google\.chrome\..*",
    re.DOTALL,
)
_FOLDERS = frozenset({
    "@eadir", "@tmp", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "$recycle.bin", "recycler",
    "recycled", "system volume information", "lost+found", "__macosx", "network trash folder", "temporary items",
    "thefindbycontentfolder", "thevolumesettingsfolder", "appleshare pds",
    ".stfolder", ".stversions", ".sync", ".~tmp~",
})  # fmt: skip

_KINDS = (
    (stat.S_ISLNK, "It is a link; drop the file itself."),
    (stat.S_ISFIFO, "It is a pipe (FIFO), not a file."),
    (stat.S_ISSOCK, "It is a socket, not a file."),
    (stat.S_ISBLK, "It is a device, not a file."),
    (stat.S_ISCHR, "It is a device, not a file."),
)


def is_silent(name: str) -> bool:
    """Whether a refused name is not worth showing: ours, or a placeholder that keeps a folder in git."""
    return name in _SILENT or name.startswith(TRIAL)


def refuse_name(name: str) -> str | None:
    """Return a sentence that says why a file of this name is not taken; None if it may be."""
    lowered = name.lower()
    if lowered in _LITTER or lowered.startswith("._") or _STREAMS.fullmatch(lowered):
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
    """Return a sentence that says why a folder of this name is not scanned; None if it is."""
    if name.lower() in _FOLDERS:
        return "It belongs to a sync program, a NAS or the system; what is in it is not taken."
    if name.lower().endswith(_PARTIAL):
        return "Its ending says that it is still being downloaded; it is taken under its final name."
    if name.startswith("."):
        return "It is a hidden folder; what is in it is not taken."
    return None


def refuse_kind(mode: int) -> str | None:
    """Return a sentence that says why a file with this st_mode (of lstat) is not taken; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), "It is not a regular file.")
