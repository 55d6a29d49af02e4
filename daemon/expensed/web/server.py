"""The listening socket: the server's address, and how it stops in well under a second."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from expensed.errors import SetupError

log = logging.getLogger("expensed.web.protocol")

SHUTDOWN_S = 0.25
"""How long a handler may continue once the server stops; aiohttp waits for it twice."""
BACKLOG = 256

_REASONS = {
    errno.EADDRINUSE: (
        "is in use by another program, which may be an expensed daemon",
        "Stop that program (`expensed status` tells whether it is expensed), or set web.port to another (0: any free).",
    ),
    errno.EACCES: ("may not be used by this user", "Set web.port to 1024 or more."),
    errno.EADDRNOTAVAIL: (
        "is not an address of this machine",
        "Set web.host to 127.0.0.1, or to one that is.",
    ),
}


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Whether it is not about invalid HTTP: aiohttp logs a stack trace for each, so anyone could fill the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


log.addFilter(_is_worth_logging)


class WebServer:
    """Serves an application on one host and port; `port` 0 takes any free port."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._app = app
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """The address for clients, e.g. `http://127.0.0.1:8765`."""
        return f"http://{_bracket(self.host)}:{self.port}"

    async def start(self) -> None:
        """Listen; SetupError naming address and setting if that is not possible."""
        sockets = await self._bind()
        self.port = sockets[0].getsockname()[1]
        self._runner = web.AppRunner(
            self._app, access_log=None, logger=log, shutdown_timeout=SHUTDOWN_S, auto_decompress=False
        )
        await self._runner.setup()
        for listener in sockets:
            await web.SockSite(self._runner, listener, backlog=BACKLOG).start()

    async def stop(self) -> None:
        """Accept no more requests, end the streams, and drop the rest after a moment."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _bind(self) -> Sequence[socket.socket]:
        """Open a socket on each address of the host (`localhost` has two); one of them is enough."""
        found = [place for name in self._names() for place in await self._resolve(name)]
        sockets: list[socket.socket] = []
        trouble: OSError | None = None
        for family, _, _, _, address in dict.fromkeys(found):
            port = sockets[0].getsockname()[1] if sockets else self.port
            try:
                sockets.append(_listen(family, (address[0], port, *address[2:])))
            except OSError as error:
                trouble = error
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    break
        if trouble is not None and (not sockets or trouble.errno == errno.EADDRINUSE):
            for listener in sockets:
                listener.close()
            raise self._refuse(trouble)
        return sockets

    def _names(self) -> tuple[str, ...]:
        """Return the names to look up; `localhost` needs no lookup (RFC 6761, 6.3): a container may lack /etc/hosts."""
        return ("127.0.0.1", "::1") if self.host.lower() == "localhost" else (self.host,)

    async def _resolve(self, name: str) -> Sequence[tuple[Any, ...]]:
        loop = asyncio.get_running_loop()
        try:
            return await loop.getaddrinfo(name, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except socket.gaierror as error:
            raise SetupError(
                f"The host {self.host} is not known: {error.strerror}.",
                hint="Set web.host to an address.",
                code="host",
            ) from error

    def _refuse(self, error: OSError) -> SetupError:
        number = error.errno or 0
        reason, hint = _REASONS.get(number, (f"cannot be used ({os.strerror(number)})", "Set web.host and web.port."))
        return SetupError(f"{_bracket(self.host)}:{self.port} {reason}.", hint=hint, code="address")


async def check_address(host: str, port: int) -> None:
    """Raise SetupError naming address and setting if it is not possible to listen there now."""
    for listener in await WebServer(web.Application(), host, port)._bind():
        listener.close()


def _listen(family: int, address: Any) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")  # :: is both families
        listener.setblocking(False)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host
