"""JSON as it goes out: compact, UTF-8, whatever a file is called."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

_ACCEPTED = re.compile(r"([\w.+*-]+/[\w.+*-]+)[^,]*?(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*(?:,|$)")


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


def wants_text(request: web.Request) -> bool:
    """Does the client ask for plain text rather than JSON? Who takes anything gets JSON."""
    weights = {"text/plain": 0.0, "application/json": 0.0}
    for kind, quality in _ACCEPTED.findall(request.headers.get("Accept", "")):
        if kind.lower() in weights:
            weights[kind.lower()] = float(quality or 1)
    return weights["text/plain"] > weights["application/json"]


def say(line: str, status: int = 200) -> web.Response:
    """An answer for a person at a terminal."""
    return web.Response(text=line + "\n", status=status, content_type="text/plain", charset="utf-8")
