"""How events look on the wire: the text of a server-sent event stream, as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expensed.bus import Event
from expensed.web.answers import encode

RETRY_MS = 1000
PREAMBLE = f"retry: {RETRY_MS}\n\n".encode()
PING = b": ping\n\n"
KEPT = 1000


def render_event(event: Event) -> bytes:
    """An ordinary, unnamed event."""
    return b"id: %d\ndata: %s\n\n" % (event["id"], encode(event))


def render_snapshot(snapshot: Mapping[str, Any]) -> bytes:
    """How all stands; a client that resumes from its id misses nothing."""
    return b"event: snapshot\nid: %d\ndata: %s\n\n" % (snapshot["id"], encode(snapshot))


def render_reset(newest: int) -> bytes:
    """What the client knows is of another ledger; a snapshot follows. No id: it counts only with the snapshot."""
    return b"event: reset\ndata: %s\n\n" % encode({"newest": newest})


class Frames:
    """The last events as frames, so that many listeners cost one rendering."""

    def __init__(self) -> None:
        self._kept: dict[int, bytes] = {}

    def render(self, event: Event) -> bytes:
        """The frame of a published event."""
        frame = self._kept.get(event["id"])
        if frame is None:
            frame = self._kept[event["id"]] = render_event(event)
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return frame
