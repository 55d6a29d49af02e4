"""How patient the server is with slow and silent clients: streams of events, and uploads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of streams and uploads to slow clients: in seconds, events for `backlog` and `page`."""

    ping_s: float = 15.0
    """A stream that has been silent for this long sends a comment; that reveals a client that has left."""
    drain_s: float = 5.0
    """A client that receives nothing for this long is disconnected. It can resume."""
    backlog: int = 1000
    """Events that may be queued for one client."""
    page: int = 500
    """Events read from the ledger at once when a client resumes."""
    body_s: float = 20.0
    """An upload of which nothing arrives for this long is aborted."""
    body_bytes_per_s: float = 8192.0
    """So is one that is slower than this on average."""
