"""Names that mean the same seller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VendorName:
    """Another name of a seller: whoever is read as `alias` is called `name`; None if that is no longer so.

    `at`: when a person said so, in UTC.
    """

    alias: str
    name: str | None
    at: str
