"""Find the dialect of an XML and read its invoices, which Peppol's envelope or the like may enclose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from expensed.errors import UnsupportedKind
from expensed.formats.known_formats import WHAT_IS_TAKEN
from expensed.model.reading import EInvoice
from expensed.reading.einvoice.cii import is_cii, read_cii
from expensed.reading.einvoice.fattura import is_fattura, read_fattura
from expensed.reading.einvoice.tree import Node, parse_tree
from expensed.reading.einvoice.ubl import is_ubl, read_ubl

LONGEST_TEXT = 200_000
LONGEST_LINE = 1_000
MOST_INVOICES = 50
_ENVELOPE_DEPTH = 3
_DIALECTS: tuple[tuple[Callable[[Node], bool], Callable[[Node], tuple[EInvoice, ...]]], ...] = (
    (is_cii, read_cii),
    (is_ubl, read_ubl),
    (is_fattura, read_fattura),
)


def read_invoices(data: bytes) -> tuple[EInvoice, ...]:
    """Return the invoices of an e-invoice XML, in the order in which they are written.

    Raises Corrupt, TooLarge, or UnsupportedKind if it is not an invoice in these dialects, or has a document type.
    """
    root = parse_tree(data)
    for node in _near(root, _ENVELOPE_DEPTH):
        for is_it, read in _DIALECTS:
            if is_it(node):
                return _with_text(read(node), node)
    sentence = f"This XML is not an e-invoice in a known dialect: its root element is {root.name[:60]!r}."
    raise UnsupportedKind(sentence, hint=WHAT_IS_TAKEN)


def _with_text(invoices: tuple[EInvoice, ...], node: Node) -> tuple[EInvoice, ...]:
    if not invoices:
        sentence = f"This XML is an e-invoice without an invoice in it: {node.name} is empty."
        raise UnsupportedKind(sentence, hint=WHAT_IS_TAKEN)
    first, *others = invoices[:MOST_INVOICES]
    return (replace(first, text=_text(node)), *others)


def _near(root: Node, depth: int) -> Iterator[Node]:
    """Yield the root and its descendants down to `depth` levels."""
    level = [root]
    for _ in range(depth):
        yield from level
        level = [child for node in level for child in node.children]


def _text(root: Node) -> str:
    """Return every value with the name of its element, one per line."""
    lines: list[str] = []
    left = LONGEST_TEXT
    for node in root.walk():
        value = " ".join(node.value[:LONGEST_LINE].split())
        if value and "Binary" not in node.name and left > 0:
            lines.append(f"{node.name}: {value}")
            left -= len(lines[-1]) + 1
    return "\n".join(lines)
