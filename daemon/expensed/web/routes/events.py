"""GET /api/events: every transition as it is committed, and everything a returning client has missed.

Subscribe first, replay second, drop what was already sent: no event is missed or sent twice. This route never answers
5xx, because a browser's EventSource would give up for good; a broken stream just ends, and its client comes back.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from aiohttp import web

from expensed.errors import RequestError
from expensed.event_bus import Overrun, Subscription
from expensed.ledger.documents import seek_document
from expensed.ledger.history.events import list_events, newest_event_id, take_snapshot
from expensed.ledger.store import Ledger
from expensed.model.events import Event
from expensed.web.connections import keep_open
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_query
from expensed.web.routes.tasks import seek_task
from expensed.web.schema.requests import EventsQuery
from expensed.web.sse.frames import render_event, render_reset, render_snapshot
from expensed.web.sse.stream import STREAMS, Stream, Streams

log = logging.getLogger("expensed.web")

UNKNOWN = 1 << 63
"""Replaces a last event id that is not a number: newer than any, so its sender gets a reset."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The events a client asks for: all, or those of a task or document; after which one; whether only until now."""

    task: str | None
    document: str | None
    after: int | None
    only_until_now: bool

    def covers(self, event: Event) -> bool:
        """Whether the event was asked for."""
        return self.task in (None, event.task_id) and self.document in (None, event.document_id)


async def follow(request: web.Request) -> web.StreamResponse:
    """Stream events until the client leaves, is too slow, or the server stops."""
    parts, streams = request.app[DEPENDENCIES], request.app[STREAMS]
    wish = read_wish(request)
    await _check_known(parts.ledger, wish)
    stream = Stream(request, parts.pace)
    with streams.opened(stream), parts.bus.subscribe(parts.pace.backlog) as subscription:
        try:
            await stream.open()
            keep_open(request)
            with stream.listening(subscription):
                await _serve(stream, streams, parts.ledger, subscription, wish)
        except (ConnectionError, TimeoutError):
            stream.cut_off()
        except Overrun:
            log.debug("A client of /api/events fell behind; it can resume.")
        except Exception:
            log.exception("A stream of events ended with an unexpected error; its client will resume.")
        await stream.close()
    return stream.response


def read_wish(request: web.Request) -> Wish:
    """Read the query and Last-Event-ID; the header takes precedence, because browsers send it when they resume."""
    query = read_query(EventsQuery, request)
    last = request.headers.get("Last-Event-ID") or query.last_event_id or None
    after = None
    if last is not None:
        after = int(last) if re.fullmatch(r"[0-9]{1,18}", last) else UNKNOWN
    return Wish(query.task, query.document, after, only_until_now=query.until == "now")


async def _check_known(ledger: Ledger, wish: Wish) -> None:
    try:
        if wish.task is not None:
            await seek_task(ledger, wish.task)
        if wish.document is not None:
            await seek_document(ledger, wish.document)
    except RequestError:
        raise
    except Exception:
        log.exception("The ledger could not be queried; the client will come back.")


async def _serve(stream: Stream, streams: Streams, ledger: Ledger, subscription: Subscription, wish: Wish) -> None:
    newest = await newest_event_id(ledger)
    if wish.after is None or wish.after > newest or 0 < wish.after <= ledger.former_events:
        last = await _send_snapshot(stream, ledger, wish, newest)
    else:
        last = await _replay(stream, ledger, wish, wish.after, newest)
    if wish.only_until_now:
        return
    while (event := await stream.follow(subscription)) is not None:
        if event.id > last and wish.covers(event):
            await stream.send(streams.frames.render(event))
            last = event.id


async def _send_snapshot(stream: Stream, ledger: Ledger, wish: Wish, newest: int) -> int:
    snapshot = await take_snapshot(ledger, task_id=wish.task, document_id=wish.document)
    reset = b"" if wish.after is None else render_reset(newest)
    await stream.send(reset + render_snapshot(snapshot))
    return snapshot.id


async def _replay(stream: Stream, ledger: Ledger, wish: Wish, after: int, newest: int) -> int:
    """Send the events after `after` from the ledger, page by page; return the id of the last one sent."""
    page = stream.pace.page
    until = newest if wish.only_until_now else None
    while not stream.ending:
        events = await list_events(ledger, after, until=until, task_id=wish.task, document_id=wish.document, limit=page)
        if events:
            await stream.send(b"".join(map(render_event, events)))
            after = events[-1].id
        if len(events) < page:
            break
    return after
