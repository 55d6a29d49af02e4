"""Take the document out of a CMS signature (`.p7m`, RFC 5652), binary or in base64; nothing is verified.

A walk of the few elements in front of the document and of its pieces, without recursion, in a bounded number of steps.
BER as it occurs is accepted: lengths left open, and a document in many pieces. Whatever else it holds is not looked at.
"""

from __future__ import annotations

from expensed.errors import Corrupt, DocumentError, Encrypted, TooLarge, UnsupportedKind
from expensed.formats.armour import decode_all
from expensed.formats.ber import LONGEST_HEADER, Header, NotBer, read_header
from expensed.formats.signatures import is_signed

LARGEST = 64 << 20
"""Bytes of the file."""
MOST_ELEMENTS = 200_000
"""A signer that writes pieces of 1,000 bytes needs some 65,000 of them for the largest file."""
DEEPEST = 30
MOST_LAYERS = 5
"""So many people may have signed one after the other, each what the one before had signed."""
_SEQUENCE, _INTEGER, _SET, _NAME, _PIECE, _PIECES, _CONTENT = 0x30, 0x02, 0x31, 0x06, 0x04, 0x24, 0xA0
_CMS = bytes.fromhex("2a864886f70d0107")
_SIGNED_DATA = _CMS + b"\x02"
_ENCRYPTED = (_CMS + b"\x03", _CMS + b"\x04", _CMS + b"\x06")
_AGAIN = "Download it again, or ask the sender to send it again."


def take_out(data: bytes) -> bytes:
    """Return the document inside all its signatures.

    Raises Corrupt, Encrypted, TooLarge, or UnsupportedKind if it encloses none.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"The signed file has {len(data) >> 20} MB; at most {LARGEST >> 20} MB are read.")
    for _ in range(MOST_LAYERS):
        if not is_signed(data[:1024]):
            return data
        data = _take_out_once(data)
    raise _broken(f"it is signed more than {MOST_LAYERS} times over")


def _take_out_once(data: bytes) -> bytes:
    if data[:1] != b"0":
        try:
            data = decode_all(data)
        except ValueError as error:
            raise _broken("it is not base64 throughout") from error
    walk = _Walk(data)
    walk.enter(_SEQUENCE)
    name = walk.value(_NAME)
    if name in _ENCRYPTED:
        raise Encrypted("The file is encrypted, not only signed.", hint="Decrypt it, and drop what was in it.")
    if name != _SIGNED_DATA:
        raise UnsupportedKind("It is a CMS file without a signed document in it.", hint=_AGAIN)
    walk.enter(_CONTENT)
    walk.enter(_SEQUENCE)
    walk.value(_INTEGER)
    walk.skip(_SET)
    walk.enter(_SEQUENCE)
    walk.value(_NAME)
    if walk.is_at_end():
        raise UnsupportedKind(
            "It is a signature only: the document that it signs is a file of its own.", hint="Drop that file instead."
        )
    walk.enter(_CONTENT)
    return walk.pieces()


class _Walk:
    """A place in the file, which only moves forward, and the ends of the elements around it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._ends: list[int | None] = []
        self._left = MOST_ELEMENTS

    def enter(self, tag: int) -> None:
        """Go to the first element inside the next one, which must have this tag."""
        header = self._next(tag)
        self._ends.append(None if header.length is None else self._at + header.length)

    def value(self, tag: int) -> bytes:
        """Return the content of the next element, which must have this tag, and go on behind it."""
        return self._content(self._next(tag))

    def skip(self, tag: int) -> None:
        """Go on behind the next element, which must have this tag, whatever it holds."""
        header = self._next(tag)
        still_open = 0
        while True:
            if header.length is None:
                still_open += 1
            else:
                self._content(header)
                still_open -= header.is_end
            if still_open == 0:
                return
            if still_open > DEEPEST:
                raise _broken("its elements are nested too deeply")
            header = self._next()

    def is_at_end(self) -> bool:
        """Whether nothing more is inside the element entered last."""
        end = self._ends[-1]
        if end is not None:
            return self._at >= end
        return self._data[self._at : self._at + 2] == b"\0\0"

    def pieces(self) -> bytes:
        """Return the next element's bytes, joined if they are in pieces, which may be in pieces themselves."""
        found: list[bytes] = []
        outside = len(self._ends)
        while True:
            header = self._next()
            if header.tag == _PIECE:
                found.append(self._content(header))
            elif header.tag == _PIECES:
                self._ends.append(None if header.length is None else self._at + header.length)
            else:
                raise _broken("something else is in place of the document")
            while len(self._ends) > outside and self.is_at_end():
                self._at += 2 if self._ends.pop() is None else 0
            if len(self._ends) == outside:
                return b"".join(found)
            if len(self._ends) - outside > DEEPEST:
                raise _broken("its elements are nested too deeply")

    def _next(self, tag: int | None = None) -> Header:
        """Read a header and go behind it; an element must end where those around it do, or before."""
        self._left -= 1
        if self._left < 0:
            raise TooLarge(f"The signed file has more than {MOST_ELEMENTS:,} elements.", hint=_AGAIN)
        try:
            header = read_header(self._data[self._at : self._at + LONGEST_HEADER])
        except NotBer as error:
            raise _broken(f"it holds {error}") from error
        if header is None:
            raise _broken("it ends too early")
        self._at += header.size
        limit = next((end for end in reversed(self._ends) if end is not None), len(self._data))
        if self._at + (header.length or 0) > limit:
            raise _broken("it ends too early" if limit == len(self._data) else "an element is longer than its place")
        if tag is not None and header.tag != tag:
            raise _broken("its elements are not those of a signature")
        return header

    def _content(self, header: Header) -> bytes:
        start = self._at
        self._at += header.length or 0
        return self._data[start : self._at]


def _broken(why: str) -> DocumentError:
    return Corrupt(f"The signed file is broken: {why}.", hint=_AGAIN)
