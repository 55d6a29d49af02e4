"""Write the notes beside documents that a person should look at: what happened, and what to do."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from expensed.errors import UnsupportedKind
from expensed.model.expense import NEEDED, UNSURE
from expensed.shown_commands import command, filing_command

_HOPELESS = frozenset((UnsupportedKind.code,))
"""Errors with which the same file will always fail again."""


def review_note(document_id: str, file: str, reasons: Sequence[str], saying: str, lacking: Sequence[str]) -> str:
    """Say why a document waits in `_review`, and which command files it.

    `saying`: what was read, in one line. `lacking`: what must be given before it can be filed at all.
    """
    if lacking:
        advice = [
            f"It cannot be filed without {' and '.join(lacking)}; give that, and anything else that was read wrong:",
            f"  {filing_command(document_id, lacking)}",
        ]
    else:
        advice = [
            "If that is right, file it with:",
            f"  {filing_command(document_id)}",
            "If not, correct what was read wrong, for example:",
            f"  {filing_command(document_id, NEEDED)}",
        ]
    return _page(
        f"{file} needs a review before it is filed.",
        list(reasons) or [UNSURE],
        [f"What was read: {saying}", "", *advice],
    )


def duplicate_note(file: str, first_id: str, first_path: str) -> str:
    """Say why a document lies in `_duplicates`, and where the first is."""
    return _page(
        f"{file} was seen before.",
        [f"It has the same bytes as {first_path} (document {first_id})."],
        [
            "It is counted once, by the first, so nothing needs to be done: leave it here or delete it.",
            "If it is a second purchase all the same, scan that receipt separately.",
            f"To see where the first is now: {command()} show {shlex.quote(first_id)}",
        ],
    )


def failure_note(document_id: str, file: str, message: str, hint: str, code: str = "") -> str:
    """Say why a document lies in `_failed`, and what to do."""
    return _page(
        f"{file} could not be read.",
        [message],
        [
            *([hint] if hint else []),
            *_advise_retry(document_id, code),
            "Once a repaired copy is filed, this one is no longer needed: delete it with its .json and .why.txt.",
        ],
    )


def _advise_retry(document_id: str, code: str) -> list[str]:
    if code in _HOPELESS:
        return []
    return [f"To have this file, repaired here or not, read again: {command()} retry {shlex.quote(document_id)}"]


def _page(headline: str, reasons: Sequence[str], advice: Sequence[str]) -> str:
    return "\n".join([headline, "", *(f"- {reason}" for reason in reasons), "", *advice, ""])
