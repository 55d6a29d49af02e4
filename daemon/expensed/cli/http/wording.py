"""Rewords the daemon's messages and hints, which speak of HTTP, for the command line."""

from __future__ import annotations

import re

_HINTS = {
    "invalid": "Correct that and try again; `expensed {command} --help` lists the options.",
    "not-found": "`expensed status` lists the last documents, and `expensed search` finds the others.",
    "nothing-to-undo": "`expensed undo --list` shows what was done.",
    "no-such-entry": "`expensed undo --list` shows all entries.",
    "no-such-alias": "`expensed vendors` lists all names.",
    "no-such-lesson": "`expensed learned` lists all lessons.",
    "token": "Set web.token, or EXPENSED_WEB__TOKEN, to the daemon's token.",
    "wrong-host": "Set web.host to the address that the daemon logs at its start.",
    "ask-anew": "Run `expensed file` again.",
    "cancelled": "`expensed retry` reads it after all.",
    "backlog": "Try again when some of the work is done; `expensed status` shows the progress.",
}
"""What to do, by the error's code."""
_FIELD = re.compile(r"\bexpense_data\.(?=[a-z_]+(?:\.[0-9]+(?:\.[a-z_]+)?)?[ :])")
_OPTION = re.compile(r"(?:(?<=^)|(?<=; ))(vendor|amount|date|currency|category|payer|project|from|to)(?=[ :])")
_LINE = re.compile(r"(?:(?<=^)|(?<=; ))(item|tax)e?s\.([0-9]+)(?:\.([a-z_]+))?(?=[ :])")
_OVER_HTTP = re.compile(r" \(over HTTP[^)]*\)")
_STATE_SAID = re.compile(r"\bis (review|failed|discarded)\b")
_STATES = {"review": "is in review", "failed": "has failed", "discarded": "has been discarded"}


def tell_message(message: str, code: str) -> str:
    """Return what went wrong, with an invalid value named by its option."""
    if code == "invalid":
        return _OPTION.sub(r"--\1", _LINE.sub(_name_line, _FIELD.sub("", message)))
    return _STATE_SAID.sub(lambda found: _STATES[found[1]], message)


def _name_line(found: re.Match[str]) -> str:
    """Return the option for a field of an item or a tax, which people count from 1."""
    field = f":{found[3]}" if found[3] else ""
    return f"--{found[1]} {int(found[2]) + 1}{field}"


def tell_hint(hint: str, code: str, command: str) -> str:
    """Return what to do, worded for a person who has typed this command at a terminal."""
    return _HINTS.get(code, _OVER_HTTP.sub("", hint)).replace("{command}", command)
