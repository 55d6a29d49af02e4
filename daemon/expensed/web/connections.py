"""Who may hold a connection, and for how long: so that clients cannot take the descriptors that intake and ledger need.

A *stranger* has not yet sent a complete, permitted request. Strangers have `HEAD_S` to send the head of one, and each
address may have only some of them; all connections together may use only a share of the process's descriptors. Where
too many have come, the one that has waited longest is closed. Requests in progress, event streams among them, do not
wait; only if nobody does, the oldest of them is closed, so that newcomers are always heard.
"""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import logging
import resource
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from expensed.web.guards.access import is_trusted

log = logging.getLogger("expensed.web")

KEPT_BACK = 192
"""Descriptors for everything but clients: ledger, inbox, pipes of reading processes, copies, sockets being accepted."""
EACH = 2
"""Descriptors that a client may use: its connection, and the file that it sends or receives."""
MOST_CONNECTIONS = 8000
FEWEST_CONNECTIONS = 16
MOST_STRANGERS = 1000
"""Of one address; with few descriptors, a quarter of all connections."""
HEAD_S = 15.0
"""How long a client may take to send the head of a request that is permitted."""
IDLE_S = 75.0
"""How long a connection is kept open after an answer."""
UNREAD_S = 60.0
"""A client that receives nothing for this long, though there is something to receive, is disconnected by the kernel."""
LOOK_S = 1.0
SAY_S = 60.0
"""The log mentions closed connections at most this often."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and how long each may take; times in seconds."""

    all: int = MOST_CONNECTIONS
    strangers: int = MOST_STRANGERS
    head_s: float = HEAD_S
    idle_s: float = IDLE_S


def limits_here() -> Limits:
    """Return the limits that follow from the number of descriptors that this process may open."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = descriptors == resource.RLIM_INFINITY
    room = MOST_CONNECTIONS if unlimited else (descriptors - KEPT_BACK) // EACH
    most = max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, room))
    return Limits(most, min(MOST_STRANGERS, most // 4))


class Connection(web.RequestHandler):
    """One client's connection; it reports its beginning, the end of each answer, and its own end."""

    __slots__ = ("_crowd", "is_admitted", "origin", "since")

    def __init__(self, crowd: Crowd, manager: web.Server, **options: Any) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop(), **options)
        self._crowd = crowd
        self.origin: str | None = None
        """The address that its wait counts against; None once it is no stranger, or if it is a proxy's."""
        self.is_admitted = False
        """Whether the head of a permitted request has arrived."""
        self.since = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the new client."""
        super().connection_made(transport)
        self._crowd.enter(self, transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Take note that it has left."""
        self._crowd.leave(self)
        super().connection_lost(exc)

    def admit_request(self, request: web.BaseRequest) -> None:
        """Take note that a request is permitted; once its body is complete, too, this is no stranger any more."""
        self.is_admitted = True  # its body has time limits of its own
        request.content.on_eof(lambda: self._crowd.serve(self))

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Take note that an answer has been sent; nothing is logged."""
        self._crowd.rest(self)


class Crowd:
    """All connections of one server."""

    def __init__(self, limits: Limits, proxies: Sequence[str] = ()) -> None:
        self.limits = limits
        self._proxies = [ipaddress.ip_network(each, strict=False) for each in proxies]
        self._waiting: dict[Connection, None] = {}
        """Strangers, and those that were answered and send nothing; the one that has waited longest comes first."""
        self._busy: dict[Connection, None] = {}
        self._strangers: defaultdict[str, dict[Connection, None]] = defaultdict(dict)
        """Those with a limit for their address, by address."""
        self._closed = 0
        self._said_at = float("-inf")

    def __len__(self) -> int:
        return len(self._waiting) + len(self._busy)

    def make_room(self) -> None:
        """Close whoever has waited longest if no further connection may be opened."""
        while len(self) >= self.limits.all:
            self._close(next(iter(self._waiting or self._busy)))

    def enter(self, connection: Connection, transport: asyncio.BaseTransport) -> None:
        """Take note of a new connection; close the oldest stranger of its address if there are too many."""
        self._waiting[connection] = None
        peer = transport.get_extra_info("peername")
        address = _plain(peer[0]) if isinstance(peer, tuple) else None
        if address is None or any(address in network for network in self._proxies):
            return
        connection.origin = _group(address)
        strangers = self._strangers[connection.origin]
        strangers[connection] = None
        if len(strangers) > self.limits.strangers:  # a permitted upload that is still arriving goes last
            self._close(min(itertools.islice(strangers, self.limits.strangers), key=lambda each: each.is_admitted))

    def serve(self, connection: Connection) -> None:
        """Take note that a permitted request has arrived completely."""
        if connection in self._waiting:
            del self._waiting[connection]
            self._busy[connection] = None
            self._forget_origin(connection)

    def rest(self, connection: Connection) -> None:
        """Take note that an answer has been sent."""
        if connection in self._busy:
            del self._busy[connection]
            self._waiting[connection] = None
            connection.since = time.monotonic()

    def leave(self, connection: Connection) -> None:
        """Forget a connection."""
        self._waiting.pop(connection, None)
        self._busy.pop(connection, None)
        self._forget_origin(connection)

    def _forget_origin(self, connection: Connection) -> None:
        if connection.origin is None:
            return
        strangers = self._strangers[connection.origin]
        strangers.pop(connection, None)
        if not strangers:
            del self._strangers[connection.origin]
        connection.origin = None

    def _close(self, connection: Connection) -> None:
        transport = connection.transport
        self.leave(connection)
        self._closed += 1
        if transport is not None:
            transport.abort()

    async def watch(self) -> None:
        """Close strangers that take too long; say now and then how many were closed."""
        while True:
            await asyncio.sleep(min(LOOK_S, self.limits.head_s / 2))
            now = time.monotonic()
            late = [each for each in self._waiting if not each.is_admitted and now - each.since > self.limits.head_s]
            for connection in late:
                self._close(connection)
            self.say()

    def say(self) -> None:
        """Log how many connections were closed, at most once a minute."""
        if self._closed and time.monotonic() - self._said_at > SAY_S:
            log.warning(
                "Closed %d connections on which no permitted request arrived for long, or of which there were too many "
                "(%d are open, %d may be).",
                self._closed, len(self), self.limits.all,
            )  # fmt: skip
            self._closed, self._said_at = 0, time.monotonic()


@web.middleware
async def admit_permitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Take note of a permitted request; the last of the checks."""
    connection = request.protocol
    if isinstance(connection, Connection) and is_trusted(request):  # what is open to all makes nobody known
        connection.admit_request(request)
    return await handler(request)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _group(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Return the address as it is counted; a household has a whole /64 of IPv6 addresses."""
    if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
