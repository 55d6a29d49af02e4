"""The JSON beside every document: enough to rebuild the ledger's view of it, and how to tell whether one is ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA = 1
LARGEST = 64 << 20
"""Bytes; a larger file beside a document was not written by us."""


def sidecar_path(document: Path) -> Path:
    """Where the sidecar of a document lies."""
    return document.with_name(f"{document.name}.json")


def note_path(document: Path) -> Path:
    """Where the note of a document that needs a person lies."""
    return document.with_name(f"{document.name}.why.txt")


def with_companions(document: Path) -> tuple[Path, Path, Path]:
    """A document's own path and those of its sidecar and note."""
    return document, sidecar_path(document), note_path(document)


def render_sidecar(facts: dict[str, Any]) -> str:
    """The sidecar's text; `facts` holds at least `id`, `sha256`, `source_name`, `times`, `result`, `text`."""
    return json.dumps({"expensed_schema": SCHEMA, **facts}, ensure_ascii=False, indent=1) + "\n"


def read_sidecar(document: Path) -> dict[str, Any] | None:
    """The sidecar of a document, or None if there is none that we wrote."""
    path = sidecar_path(document)
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and "expensed_schema" in content else None


def names(sidecar: dict[str, Any] | None, document_id: str, sha256: str) -> bool:
    """Does this sidecar speak of that document with these bytes?"""
    return sidecar is not None and sidecar.get("id") == document_id and sidecar.get("sha256") == sha256
