from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

from expensed.report.trace import hide_folders


def test_a_trace_keeps_modules_and_lines_but_no_folders():
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    trace = "".join(traceback.format_exception(caught.value))
    hidden = hide_folders(
        trace + "FileNotFoundError: '/var/lib/expensed/inbox/a b.pdf' at /etc/passwd, see http://x/y/z and 1/2/3",
        (),
    )
    assert 'File "json/decoder.py", line ' in hidden
    assert "test_trace.py" in hidden
    assert "/work" not in hidden
    assert "/var" not in hidden
    assert "/etc" not in hidden
    assert "'a b.pdf' at passwd, see http://x/y/z and 1/2/3" in hidden


def test_a_trace_does_not_name_the_folders_of_the_daemon_whatever_they_are_called():
    roots = [Path("/srv/My Papers, 2024"), Path("/srv/My Papers, 2024/in box")]
    trace = "No such file: '/srv/My Papers, 2024/in box/.expensed/x/a b.pdf' (in /srv/My Papers, 2024)"
    assert hide_folders(trace, roots) == "No such file: '.expensed/x/a b.pdf' (in My Papers, 2024)"
