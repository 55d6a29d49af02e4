"""What `expensed doctor` finds: one line a check, with what to do where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, WRONG = "ok", "warning", "wrong"
SIGNS = {OK: "✓", WARNING: "!", WRONG: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, warning (it works, but...) or wrong; `hint` says what to do."""

    name: str
    state: str
    message: str
    hint: str = ""


def fine(name: str, message: str) -> Finding:
    """All is well."""
    return Finding(name, OK, message)


def warn(name: str, message: str, hint: str) -> Finding:
    """It works, but a person may want to know."""
    return Finding(name, WARNING, message, hint)


def wrong(name: str, message: str, hint: str) -> Finding:
    """It does not work like this."""
    return Finding(name, WRONG, message, hint)
