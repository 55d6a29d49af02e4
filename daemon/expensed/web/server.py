"""The listening sockets: the server's address, how it accepts, and how it stops in well under a second."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from expensed.errors import SetupError
from expensed.web.connections import SAY_S, UNREAD_S, Connection, Crowd, Limits, limits_here

log = logging.getLogger("expensed.web.protocol")

SHUTDOWN_S = 0.25
"""How long a handler may continue once the server stops; aiohttp waits for it twice."""
BACKLOG = 1024
"""How many connections the kernel keeps until they are accepted."""
AT_ONCE = 16
"""How many are accepted in one turn of the event loop, so that many clients do not hold up everything else."""
PAUSE_S = 1.0
"""The pause after the kernel refused to accept a connection (no descriptor, no memory)."""
_GONE = (BlockingIOError, InterruptedError, ConnectionAbortedError, ConnectionResetError)
"""Nobody is left to accept."""

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

    def __init__(
        self,
        app: web.Application,
        host: str,
        port: int,
        *,
        proxies: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        """Set where to listen; `proxies`: addresses that many clients share; `limits`: by default this process's."""
        self.host = host
        self.port = port
        self._app = app
        self._proxies = proxies
        self._limits = limits
        self._runner: web.AppRunner | None = None
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused_at = float("-inf")

    @property
    def address(self) -> str:
        """The address for clients, e.g. `http://127.0.0.1:8765`."""
        return f"http://{_bracket(self.host)}:{self.port}"

    async def start(self) -> None:
        """Listen; SetupError naming address and setting if that is not possible."""
        self._listeners = list(await self._bind())
        self.port = self._listeners[0].getsockname()[1]
        limits = self._limits or limits_here()
        crowd = Crowd(limits, self._proxies)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        server = cast(web.Server, self._runner.server)  # there is one from its setup to its cleanup

        def connect() -> Connection:
            return Connection(
                crowd, server, access_log=None, logger=log, auto_decompress=False, keepalive_timeout=limits.idle_s
            )

        self._hold(crowd.watch())
        for listener in self._listeners:
            self._listen(listener, crowd, connect)

    def _listen(self, listener: socket.socket, crowd: Crowd, connect: Callable[[], Connection]) -> None:
        if listener.fileno() >= 0:  # it may have been closed in the pause
            asyncio.get_running_loop().add_reader(listener, self._accept, listener, crowd, connect)

    def _accept(self, listener: socket.socket, crowd: Crowd, connect: Callable[[], Connection]) -> None:
        """Accept some connections; not asyncio's way, which tries hundreds at once and logs each one that it cannot."""
        loop = asyncio.get_running_loop()
        for _ in range(AT_ONCE):
            has_room = crowd.make_room()
            try:
                client, _ = listener.accept()
            except _GONE:
                return
            except OSError as error:
                loop.remove_reader(listener)
                loop.call_later(PAUSE_S, self._listen, listener, crowd, connect)
                self._note_refusal(error)
                return
            if not has_room:
                client.close()
                crowd.note_refusal()
                continue
            client.setblocking(False)
            self._hold(_serve(client, connect))

    def _note_refusal(self, error: OSError) -> None:
        if time.monotonic() - self._refused_at > SAY_S:
            self._refused_at = time.monotonic()
            log.warning("No connection can be accepted for the moment: %s.", error.strerror)

    def _hold(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Accept no more requests, end the streams, and drop the rest after a moment."""
        for listener in self._listeners:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        self._listeners.clear()
        for task in self._tasks:
            task.cancel()
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


async def _serve(client: socket.socket, connect: Callable[[], Connection]) -> None:
    try:
        await asyncio.get_running_loop().connect_accepted_socket(connect, client)
    except OSError:  # it has left
        client.close()


def _listen(family: int, address: Any) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")  # :: is both families
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_S * 1000))  # clients inherit it
        listener.setblocking(False)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host
