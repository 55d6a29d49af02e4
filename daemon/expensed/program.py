"""How a person calls expensed on this machine: the word that notes and answers put before a command."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

NAME = "expensed"
_SHARED = os.pathsep.join(("/usr/local/bin", os.defpath))
"""Where every shell looks; a virtual environment that happens to be active is no help in the next shell."""

_EXAMPLES = {"vendor": "'Name'", "amount": "12.34", "date": "2024-01-31", "currency": "EUR"}
NEEDED = tuple(_EXAMPLES)
"""What a document must have to be filed: its name in the archive and any entry in books are made of it."""


@cache
def command() -> str:
    """`expensed` where every shell finds it, else its whole path, ready to be copied."""
    own = Path(sys.executable).with_name(NAME)
    shared = shutil.which(NAME, path=_SHARED)
    if not own.exists() or (shared is not None and os.path.realpath(shared) == os.path.realpath(own)):
        return NAME
    return shlex.quote(str(own))


def filing_command(document_id: str, names: Iterable[str] = ()) -> str:
    """The command that files a document, with an example for each of the named options."""
    options = [f"--{name} {_EXAMPLES[name]}" for name in names]
    return " ".join((command(), "file", shlex.quote(document_id), *options))


def list_lacking(result: Mapping[str, object] | None, said: Iterable[str] = ()) -> list[str]:
    """What a result still lacks to be filed. An amount of 0 is one only if a person `said` the amount."""
    known = result or {}
    return [
        name
        for name in NEEDED
        if known.get(name) is None or (name == "amount" and not known[name] and name not in said)
    ]
