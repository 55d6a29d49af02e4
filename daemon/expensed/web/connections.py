"""Who may hold a connection, and for how long: so that clients cannot take the descriptors that intake and ledger need.

A *stranger* has not yet sent a complete, permitted request. Strangers have `HEAD_S` to send the head of one, and each
address may have only some of them; all connections together may use only a share of the process's descriptors. If all
are in use, a newcomer takes the place of the stranger that has waited longest, else of an idle connection, else of a
permitted request in progress. Event streams and a proxy's connections are never closed for it: it is refused instead.
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

    __slots__ = ("_crowd", "is_admitted", "is_proxied", "origin", "since")

    def __init__(self, crowd: Crowd, manager: web.Server, **options: Any) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop(), **options)
        self._crowd = crowd
        self.origin: str | None = None
        """The address that its wait counts against; None once it is no stranger, or if it is a proxy's."""
        self.is_admitted = False
        """Whether the head of a permitted request has arrived."""
        self.is_proxied = False
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
        self._crowd.begin(self)
        request.content.on_eof(lambda: self._crowd.serve(self))

    def keep_open(self) -> None:
        """Take note that a permitted request is answered by a stream, which is not closed to make room for others."""
        self._crowd.keep(self)

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Take note that an answer has been sent; nothing is logged."""
        self._crowd.rest(self)


class Crowd:
    """All connections of one server."""

    def __init__(self, limits: Limits, proxies: Sequence[str] = ()) -> None:
        self.limits = limits
        self._proxies = [ipaddress.ip_network(each, strict=False) for each in proxies]
        self._new: dict[Connection, None] = {}
        """Those on which no permitted request has begun; as in the other groups, the oldest comes first."""
        self._idle: dict[Connection, None] = {}
        """Those whose permitted request was answered, and that send nothing."""
        self._busy: dict[Connection, None] = {}
        """Those with a permitted request in progress; its body may still be arriving."""
        self._kept: dict[Connection, None] = {}
        """Event streams, and whatever comes from a proxy."""
        self._strangers: defaultdict[str, dict[Connection, None]] = defaultdict(dict)
        """Those with a limit for their address, by address."""
        self._closed = 0
        self._said_at = float("-inf")

    def __len__(self) -> int:
        return sum(map(len, self._groups()))

    def _groups(self) -> tuple[dict[Connection, None], ...]:
        """Return all connections, in the order in which they make room for others."""
        return self._new, self._idle, self._busy, self._kept

    def make_room(self) -> bool:
        """Return whether a further connection may be opened, if necessary after closing the one that matters least."""
        while len(self) >= self.limits.all:
            least = self._new or self._idle or self._busy
            if not least:
                return False
            self._close(next(iter(least)))
        return True

    def note_refusal(self) -> None:
        """Count a newcomer for which there was no room."""
        self._closed += 1

    def enter(self, connection: Connection, transport: asyncio.BaseTransport) -> None:
        """Take note of a new connection; close the oldest stranger of its address if there are too many."""
        peer = transport.get_extra_info("peername")
        address = _plain(peer[0]) if isinstance(peer, tuple) else None
        connection.is_proxied = address is not None and any(address in network for network in self._proxies)
        (self._kept if connection.is_proxied else self._new)[connection] = None
        if address is None or connection.is_proxied:
            return
        connection.origin = _group(address)
        strangers = self._strangers[connection.origin]
        strangers[connection] = None
        if len(strangers) > self.limits.strangers:  # a permitted upload that is still arriving goes last
            self._close(min(itertools.islice(strangers, self.limits.strangers), key=lambda each: each.is_admitted))

    def begin(self, connection: Connection) -> None:
        """Take note that the head of a permitted request has arrived."""
        self._move(connection, self._busy)

    def serve(self, connection: Connection) -> None:
        """Take note that a permitted request has arrived completely."""
        self._forget_origin(connection)

    def keep(self, connection: Connection) -> None:
        """Take note that a permitted request is answered by a stream."""
        self._move(connection, self._kept)

    def rest(self, connection: Connection) -> None:
        """Take note that an answer has been sent; one to a request that was refused changes nothing."""
        if connection.is_admitted:
            self._move(connection, self._idle)

    def leave(self, connection: Connection) -> None:
        """Forget a connection."""
        for group in self._groups():
            group.pop(connection, None)
        self._forget_origin(connection)

    def _move(self, connection: Connection, target: dict[Connection, None]) -> None:
        """Put a connection at the end of a group, unless it is a proxy's or has left."""
        if connection.is_proxied or not any(connection in group for group in self._groups()):
            return
        for group in self._groups():
            group.pop(connection, None)
        target[connection] = None

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
            unknown = [each for each in (*self._new, *self._kept) if not each.is_admitted]
            late = [each for each in unknown if now - each.since > self.limits.head_s]
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


def keep_open(request: web.Request) -> None:
    """Never close the connection of this permitted request to make room for others, until it is answered."""
    if isinstance(request.protocol, Connection):
        request.protocol.keep_open()


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
