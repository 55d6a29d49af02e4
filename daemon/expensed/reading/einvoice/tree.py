"""Parse XML safely to a bounded tree: no DTD, no entities, nothing fetched, nothing too deep or too large.

Elements are identified by their local names, since prefixes are arbitrary. Files embedded in an element are cut off
while they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from expensed.errors import Corrupt, TooLarge, UnsupportedKind

LARGEST = 64 << 20
"""Bytes; e-invoices with embedded files reach some ten million."""
MOST_NODES = 300_000
DEEPEST = 100
LONGEST_VALUE = 10_000
"""How many characters of an element's text are kept; longer text is an embedded file."""
LONGEST_ATTRIBUTE = 200
MOST_ATTRIBUTES = 20
LONGEST_NAME = 200


@dataclass(slots=True)
class Node:
    """An element: its local name, namespace, attributes by local name, own text and children."""

    name: str
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    value: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, path: str) -> list[Node]:
        """Return every element at this path of local names; `a|b` is either name, as in `Header|OldHeader/ID`."""
        found = [self]
        for step in path.split("/"):
            names = step.split("|")
            found = [child for node in found for child in node.children if child.name in names]
        return found

    def first(self, path: str) -> Node | None:
        """Return the first element at this path, or None."""
        return next(iter(self.all(path)), None)

    def text(self, path: str) -> str | None:
        """Return the first text at this path that is not blank, or None."""
        return next(iter(self.texts(path)), None)

    def texts(self, path: str) -> tuple[str, ...]:
        """Return the texts at this path that are not blank."""
        return tuple(node.value for node in self.all(path) if node.value)

    def walk(self) -> Iterator[Node]:
        """Yield this element and all below it, in the order in which they are written."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def parse_tree(data: bytes) -> Node:
    """Return the root element; Corrupt, TooLarge, or UnsupportedKind for XML with a document type or entities."""
    if len(data) > LARGEST:
        raise TooLarge(f"The XML has {len(data) >> 20} MB; at most {LARGEST >> 20} MB are read.", hint=_SEND_LESS)
    try:
        return _parse(data)
    except (ParseError, LookupError, ValueError) as error:
        undeclared = behind_envelope(data) or _without_declaration(data)
        if undeclared is None:
            raise _broken(error) from error
    try:
        return _parse(undeclared)
    except (ParseError, LookupError, ValueError) as error:
        raise _broken(error) from error


_DAMAGE = frozenset(
    errors.codes[name]
    for name in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_INVALID_TOKEN,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_TAG_MISMATCH,
        errors.XML_ERROR_DUPLICATE_ATTRIBUTE,
        errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT,
        errors.XML_ERROR_UNBOUND_PREFIX,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
"""The errors of a document that was cut off, or in which a few characters were lost or changed."""


def parse_beginning(data: bytes) -> tuple[Node | None, bool]:
    """Return the root with all that ends before the place where the XML breaks, and whether that is everything.

    No root if it breaks at once, or in a way in which damage does not. Raises TooLarge and UnsupportedKind as
    `parse_tree` does.
    """
    builder = _Builder()
    try:
        _feed(data, builder)
    except ParseError as error:
        return (builder.found if error.code in _DAMAGE else None), False
    except (LookupError, ValueError):
        return None, False
    return builder.found, True


_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,200}\?>")
_SEND_LESS = "Ask the sender for the e-invoice without the files embedded in it."


def _parse(data: bytes) -> Node:
    builder = _Builder()
    _feed(data, builder)
    assert builder.found is not None  # noqa: S101 - the parser refuses XML without a root
    return builder.found


def _feed(data: bytes, builder: _Builder) -> None:
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(data.lstrip(b" \t\r\n"))  # in one go: fed in pieces, a huge token is scanned again with each
        parser.close()
    except DefusedXmlException as error:
        raise UnsupportedKind(
            "The XML declares a document type or entities. No e-invoice needs them, so it is not read.",
            hint="Ask the sender for the e-invoice without a DOCTYPE.",
        ) from error


_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>]{0,200}\?>\s*)?<[\w-]{1,40}:Envelope\s")
_ENVELOPE_END = b":Envelope>"


def behind_envelope(data: bytes) -> bytes | None:
    """Return the document behind a SOAP envelope: banks hand on a Finvoice as two documents in one file."""
    place = data.find(_ENVELOPE_END) if _ENVELOPE.match(data) else -1
    behind = data[place + len(_ENVELOPE_END) :].lstrip() if place >= 0 else b""
    return behind if behind.startswith(b"<") else None


def behind_declaration(data: bytes) -> bytes:
    """Return an XML without its declaration."""
    declaration = _DECLARATION.match(data)
    return data[declaration.end() :] if declaration else data


def _without_declaration(data: bytes) -> bytes | None:
    """Return UTF-8 without its declaration, which may name an unknown or wrong encoding; None for anything else."""
    rest = behind_declaration(data)
    if len(rest) == len(data):
        return None
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return rest


def _broken(error: Exception) -> Corrupt:
    return Corrupt(
        f"The XML is broken: {str(error)[:200]}.", hint="Download it again, or ask the sender to send it again."
    )


class _Builder:
    """Builds the tree from the parser's events, within the limits."""

    def __init__(self) -> None:
        self.found: Node | None = None
        """The root; an element that has not ended yet has no value of its own."""
        self._open: list[Node] = []
        self._pieces: list[list[str]] = []
        self._lengths: list[int] = []
        self._nodes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise TooLarge(f"The XML has more than {MOST_NODES:,} elements.", hint=_SEND_LESS)
        if len(self._open) >= DEEPEST:
            raise TooLarge(f"The XML is nested more than {DEEPEST} levels deep; no e-invoice is.", hint=_SEND_LESS)
        node = Node(*_split(tag), _kept(attributes))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.found = node
        self._open.append(node)
        self._pieces.append([])
        self._lengths.append(0)

    def data(self, text: str) -> None:
        if text and self._open and self._lengths[-1] < LONGEST_VALUE:
            self._pieces[-1].append(text[:LONGEST_VALUE])
            self._lengths[-1] += len(text)

    def end(self, tag: str) -> None:
        self._lengths.pop()
        self._open.pop().value = "".join(self._pieces.pop()).strip()[:LONGEST_VALUE]

    def close(self) -> None:
        """Do nothing; the parser calls this at the end."""


def _split(tag: str) -> tuple[str, str]:
    namespace, brace, name = tag.rpartition("}")
    return name[:LONGEST_NAME], namespace[1 : LONGEST_NAME + 1] if brace else ""


def _kept(attributes: dict[str, str]) -> dict[str, str]:
    kept = list(attributes.items())[:MOST_ATTRIBUTES]
    return {_split(name)[0]: value[:LONGEST_ATTRIBUTE] for name, value in kept}
