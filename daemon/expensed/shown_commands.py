"""The commands shown to people: in notes and on the terminal as they are called on this machine, over HTTP plainly."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

NAME = "expensed"
_SHARED = os.pathsep.join(("/usr/local/bin", os.defpath))
"""The folders in which every shell looks; a virtual environment that is active here may not be in the next shell."""

_EXAMPLES = {"vendor": "'Name'", "amount": "12.34", "date": "2024-01-31", "currency": "EUR"}


@cache
def command() -> str:
    """Return `expensed` if every shell finds it, else its full path, ready to be copied."""
    own = Path(sys.executable).with_name(NAME)
    shared = shutil.which(NAME, path=_SHARED)
    if not own.exists() or (shared is not None and os.path.realpath(shared) == os.path.realpath(own)):
        return NAME
    return shlex.quote(str(own))


def discarding_command(document_id: str, *options: str, program: str | None = None) -> str:
    """Return the command that discards a document or, with `--undo`, puts it back.

    `program`: here and below, how expensed is called: as on this machine, or NAME in answers over HTTP, whose readers
    may be elsewhere and need not know where it is installed.
    """
    return shlex.join((*shlex.split(program or command()), "discard", *options, document_id))


def undoing_command(*options: str, program: str | None = None) -> str:
    """Return the command that takes back what was done."""
    return shlex.join((*shlex.split(program or command()), "undo", *options))


def merging_command(name: str, into: str, *, program: str | None = None) -> str:
    """Return the command that has a name mean another seller."""
    return shlex.join((*shlex.split(program or command()), "vendors", "merge", "--", name, into))


def retrying_command(document_id: str, *, program: str | None = None) -> str:
    """Return the command that has a failed document read again."""
    return " ".join((program or command(), "retry", shlex.quote(document_id)))


def rereading_command(document_id: str, *, program: str | None = None) -> str:
    """Return the command that has a document read and judged again."""
    return " ".join((program or command(), "reread", shlex.quote(document_id)))


def filing_command(document_id: str, names: Iterable[str] = (), *, program: str | None = None) -> str:
    """Return the command that files a document, with an example for each of the named options."""
    options = [f"--{name} {_EXAMPLES[name]}" for name in names]
    return " ".join((program or command(), "file", shlex.quote(document_id), *options))
