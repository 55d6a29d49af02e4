"""JSON as it goes out: compact, UTF-8, whatever a file is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def encode(value: Any) -> bytes:
    """Compact JSON in UTF-8; where a string holds what UTF-8 cannot (bytes of a file name), as ASCII with escapes."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def answer(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer, with a line end for those who read it in a terminal."""
    return web.Response(
        body=encode(content) + b"\n",
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )
