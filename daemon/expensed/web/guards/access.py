"""Access control by Host, Origin and token, and the headers that keep browsers from misusing an answer.

A web page elsewhere must not drive a daemon on localhost: not by its own name that it makes resolve to 127.0.0.1
(Host), not by a form or script (Origin, JSON only), not in a frame.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from expensed.config.checks import is_loopback
from expensed.config.schema import Settings
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.refusals import Refusal
from expensed.web.responses import wants_page

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_TO_ALL = frozenset({"/healthz", "/api/docs", "/api/openapi.json"})
"""These need no token: anyone may ask whether the daemon is alive, and a browser cannot send a token for a link."""
EVENTS = "/api/events"

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:(?P<port>[0-9]{1,5}))?")
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>.+)")
_DEFAULT_PORTS = {"http": "80", "https": "443"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Set the security headers on every answer, except those its handler has set."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = f"expensed/{request.app[DEPENDENCIES].version}"


def is_our_host(header: str, settings: Settings) -> bool:
    """Whether a Host header names this daemon or its public address, on any port: there may be a tunnel.

    If the daemon listens for other machines, any name is accepted: a token is required
    then, which no foreign page has.
    """
    match = _HOST.fullmatch(header)
    if match is None:
        return False
    name, bound = match["name"].strip("[]").rstrip(".").lower(), settings.web.host
    public = urlsplit(settings.web.address).hostname
    return not is_loopback(bound) or is_loopback(name) or name in (bound.lower(), public)


def is_same_origin(origin: str, host: str, address: str = "") -> bool:
    """Whether an Origin header names the public address or the server of the Host header; `null` never does.

    If the Host header names the public address, the scheme must be that of the address too: a page that came over
    plain HTTP could be from anyone on its way.
    """
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    default = _DEFAULT_PORTS[match["scheme"]]
    asked = _with_port(match["host"], default)
    public = urlsplit(address)
    if public.netloc:
        public_port = str(public.port or _DEFAULT_PORTS[public.scheme])
        named = _with_port(public.netloc, public_port)
        if match["scheme"] == public.scheme and asked == named:
            return True
        if _with_port(host, public_port) == named:  # a proxy may have left the port out
            return False
    return asked == _with_port(host, default)


def _with_port(host: str, default: str) -> tuple[str, str] | None:
    match = _HOST.fullmatch(host)
    return (match["name"].lower(), match["port"] or default) if match else None


def has_token(authorization: str, token: str) -> bool:
    """Whether this is `Bearer TOKEN`; takes the same time whatever differs."""
    scheme, _, given = authorization.partition(" ")
    is_same = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode())
    return scheme.lower() == "bearer" and is_same


def is_trusted(request: web.Request) -> bool:
    """Whether the request carries the token, if one is set."""
    token = request.app[DEPENDENCIES].settings.web.token.get_secret_value()
    return not token or has_token(request.headers.get("Authorization", ""), token)


def is_embedded(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent this for a page of another site (or another port), other than by following a link."""
    site, mode = headers.get("Sec-Fetch-Site", "none"), headers.get("Sec-Fetch-Mode", "")
    is_followed = mode == "navigate" and headers.get("Sec-Fetch-Dest", "document") == "document"
    return site in ("cross-site", "same-site") and not is_followed


def _path(request: web.Request) -> str:
    """Return the path without the prefix of the public address, which a proxy may have kept."""
    prefix = request.app[DEPENDENCIES].settings.web.prefix
    is_prefixed = bool(prefix) and f"{request.path}/".startswith(f"{prefix}/")
    return (request.path.removeprefix(prefix) or "/") if is_prefixed else request.path


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request addressed to another name."""
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or not is_our_host(hosts[0], request.app[DEPENDENCIES].settings):
        raise Refusal(
            421,
            "This request names a host that is not this daemon.",
            code="wrong-host",
            hint="Use the address that the daemon logs at its start, for example http://127.0.0.1:8765. Behind a"
            " reverse proxy, set web.address to the address that people use.",
        )
    return await handler(request)


@web.middleware
async def check_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request without the token, if one is set. The page holds no secret: it asks for the token itself."""
    path = _path(request)
    is_open = path in OPEN_TO_ALL or (path == "/" and wants_page(request))
    if not is_open and not is_trusted(request):
        raise Refusal(
            401,
            "This daemon requires its token.",
            code="token",
            hint="Send the header `Authorization: Bearer TOKEN` with the value of web.token.",
        )
    return await handler(request)


@web.middleware
async def check_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests from pages of other sites that change something or listen to events.

    Such a page cannot read the answers, but it could cause pages to be drawn and searches to be made through images
    and the like, which are sent without an Origin; browsers mark those. Anyone may follow a link.
    """
    origins = request.headers.getall("Origin", [])
    is_asked = request.method not in SAFE_METHODS or _path(request) == EVENTS
    host, address = request.headers["Host"], request.app[DEPENDENCIES].settings.web.address
    is_foreign = origins and not all(is_same_origin(origin, host, address) for origin in origins)
    if (is_foreign and is_asked) or is_embedded(request.headers):
        raise Refusal(
            403,
            "A web page of another site may not do this.",
            code="wrong-origin",
            hint="Open the daemon's own address, or send the request without an Origin header. Behind a reverse proxy,"
            " set web.address to the address that people use.",
        )
    return await handler(request)
