"""Headers of BER and DER elements (ITU-T X.690), as far as signed files use them: tags of one byte, any length."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_HEADER = 10
"""Bytes: a tag, and a length of at most eight bytes behind the byte that counts them."""
_LONG_TAG = 0x1F
_CONSTRUCTED = 0x20


class NotBer(ValueError):
    """Raised if the bytes are not a header, or one longer than any file needs."""


@dataclass(frozen=True, slots=True)
class Header:
    """An element's tag with its class bits, the size of this header, and of the content; None if that is indefinite."""

    tag: int
    size: int
    length: int | None

    @property
    def is_end(self) -> bool:
        """Whether these are the two zero bytes that end content of indefinite length."""
        return self.tag == 0 and self.length == 0


def read_header(data: bytes) -> Header | None:
    """Return the header with which `data` begins; None if `data` ends inside it. Raises NotBer."""
    if len(data) < 2:
        return None
    tag, first = data[0], data[1]
    if tag & _LONG_TAG == _LONG_TAG:
        raise NotBer("a tag of several bytes")
    if first < 0x80:
        return Header(tag, 2, first)
    count = first & 0x7F
    if count == 0:
        if not tag & _CONSTRUCTED:
            raise NotBer("a value without an end")
        return Header(tag, 2, None)
    if count > LONGEST_HEADER - 2:
        raise NotBer("a length of too many bytes")
    return Header(tag, 2 + count, int.from_bytes(data[2 : 2 + count], "big")) if len(data) >= 2 + count else None
