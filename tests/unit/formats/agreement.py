"""What the inbox and what reading take a file for, asked of each by its own entrance."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from expensed.errors import UnsupportedKind
from expensed.formats.completeness import judge_completeness
from expensed.formats.sniff import sniff_kind
from expensed.formats.table import BY_MEDIA_TYPE, Format


def ask_inbox(data: bytes) -> Format | None:
    """The format that the inbox judges a file of these bytes by."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, data)
        return judge_completeness(descriptor, len(data)).kind
    finally:
        os.close(descriptor)


def ask_inbox_about(path: Path) -> Format | None:
    """The same for a file on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return judge_completeness(descriptor, os.fstat(descriptor).st_size).kind
    finally:
        os.close(descriptor)


def ask_reading(data: bytes) -> Format | None:
    """The format that reading decodes these bytes as; None where it refuses them."""
    try:
        return BY_MEDIA_TYPE[sniff_kind(data)].kind
    except UnsupportedKind:
        return None


def judge_files(paths: Iterable[Path]) -> dict[Path, tuple[Format | None, Format | None]]:
    """For each file what the inbox says and what reading says."""
    return {path: (ask_inbox_about(path), ask_reading(path.read_bytes())) for path in paths}
