"""Base64 in which a signed file may be wrapped: bare, or between the lines of PEM."""

from __future__ import annotations

import base64
import binascii
import re

_ARMOUR = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}-----BEGIN [A-Z0-9 ]{1,40}-----[ \t]{0,20}\r?\n?")
_END = re.compile(rb"-----END [A-Z0-9 ]{1,40}-----")
_BLANKS = b" \t\r\n"
_ENOUGH = 64


def is_armoured(data: bytes) -> bool:
    """Whether this begins with a line of PEM."""
    return _ARMOUR.match(data) is not None


def has_end(tail: bytes) -> bool:
    """Whether the line that ends PEM stands in these last bytes of a file."""
    return _END.search(tail) is not None


def decode_start(data: bytes) -> bytes:
    """Return the first 48 bytes that the base64 holds, or fewer; none if it is not base64."""
    letters = remove_blanks(_body(data[:1024]))[:_ENOUGH]
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4], validate=True)
    except binascii.Error:
        return b""


def decode_all(data: bytes) -> bytes:
    """Return all that the base64 holds; raises ValueError if it is not base64."""
    return base64.b64decode(remove_blanks(_body(data)), validate=True)


def remove_blanks(data: bytes) -> bytes:
    """Return the bytes without blanks and line ends."""
    return data.translate(None, _BLANKS)


def _body(data: bytes) -> bytes:
    """Return what is between the lines of PEM, or everything but a byte order mark."""
    start = _ARMOUR.match(data)
    if start is None:
        return data.removeprefix(b"\xef\xbb\xbf")
    end = _END.search(data, start.end())
    return data[start.end() : end.start() if end else len(data)]
