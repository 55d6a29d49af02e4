"""Two halves of the sellers: rules are made by the papers of the one, and judged by those of the other."""

from __future__ import annotations

import hashlib

from benchmarks.learn.papers import Paper

HALVES = ("made by", "judged by")


def seller_of(paper: Paper) -> str:
    """Return the seller; the file, where none is known."""
    return paper.seller or paper.name


def half_of(paper: Paper) -> str:
    """Return the half in which a paper's seller is, always the same."""
    return HALVES[hashlib.sha256(seller_of(paper).encode()).digest()[0] % 2]
