"""The wire format of events: the text of a server-sent event stream, as bytes."""

from __future__ import annotations

from expensed.model.events import Event, Snapshot
from expensed.model.json_text import encode
from expensed.report.answers import Reset

RETRY_MS = 1000
PREAMBLE = f"retry: {RETRY_MS}\n\n".encode()
PING = b": ping\n\n"
KEPT = 1000


def render_event(event: Event) -> bytes:
    """Render an ordinary, unnamed event."""
    return b"id: %d\ndata: %s\n\n" % (event.id, encode(event))


def render_snapshot(snapshot: Snapshot) -> bytes:
    """Render the state of everything; a client that resumes from its id misses nothing."""
    return b"event: snapshot\nid: %d\ndata: %s\n\n" % (snapshot.id, encode(snapshot))


def render_reset(newest: int) -> bytes:
    """Render that the client's ids are of another ledger. It has no id: it counts only with the snapshot after it."""
    return b"event: reset\ndata: %s\n\n" % encode(Reset(newest=newest))


class Frames:
    """The last events as frames, so that many listeners cost one rendering."""

    def __init__(self) -> None:
        self._kept: dict[int, bytes] = {}

    def render(self, event: Event) -> bytes:
        """Return the frame of a published event."""
        frame = self._kept.get(event.id)
        if frame is None:
            frame = self._kept[event.id] = render_event(event)
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return frame
