"""Which format the inbox and reading take a file for, each asked through its own entry point."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from expensed.errors import UnsupportedKind
from expensed.formats.completeness import judge_completeness
from expensed.formats.known_formats import BY_MEDIA_TYPE, Format
from expensed.formats.sniff import sniff_kind


def ask_inbox(data: bytes) -> Format | None:
    """Return the format by which the inbox judges a file of these bytes."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, data)
        return judge_completeness(descriptor, len(data)).kind
    finally:
        os.close(descriptor)


def ask_inbox_about(path: Path) -> Format | None:
    """Return the same for a file on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return judge_completeness(descriptor, os.fstat(descriptor).st_size).kind
    finally:
        os.close(descriptor)


def ask_reading(data: bytes) -> Format | None:
    """Return the format as which reading decodes these bytes; None if it refuses them."""
    try:
        return BY_MEDIA_TYPE[sniff_kind(data)].kind
    except UnsupportedKind:
        return None


def judge_files(paths: Iterable[Path]) -> dict[Path, tuple[Format | None, Format | None]]:
    """Return for each file what the inbox says and what reading says."""
    return {path: (ask_inbox_about(path), ask_reading(path.read_bytes())) for path in paths}
