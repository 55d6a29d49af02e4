from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

from expensed.report.views import hide_folders, show_error
from expensed.web.answers import encode
from expensed.web.sse.frames import KEPT, Frames, render_event, render_reset, render_snapshot


def test_json_is_compact_utf_8():
    assert encode({"file": "é 😀", "n": [1, None]}) == '{"file":"é 😀","n":[1,null]}'.encode()


def test_a_name_that_is_no_utf_8_survives_json():
    name = b"bad\xff.pdf".decode(errors="surrogateescape")
    assert json.loads(encode({"file": name})) == {"file": name}


def test_an_event_is_one_line_of_data_whatever_the_file_is_called():
    frame = render_event({"id": 7, "file": "a\nb\r\n\ndata: x"})
    assert frame.startswith(b"id: 7\ndata: {")
    assert frame.count(b"\n") == 3
    assert b"\r" not in frame


def test_a_reset_has_no_id_and_its_snapshot_has():
    assert b"id: " not in render_reset(3)
    assert render_snapshot({"id": 3}) == b'event: snapshot\nid: 3\ndata: {"id":3}\n\n'


def test_a_frame_is_rendered_once_and_not_kept_for_ever():
    frames = Frames()
    event = {"id": 1, "file": "x"}
    frame = frames.render(event)
    assert frames.render(dict(event)) is frame
    for number in range(2, KEPT + 1):
        frames.render({"id": number})
    assert frames.render(event) is frame
    frames.render({"id": KEPT + 1})
    assert frames.render(event) is not frame
    assert frames.render(event) == frame


def test_a_trace_keeps_modules_and_lines_but_no_folders():
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    trace = "".join(traceback.format_exception(caught.value))
    hidden = hide_folders(
        trace + "FileNotFoundError: '/var/lib/expensed/inbox/a b.pdf' at /etc/passwd, see http://x/y/z and 1/2/3",
        (),
    )
    assert 'File "json/decoder.py", line ' in hidden
    assert "test_views.py" in hidden
    assert "/work" not in hidden
    assert "/var" not in hidden
    assert "/etc" not in hidden
    assert "'a b.pdf' at passwd, see http://x/y/z and 1/2/3" in hidden


def test_a_trace_does_not_name_the_folders_of_the_daemon_whatever_they_are_called():
    roots = [Path("/srv/My Papers, 2024"), Path("/srv/My Papers, 2024/in box")]
    trace = "No such file: '/srv/My Papers, 2024/in box/.expensed/x/a b.pdf' (in /srv/My Papers, 2024)"
    assert hide_folders(trace, roots) == "No such file: '.expensed/x/a b.pdf' (in My Papers, 2024)"


def test_a_failure_without_a_reason_still_says_something():
    assert show_error(None) == {"error": "It failed.", "code": "error", "hint": ""}
