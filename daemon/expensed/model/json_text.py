"""JSON: the one place that encodes expensed's types and decodes into them.

Amounts are written as numbers with the decimals that they have, and parsed digit by digit; they are never floats.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: object) -> bytes:
    """Return compact JSON in UTF-8; U+FFFD stands for what UTF-8 cannot hold (bytes of a file name)."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_replace_surrogates(msgspec.to_builtins(value, builtin_types=(Decimal,))))


def _replace_surrogates(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_replace_surrogates(name): _replace_surrogates(each) for name, each in value.items()}
        case list() | tuple():
            return [_replace_surrogates(each) for each in value]
        case _:
            return value


def encode_for_client(value: object) -> bytes:
    """Return compact JSON as `encode` does, but with escapes for what UTF-8 cannot hold, so that nothing is lost."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value, builtin_types=(Decimal,))
        return json.dumps(plain, default=float, separators=(",", ":")).encode()


def encode_text(value: object) -> str:
    """Encode as compact JSON text."""
    return encode(value).decode()


def encode_lines(value: object) -> str:
    """Encode as JSON for people: one line for each value, with a final newline."""
    return msgspec.json.format(encode(value), indent=1).decode() + "\n"


def decode(content: bytes | str, kind: type[T]) -> T:
    """Decode a value of this type; ValueError, with the place, if the content is not JSON of that shape."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
