from __future__ import annotations

from dataclasses import replace

from expensed.model.events import Event, Snapshot
from expensed.model.states import TaskState
from expensed.web.sse.frames import KEPT, Frames, render_event, render_reset, render_snapshot

EVENT = Event(
    id=7,
    at="2026-01-02T12:00:00.000Z",
    document_id="1_a.jpg",
    task_id="1",
    file="a.jpg",
    state=TaskState.PENDING,
    status="Task is waiting in queue",
    attempt=1,
    error=None,
)


def test_an_event_is_one_line_of_data_whatever_the_file_is_called():
    frame = render_event(replace(EVENT, file="a\nb\r\n\ndata: x"))
    assert frame.startswith(b"id: 7\ndata: {")
    assert frame.count(b"\n") == 3
    assert b"\r" not in frame


def test_a_reset_has_no_id_and_its_snapshot_has():
    assert b"id: " not in render_reset(3)
    assert render_snapshot(Snapshot(id=3, unfinished=0, documents={}, tasks=())) == (
        b'event: snapshot\nid: 3\ndata: {"id":3,"unfinished":0,"documents":{},"tasks":[]}\n\n'
    )


def test_a_frame_is_rendered_once_and_not_kept_for_ever():
    frames = Frames()
    frame = frames.render(EVENT)
    assert frames.render(replace(EVENT)) is frame
    others = [replace(EVENT, id=EVENT.id + number) for number in range(1, KEPT + 1)]
    for other in others[:-1]:
        frames.render(other)
    assert frames.render(EVENT) is frame
    frames.render(others[-1])
    assert frames.render(EVENT) is not frame
    assert frames.render(EVENT) == frame
