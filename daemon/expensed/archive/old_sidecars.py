"""Convert what 0.1.0, or its clients, wrote into sidecars in a form that is no longer read.

The ledger's migration `m0006_typed` does the same to its rows.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Raw

from expensed.model.expense import Said
from expensed.model.json_text import decode, encode, encode_text


def convert_sidecar(content: bytes) -> bytes:
    """Return a sidecar's text without values of the wrong type; ValueError if it is not an object."""
    content = _change_within(content, "corrections", lambda told: _change_within(told, "original", _keep_right))
    return _change_within(content, "result", lambda told: _change_within(told, "fields", _write_amount))


def _change_within(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an object with one of its members changed; anything else as it is."""
    if not content.lstrip().startswith(b"{"):
        return content
    members = decode(content, dict[str, Raw])
    if name in members:
        members[name] = Raw(change(bytes(members[name])))
    return encode(members)


def _keep_right(content: bytes) -> bytes:
    """Keep those of the values a client said it had shown that are of the right type."""
    return encode({name: value for name, value in decode(content, dict[str, Raw]).items() if _is_right(name, value)})


def _is_right(name: str, value: Raw) -> bool:
    try:
        decode(encode({name: value}), Said)
    except ValueError:
        return False
    return True


def _write_amount(fields: bytes) -> bytes:
    """Write what was read as an amount before a correction as text."""
    return _change_within(
        fields,
        "amount",
        lambda amount: _change_within(
            amount, "read_as", lambda read: read if read[:1] in b'"n' else encode(encode_text(Raw(read)))
        ),
    )
