"""The heading of a document: what was read where the vendor's name stands, reduced so that it is known again."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

LONGEST = 200
SHORTEST = 2
"""Letters and digits; less says nothing of who it is."""
ALIKE = 0.6
"""A misread name still shares this much with the right one."""


def reduce_heading(text: str) -> str | None:
    """Letters and digits only, small, without accents and spaces (readers lose those); None if too little is left."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(sign for sign in plain if sign.isalnum())[:LONGEST]
    return kept if len(kept) >= SHORTEST else None


def find_heading(result: Mapping[str, Any] | None) -> str | None:
    """What a stored result's vendor was read as, before anyone or anything corrected it; reduced."""
    field = ((result or {}).get("fields") or {}).get("vendor") or {}
    read = field.get("read_as") or field.get("value") or (result or {}).get("vendor")
    return reduce_heading(read) if isinstance(read, str) else None


def is_alike(heading: str, vendor: str) -> bool:
    """Might this heading be that vendor's name, shortened, lengthened or misread?"""
    name = reduce_heading(vendor) or ""
    return bool(name) and (name in heading or heading in name or SequenceMatcher(None, heading, name).ratio() >= ALIKE)
