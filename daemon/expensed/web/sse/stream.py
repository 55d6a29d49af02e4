"""One client's event stream: writing with a time limit, and ending cleanly.

aiohttp does not cancel a handler whose client leaves, and waits for open streams when it stops; so a stream pings to
find out whether its client has left, and `Streams` ends them all.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from expensed.event_bus import Subscription
from expensed.model.events import Event
from expensed.web.sse.frames import PING, PREAMBLE, Frames
from expensed.web.sse.pace import Pace

SEND_BUFFER_BYTES = 128 << 10
"""The kernel's send buffer for one listener; its default of megabytes would hide a client that reads nothing."""
STOP_S = 0.2
"""How long the streams have to end when the server stops."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class Stream:
    """An answer that stays open. `ending` becomes true when the server stops."""

    def __init__(self, request: web.Request, pace: Pace) -> None:
        self.response = web.StreamResponse(headers=HEADERS)
        self.ending = False
        self._request = request
        self.pace = pace
        self._subscription: Subscription | None = None

    async def open(self) -> None:
        """Send the head of the answer."""
        transport = self._request.transport
        if transport is not None:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        await self.response.prepare(self._request)
        await self.send(PREAMBLE)

    async def send(self, frame: bytes) -> None:
        """Write; TimeoutError if the client receives nothing for too long, ConnectionError if it has left."""
        async with asyncio.timeout(self.pace.drain_s):
            await self.response.write(frame)

    @contextmanager
    def listening(self, subscription: Subscription) -> Iterator[None]:
        """End `subscription` too if the stream is ended during the block."""
        self._subscription = subscription
        if self.ending:
            subscription.close()
        try:
            yield
        finally:
            self._subscription = None

    async def follow(self, subscription: Subscription) -> Event | None:
        """Return the next event, or None at the end; ping while there is none. Overrun if the client is too slow."""
        while True:
            try:
                async with asyncio.timeout(self.pace.ping_s):
                    return await subscription.get()
            except TimeoutError:
                await self.send(PING)

    def end(self) -> None:
        """Ask the stream to end after the queued events."""
        self.ending = True
        if self._subscription is not None:
            self._subscription.close()

    def cut_off(self) -> None:
        """Drop the connection, even with data unsent."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self) -> None:
        """End the answer as HTTP requires, or drop the connection if the client does not receive even that."""
        try:
            async with asyncio.timeout(self.pace.drain_s):
                await self.response.write_eof()
        except (TimeoutError, ConnectionError, RuntimeError):
            self.cut_off()


class Streams:
    """The open streams of one application."""

    def __init__(self) -> None:
        self.frames = Frames()
        self._open: set[Stream] = set()
        self._empty = asyncio.Event()
        self._ending = False

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def opened(self, stream: Stream) -> Iterator[None]:
        """Register a stream for the duration of the block."""
        self._open.add(stream)
        self._empty.clear()
        if self._ending:
            stream.end()
        try:
            yield
        finally:
            self._open.discard(stream)
            if not self._open:
                self._empty.set()

    async def end(self) -> None:
        """End all streams; those still open after `STOP_S` are cut off."""
        self._ending = True
        if not self._open:
            return
        for stream in self._open:
            stream.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await self._empty.wait()
        for stream in self._open:
            stream.cut_off()


STREAMS = web.AppKey("streams", Streams)
