"""Signed files (CMS) made byte by byte around a document, with lengths stated or left open; nobody has signed them."""

from __future__ import annotations

import base64

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
ENVELOPED_DATA = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")
SHA256 = bytes.fromhex("300b0609608648016503040201")
END = b"\0\0"


def der(tag: int, *contents: bytes) -> bytes:
    """An element whose length is stated, in as few bytes as can be."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def ber(tag: int, *contents: bytes) -> bytes:
    """An element whose length is left open."""
    return bytes([tag, 0x80]) + b"".join(contents) + END


def sign(content: bytes, *, name: bytes = SIGNED_DATA) -> bytes:
    """A signed file in DER."""
    inner = der(0x30, DATA, der(0xA0, der(0x04, content)))
    return der(0x30, name, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31, SHA256), inner, der(0x31))))


def sign_in_pieces(content: bytes, size: int = 100) -> bytes:
    """A signed file in BER, as signers stream it: no lengths, and the document in pieces."""
    pieces = [der(0x04, content[place : place + size]) for place in range(0, len(content), size)]
    inner = ber(0x30, DATA, ber(0xA0, ber(0x24, *pieces)))
    return ber(0x30, SIGNED_DATA, ber(0xA0, ber(0x30, der(0x02, b"\1"), ber(0x31, SHA256), inner, ber(0x31))))


def detach() -> bytes:
    """A signature without the document."""
    return der(0x30, SIGNED_DATA, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31, SHA256), der(0x30, DATA), der(0x31))))


def armour(data: bytes, label: str = "PKCS7") -> bytes:
    """The file as PEM."""
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (label.encode(), base64.encodebytes(data), label.encode())
