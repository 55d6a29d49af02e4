"""Find the dialect of an XML and read its invoices, which Peppol's envelope or the like may enclose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from expensed.errors import UnsupportedKind
from expensed.formats.known_formats import WHAT_IS_TAKEN
from expensed.model.reading import EInvoice
from expensed.reading.einvoice.cii import is_cii, read_cii
from expensed.reading.einvoice.ebinterface import is_ebinterface, read_ebinterface
from expensed.reading.einvoice.facturae import is_facturae, read_facturae
from expensed.reading.einvoice.fattura import is_fattura, read_fattura
from expensed.reading.einvoice.finvoice import is_finvoice, read_finvoice
from expensed.reading.einvoice.isdoc import is_isdoc, read_isdoc
from expensed.reading.einvoice.ksef import is_ksef, read_ksef
from expensed.reading.einvoice.tree import Node, parse_tree
from expensed.reading.einvoice.ubl import demands_total, is_ubl, read_ubl

LONGEST_TEXT = 200_000
LONGEST_LINE = 1_000
MOST_INVOICES = 50
_ENVELOPE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a dialect is recognised and read, and whether it demands that the total be stated."""

    is_it: Callable[[Node], bool]
    read: Callable[[Node], tuple[EInvoice, ...]]
    demands_total: Callable[[Node], bool] = lambda _: True


_DIALECTS = (
    _Dialect(is_isdoc, read_isdoc),  # before UBL, whose elements it borrows
    _Dialect(is_cii, read_cii, lambda _: False),
    _Dialect(is_ubl, read_ubl, demands_total),
    _Dialect(is_fattura, read_fattura, lambda _: False),
    _Dialect(is_ksef, read_ksef),
    _Dialect(is_facturae, read_facturae),
    _Dialect(is_ebinterface, read_ebinterface),
    _Dialect(is_finvoice, read_finvoice),
)
_NO_TOTAL = "The e-invoice states no total, which its format demands."


def read_invoices(data: bytes) -> tuple[EInvoice, ...]:
    """Return the invoices of an e-invoice XML, in the order in which they are written.

    Raises Corrupt, TooLarge, or UnsupportedKind if it is not an invoice in these dialects, or has a document type.
    """
    return understand(parse_tree(data))


def understand(root: Node) -> tuple[EInvoice, ...]:
    """Return the invoices in a parsed XML; UnsupportedKind if it is not an invoice in these dialects."""
    for node in _near(root, _ENVELOPE_DEPTH):
        for dialect in _DIALECTS:
            if dialect.is_it(node):
                found = dialect.read(node)
                return _with_text(tuple(map(_missing_total, found)) if dialect.demands_total(node) else found, node)
    sentence = f"This XML is not an e-invoice in a known dialect: its root element is {root.name[:60]!r}."
    raise UnsupportedKind(sentence, hint=WHAT_IS_TAKEN)


def _missing_total(invoice: EInvoice) -> EInvoice:
    """Return the invoice, with a remark if its total is missing, even if the other sums would give it."""
    return invoice if invoice.total else replace(invoice, remarks=(*invoice.remarks, _NO_TOTAL))


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
