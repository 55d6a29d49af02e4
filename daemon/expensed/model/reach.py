"""How far a ledger has come."""

from __future__ import annotations

from typing import NamedTuple


class Reach(NamedTuple):
    """The numbers of a ledger's newest filing and newest event; both only rise, and the greater reach knows more.

    Filings come first: none is begun while the archive is away, whereas events go on.
    """

    filing: int = 0
    event: int = 0
