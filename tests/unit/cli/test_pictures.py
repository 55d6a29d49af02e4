"""Pictures reach only terminals that are known to show them."""

import base64
import re

import pytest

from expensed.cli.screen.pictures import Pictures, clear, detect_pictures, fit, show

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (400).to_bytes(4, "big") + (100).to_bytes(4, "big") + bytes(9000)


@pytest.mark.parametrize(
    ("environment", "how"),
    [
        ({"TERM": "xterm-kitty"}, Pictures.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Pictures.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Pictures.ITERM),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, Pictures.ITERM),
        ({"TERM": "foot"}, Pictures.SIXEL),
        ({"TERM": "xterm-256color"}, Pictures.NEVER),
        ({"TERM": "dumb", "KITTY_WINDOW_ID": "1"}, Pictures.NEVER),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"}, Pictures.NEVER),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, Pictures.NEVER),
        ({}, Pictures.NEVER),
    ],
)
def test_the_environment_tells_how_a_terminal_shows_pictures(environment, how):
    assert detect_pictures(environment) is how


def test_a_picture_takes_no_more_room_than_it_may_and_keeps_its_shape():
    assert fit(PNG, 80, 10) == (80, 10)
    assert fit(PNG, 40, 10) == (40, 5)
    assert fit(PNG, 80, 3) == (24, 3)
    assert fit(b"no picture", 80, 10) == fit(PNG, 80, 0) == (0, 0)


def test_kitty_gets_it_in_parts_and_iterm_whole():
    text = show(PNG, Pictures.KITTY, 24, 3)
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", text)
    assert base64.b64decode("".join(content for _, content in parts)) == PNG
    assert [head[-1] for head, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert base64.b64decode(show(PNG, Pictures.ITERM, 24, 3).partition(":")[2].removesuffix("\a")) == PNG
    assert show(PNG, Pictures.NEVER, 24, 3) == clear(Pictures.NEVER) == ""
