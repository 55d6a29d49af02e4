"""The page at `/` for browsers: one HTML file, whose policy allows only its own script and style, named by hash."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

from expensed.model.json_text import encode_text

_INLINE = re.compile(r"<(script type=\"module\"|style)>(.*?)</(?:script|style)>", re.DOTALL)
_CATEGORIES = re.compile(r'(?<=<script type="application/json" id="categories">).*?(?=</script>)')


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the Content-Security-Policy it is sent with."""

    content: bytes
    policy: str


@cache
def load_page(categories: Sequence[str]) -> Page:
    """Load the page, with the names of the categories in it."""
    text = files(__package__).joinpath("live_page.html").read_text("utf-8")
    names = encode_text(categories).replace("<", r"\u003c")
    return Page(_CATEGORIES.sub(lambda _: names, text).encode(), make_policy(text))


def make_policy(text: str) -> str:
    """Return the strictest policy under which the page works: nothing from elsewhere, only its own inline code."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, content in _INLINE.findall(text):
        digest = b64encode(sha256(content.encode()).digest()).decode()
        hashes[kind.split()[0]].append(f"'sha256-{digest}'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(hashes['script'])}",
            f"style-src {' '.join(hashes['style'])}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def answer_page(categories: Sequence[str]) -> web.Response:
    """Answer with the page, in which these categories may be chosen."""
    page = load_page(categories)
    return web.Response(
        body=page.content,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": page.policy, "Vary": "Accept"},
    )
