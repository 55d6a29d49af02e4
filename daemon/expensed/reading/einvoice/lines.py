"""Read the lines and the changes of an e-invoice, as many as are kept of a huge one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from expensed.model.reading import Change, InvoiceLine
from expensed.reading.einvoice.tree import Node

MOST_LINES = 2_000
"""Telephone bills with each call reach this; whoever sends more is told that there are more."""
MOST_CHANGES = 100
_MOST_OF_A_LINE = 20


def read_lines(
    nodes: Sequence[Node], read: Callable[[Node], InvoiceLine], has_more: int = 0
) -> tuple[tuple[InvoiceLine, ...], int]:
    """Return the first lines, and how many more there are; `has_more` are some that were not handed in."""
    return tuple(read(node) for node in nodes[:MOST_LINES]), len(nodes[MOST_LINES:]) + has_more


def read_changes(nodes: Sequence[Node], read: Callable[[Node], Change], most: int = MOST_CHANGES) -> tuple[Change, ...]:
    """Return the first allowances and charges."""
    return tuple(read(node) for node in nodes[:most])


def changes_of_line(nodes: Sequence[Node], read: Callable[[Node], Change]) -> tuple[Change, ...]:
    """Return the first allowances and charges of one line."""
    return read_changes(nodes, read, _MOST_OF_A_LINE)


def attribute(node: Node | None, name: str) -> str | None:
    """Return an attribute that is not blank, or None."""
    return (node.attributes.get(name) or "").strip() or None if node is not None else None


def join(texts: Sequence[str]) -> str | None:
    """Return the texts as one, each once; None if there are none."""
    return " ".join(dict.fromkeys(texts)) or None


def is_true(text: str | None) -> bool:
    """Whether an indicator is set, in either of XML's forms."""
    return text in ("true", "1")
