"""Every failure that expensed names, each with a stable code, a hint and an exit code.

ExpensedError
|- ConfigError        78  a setting is wrong
|- SetupError         69  this machine or these folders cannot be used as they are
|- BackendUnavailable 75  the ledger cannot be opened, or a command finds no daemon
|  `- LedgerLost             its file was replaced, deleted or damaged while it was open
|- RequestError           the request cannot be carried out; nothing was changed
|  |- NotFound               there is no such document or task
|  |- Conflict               not possible in the present state
|  |- Incomplete             it cannot be filed: a field that every filed document has is not known
|  `- Backlog                too much is waiting already
`- DocumentError          one document's trouble; it never leaves its job
   |- Busy                   tried again the document is being worked on elsewhere
   |- ArchiveFull            tried again the archive has no room or cannot be written
   |- InboxFull              tried again an upload finds no room in the inbox
   |- MachineTrouble         tried again this machine cannot start another process just now
   |- SourceUnreadable       tried again the document's bytes could not be read just now
   |- PlaceAway              tried again inbox, archive or state folder is not the one that belongs to the ledger
   |- Interrupted            tried again the daemon stopped, or the child was told to
   |- ChildDied              tried again the reading process died
   |- OcrTimeout             tried again the reading process took too long
   |- InternalError          tried again an internal error of expensed
   |- OutOfMemory            tried again the reading process took too much memory
   |- UnsupportedKind        final       not an image, a PDF or an e-invoice
   |- Encrypted              final       a password is needed
   |- Corrupt                final       the file is broken
   |- TooLarge               final       more pixels, pages, bytes or memory than allowed
   |- NoSuchPage             final       it has fewer pages
   |- CrashedDaemon          final       it repeatedly took the whole daemon down
   |- Cancelled              final       a person cancelled it
   |- Altered                final       the file in the archive is not the one that was filed
   `- Gone                   final       someone removed the file
"""

from __future__ import annotations

import errno
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the ledger keeps it and clients see it."""

    code: str = "error"
    message: str = "It failed."
    hint: str = ""


class ExpensedError(Exception):
    """Base of all: `message` says what happened and to which file, `hint` what to do."""

    code = "error"
    exit_code = 1
    hint = ""

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint
        if code is not None:
            self.code = code

    @property
    def fault(self) -> Fault:
        """The part of it that is kept and shown."""
        return Fault(self.code, self.message, self.hint)


class ConfigError(ExpensedError):
    """One or more settings are wrong; the message lists them all."""

    code = "config"
    exit_code = 78
    hint = "Fix the settings named above; the sample file, config/expensed.toml, explains each."


class SetupError(ExpensedError):
    """The machine or its folders cannot be used as they are."""

    code = "setup"
    exit_code = 69
    hint = "`expensed doctor` says what is missing here."


class BackendUnavailable(ExpensedError):
    """The ledger cannot be opened, or a command finds no daemon."""

    code = "unavailable"
    exit_code = 75
    hint = "Start the daemon with `expensed run`, then try again."


class LedgerLost(BackendUnavailable):
    """The ledger's file is not, or no longer, fit to be used; the daemon ends, and its next start says which it is."""

    code = "ledger-lost"
    hint = "Start the daemon again: it says what is wrong with the ledger and what to do. Nothing is filed meanwhile."


class RequestError(ExpensedError):
    """A request that cannot be carried out as it is; nothing was changed."""

    code = "request"
    hint = "Correct the request and send it again."


class NotFound(RequestError):
    code = "not-found"
    hint = "GET /api/tasks lists all tasks."


class Conflict(RequestError):
    code = "conflict"


class Incomplete(RequestError):
    code = "incomplete"


class Backlog(RequestError):
    code = "backlog"
    hint = "Send it again when some of the work is done; GET /api/tasks?state=PENDING lists those that wait."


class DocumentError(ExpensedError):
    """One document cannot be read or filed (for now).

    `allowed`: how many failures of this kind a task survives before the document fails. 0: it is final. None: there is
    no limit, because the document is not at fault.
    """

    code = "document"
    allowed: int | None = 0


class Busy(DocumentError):
    code = "busy"
    hint = "Wait until its own task has ended, then try again."
    allowed = None


class ArchiveFull(DocumentError):
    code = "archive-full"
    hint = "Make room in the archive folder, or make it writable; expensed tries again automatically."
    allowed = None


class InboxFull(DocumentError):
    code = "inbox-full"
    hint = "Make room in the inbox folder, or make it writable, and send the file again."
    allowed = None


class SourceUnreadable(DocumentError):
    code = "source-unreadable"
    hint = "Check the inbox's disk and permissions; expensed tries again automatically."
    allowed = None


class PlaceAway(DocumentError):
    code = "away"
    hint = "Mount its disk: expensed then goes on by itself. If this folder is the right one, run `expensed adopt`."
    allowed = None


class MachineTrouble(DocumentError):
    code = "machine"
    hint = "Check the machine's memory, disks and process limits; expensed tries again automatically."
    allowed = None


class Interrupted(DocumentError):
    code = "interrupted"
    allowed = None


class ChildDied(DocumentError):
    code = "reader-died"
    hint = "The file may be broken: open it, save it again and drop it into the inbox again."
    allowed = 2


class OcrTimeout(DocumentError):
    code = "timeout"
    hint = "Split the document, or raise reading.time_limit_s, and drop it into the inbox again."
    allowed = 1


class OutOfMemory(DocumentError):
    code = "memory"
    hint = "Scan it at a lower resolution or split it, or raise reading.memory_mb, and drop it into the inbox again."
    allowed = 1


class InternalError(DocumentError):
    """An error in expensed itself; `trace` says where it happened, if that is known."""

    code = "internal"
    hint = "Try `expensed retry`; if it fails again, please report it with what the log says."
    allowed = 2
    trace: str | None = None


class UnsupportedKind(DocumentError):
    """Raised with a hint that lists the accepted formats (`formats/known_formats.py`)."""

    code = "unsupported-kind"
    hint = "Drop an image, a PDF file or an e-invoice."


class Encrypted(DocumentError):
    code = "encrypted"
    hint = "Save it without a password and drop it into the inbox again."


class Corrupt(DocumentError):
    code = "corrupt"
    hint = "Rescan it or download it again, and drop it into the inbox again."


class TooLarge(DocumentError):
    code = "too-large"
    hint = "Scan it at a lower resolution or split it, or raise that setting, and drop it into the inbox again."


class NoSuchPage(DocumentError):
    code = "no-such-page"
    hint = "Pages are numbered from 1."


class CrashedDaemon(DocumentError):
    code = "crashed-daemon"
    hint = "Keep the file out of the inbox and report it: it stopped the daemon several times."


class Cancelled(DocumentError):
    code = "cancelled"
    hint = "Try it again with POST /api/task/<task_id>/retry, or drop the file into the inbox again."


class Altered(DocumentError):
    code = "altered"
    hint = "`expensed check` names every such file; restore it from a backup, then try again."


class Gone(DocumentError):
    code = "gone"
    hint = "Drop it into the inbox again if you still need it."


def document_error(code: str, message: str, hint: str | None = None) -> DocumentError:
    """Return the DocumentError of that code (a child's error, sent through a pipe); an unknown code stays generic."""
    for kind in DocumentError.__subclasses__():
        if kind.code == code:
            return kind(message, hint=hint)
    return DocumentError(message, hint=hint, code=code)


def is_shortage(error: BaseException) -> bool:
    """Whether the machine is out of threads, processes, memory or descriptors: never the fault of a document."""
    if isinstance(error, RuntimeError):
        return "can't start new thread" in str(error)
    return isinstance(error, OSError) and error.errno in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
