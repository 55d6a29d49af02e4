"""The daemon's stream of server-sent events, resumed after an interruption."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx_sse

from expensed.cli.http.client import Client
from expensed.errors import BackendUnavailable
from expensed.model.events import Event, Snapshot
from expensed.model.json_text import decode

SILENCE_S = 40.0
"""A stream that is silent for this long is dead: the daemon pings every 15 s."""
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection was lost; the daemon is awaited."""


@dataclass(frozen=True, slots=True)
class Back:
    """The daemon answers again."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The ledger is not the one from before; a snapshot follows."""


Message = Event | Snapshot | Lost | Back | Forgotten


def follow(client: Client, query: Mapping[str, str] | None = None, *, retry_s: float = RETRY_S) -> Iterator[Message]:
    """Yield every message, without end; wait while the daemon is away, and miss or repeat nothing.

    BackendUnavailable if there is no daemon at the start; RequestError if it refuses, then or when it is back.
    """
    last: str | None = None
    was_there, is_lost = False, False
    while True:
        resume = {} if last is None else {"Last-Event-ID": last}
        try:
            with client.stream_events(query or {}, resume, SILENCE_S) as events:
                if is_lost:
                    yield Back()
                was_there, is_lost = True, False
                for event in events:
                    last = event.id or last
                    if event.data:  # an event that only sets `retry` has none
                        yield read_message(event)
        except BackendUnavailable:
            if not was_there:
                raise
        if not is_lost:
            is_lost = True
            yield Lost()
        time.sleep(retry_s)


def take_snapshot(client: Client) -> Snapshot:
    """Fetch the current state of everything."""
    with client.stream_events({"until": "now"}, {}, SILENCE_S) as events:
        for event in events:
            if event.event == "snapshot":
                return decode(event.data, Snapshot)
    raise BackendUnavailable(f"The daemon at {client.address} ended before it sent its status.")


def read_message(event: httpx_sse.ServerSentEvent) -> Message:
    """Decode one event of the stream."""
    match event.event:
        case "snapshot":
            return decode(event.data, Snapshot)
        case "reset":
            return Forgotten()
        case _:
            return decode(event.data, Event)
