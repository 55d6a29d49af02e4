"""The daemon's events as they come: its stream of server-sent events, parsed, and resumed after an interruption."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from expensed.cli.http.client import Client
from expensed.errors import BackendUnavailable

SILENCE_S = 40.0
"""A stream that is silent for so long is dead: the daemon pings every 15 s."""
RETRY_S = 1.0
EVENT, SNAPSHOT, RESET, PING, LOST, BACK = "event", "snapshot", "reset", "ping", "lost", "back"


@dataclass(frozen=True, slots=True)
class Message:
    """`event`, `snapshot` and `reset` are the daemon's; `lost` and `back` tell of the connection, `ping` of nothing."""

    name: str
    id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


def follow(client: Client, *, retry_s: float = RETRY_S, **query: str) -> Iterator[Message]:
    """Every message, without end: when the daemon goes away it is waited for, and nothing is missed or told twice.

    BackendUnavailable if there is no daemon to begin with; RequestError if it refuses, now or when it is back.
    """
    last: str | None = None
    was_there, is_lost = False, False
    while True:
        resume = {} if last is None else {"Last-Event-ID": last}
        try:
            lines = client.read_lines("/api/events", query, resume, SILENCE_S)
            next(lines)
            if is_lost:
                yield Message(BACK)
            was_there, is_lost = True, False
            for message in parse_messages(lines):
                last = message.id or last
                yield message
        except BackendUnavailable:
            if not was_there:
                raise
        if not is_lost:
            is_lost = True
            yield Message(LOST)
        time.sleep(retry_s)


def take_snapshot(client: Client) -> dict[str, Any]:
    """How all stands now: `unfinished`, `documents` by state, `tasks`."""
    lines = client.read_lines("/api/events", {"until": "now"}, {}, SILENCE_S)
    return next((message.data for message in parse_messages(lines) if message.name == SNAPSHOT), {})


def parse_messages(lines: Iterable[bytes]) -> Iterator[Message]:
    """The messages of a stream; what was cut off in mid-message is left out: it comes again."""
    fields: dict[str, str] = {}
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text.startswith(":"):
            yield Message(PING)
        elif text:
            name, _, value = text.partition(":")
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
        elif fields:
            if "data" in fields:
                yield Message(fields.get("event", EVENT), fields.get("id"), json.loads(fields["data"]))
            fields = {}
