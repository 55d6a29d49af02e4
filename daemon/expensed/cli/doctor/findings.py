"""The findings of `expensed doctor`: one line per check, with what to do if something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, WRONG = "ok", "warning", "wrong"
SIGNS = {OK: "✓", WARNING: "!", WRONG: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check: `state` is ok, warning (it works, but...) or wrong; `hint` says what to do."""

    name: str
    state: str
    message: str
    hint: str = ""


def fine(name: str, message: str) -> Finding:
    """Return a finding that nothing is wrong."""
    return Finding(name, OK, message)


def warn(name: str, message: str, hint: str) -> Finding:
    """Return a finding that it works, but that a person may want to know something."""
    return Finding(name, WARNING, message, hint)


def wrong(name: str, message: str, hint: str) -> Finding:
    """Return a finding that it does not work."""
    return Finding(name, WRONG, message, hint)
