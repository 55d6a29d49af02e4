"""Responses: JSON, compact and in UTF-8 whatever a file is called, or plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp import web

from expensed.model.json_text import encode_for_client

_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


def answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a model of `report.answers` as JSON, ending with a newline for people who read it in a terminal."""
    return web.Response(
        body=encode_for_client(content) + b"\n",
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def wants_text(request: web.Request) -> bool:
    """Whether the client prefers plain text to JSON; one that accepts anything gets JSON."""
    weights = {"text/plain": 0.0, "application/json": 0.0}
    for accepted in request.headers.get("Accept", "").split(","):
        kind, *parameters = (part.strip().lower() for part in accepted.split(";"))
        if kind in weights:
            qualities = [float(found[1]) for each in parameters if (found := _QUALITY.fullmatch(each))]
            weights[kind] = qualities[-1] if qualities else 1.0
    return weights["text/plain"] > weights["application/json"]


def say(line: str, status: int = 200) -> web.Response:
    """Return an answer for a person at a terminal."""
    return web.Response(text=line + "\n", status=status, content_type="text/plain", charset="utf-8")


def wants_page(request: web.Request) -> bool:
    """Whether a browser asks for a page. `curl` accepts anything and gets plain text."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
