"""Write the notes beside documents that a person should look at: what happened, and what to do.

Each names the commands that fit its case, and no others.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from expensed.errors import Cancelled, CrashedDaemon, UnsupportedKind
from expensed.model.expense import NEEDED, UNSURE
from expensed.model.states import DiscardReason
from expensed.shown_commands import (
    command,
    discarding_command,
    filing_command,
    rereading_command,
    retrying_command,
)

_HOPELESS = frozenset((UnsupportedKind.code, CrashedDaemon.code))
"""Errors with which the same file will always fail again."""
_SETTING = re.compile(r"\b(extraction|reading)\.[a-z]+(_[a-z]+)*\b")
"""A setting named in a sentence."""


def review_note(
    document_id: str,
    file: str,
    doubts: Sequence[str],
    saying: str,
    lacking: Sequence[str],
    looks_like: str | None = None,
    full_name: str = "",
) -> str:
    """Say why a document waits in `_review`, and what files it, discards it or has it judged again.

    `doubts`: sentences that say what is doubtful. `saying`: what was read, in one line. `lacking`: what must be given
    before it can be filed at all. `looks_like`: the id of a document that seems to show the same expense.
    `full_name`: the name of its file if it were filed as it was read; without one, nothing is said of renaming.
    """
    return _page(
        f"{file} needs a review before it is filed.\nWhat was read: {saying}",
        list(doubts) or [UNSURE],
        [
            *(_advise_duplicate(document_id, looks_like) if looks_like is not None else ()),
            *_advise_filing(document_id, lacking, is_likely_duplicate=looks_like is not None),
            *_advise_settings(document_id, doubts),
            "If it is not an expense, discard it with:",
            f"  {discarding_command(document_id, '--not-an-expense')}",
            *_advise_renaming(full_name),
            f"To go through all that wait, with a key for each: {command()} review",
        ],
    )


def _advise_duplicate(document_id: str, other_id: str) -> Iterator[str]:
    yield f"To see where the other one is: {command()} show {shlex.quote(other_id)}"
    yield "If both show the same expense, discard this one with:"
    yield f"  {discarding_command(document_id, '--duplicate-of', other_id)}"


def _advise_filing(document_id: str, lacking: Sequence[str], *, is_likely_duplicate: bool) -> Iterator[str]:
    if lacking:
        yield f"It cannot be filed without {' and '.join(lacking)}; give that, and anything else that was read wrong:"
        yield f"  {filing_command(document_id, lacking)}"
        return
    yield "If it is another purchase, file it with:" if is_likely_duplicate else "If that is right, file it with:"
    yield f"  {filing_command(document_id)}"
    yield "If something was read wrong, correct it as you file it, for example:"
    yield f"  {filing_command(document_id, NEEDED)}"


def _advise_renaming(full_name: str) -> Iterator[str]:
    if full_name:
        yield "Without a command: rename it here to a name such as this one, with the right values, and it is filed:"
        yield f"  {full_name}"


def _advise_settings(document_id: str, doubts: Sequence[str]) -> Iterator[str]:
    settings = list(dict.fromkeys(found[0] for doubt in doubts for found in _SETTING.finditer(doubt)))
    if settings:
        yield f"Once you have changed {' and '.join(settings)} and restarted the daemon, have it judged again with:"
        yield f"  {rereading_command(document_id)}"


def duplicate_note(file: str, first_id: str, first_path: str) -> str:
    """Say why a document lies in `_duplicates`, and where the first is."""
    return _page(
        f"{file} was seen before.",
        [f"It has the same bytes as {first_path} (document {first_id})."],
        [
            _COUNTED_ONCE,
            "If it is a second purchase all the same, scan that receipt separately.",
            _see_first(first_id),
        ],
    )


def same_paper_note(document_id: str, file: str, first_id: str, first_path: str, reason: str) -> str:
    """Say why another scan of a known paper lies in `_duplicates`; `reason` is what follows `it`."""
    return _page(
        f"{file} shows a paper that was seen before.",
        [f"It shows the same paper as {first_path} (document {first_id}), in another scan: it {reason}."],
        [
            _COUNTED_ONCE,
            "If it is a second purchase all the same, file it with:",
            f"  {filing_command(document_id)}",
            _see_first(first_id),
        ],
    )


_COUNTED_ONCE = "It is counted once, by the first, so nothing needs to be done: leave it here or delete it."


def _see_first(first_id: str) -> str:
    return f"To see where the first is now: {command()} show {shlex.quote(first_id)}"


def discard_note(document_id: str, file: str, reason: DiscardReason | None, duplicate_of: str | None) -> str:
    """Say why a document lies in `_discarded`, and how to put it back."""
    sentence = {
        DiscardReason.DUPLICATE: f"A person said that it shows the same expense as {duplicate_of}.",
        DiscardReason.NOT_AN_EXPENSE: "A person said that it is not an expense.",
        None: "A person discarded it without giving a reason.",
    }[reason]
    return _page(
        f"{file} was discarded.",
        [sentence],
        [
            "It is not counted, and nothing needs to be done: leave it here or delete it with its .json and .why.txt.",
            f"To put it back where it was: {discarding_command(document_id, '--undo')}",
        ],
    )


def failure_note(document_id: str, file: str, message: str, hint: str, code: str = "") -> str:
    """Say why a document lies in `_failed`, and what to do."""
    if code == Cancelled.code:
        return _page(f"{file} has not been filed.", [message], advise_failed(document_id, code))
    return _page(
        f"{file} could not be read.",
        [message],
        [
            *([hint] if hint else []),
            *advise_failed(document_id, code),
        ],
    )


def advise_failed(document_id: str, code: str) -> list[str]:
    """Return the sentences with the commands that help with a failed document: `retry` only if it may help."""
    if code == Cancelled.code:
        return [
            f"To have it read after all: {retrying_command(document_id)}",
            f"To discard it: {discarding_command(document_id)}",
        ]
    retrying = f"To have this file, repaired here or not, read again: {retrying_command(document_id)}"
    discarding = discarding_command(document_id)
    return [
        *([] if code in _HOPELESS else [retrying]),
        f"If you no longer need it, for example because a repaired copy has been filed: {discarding}",
    ]


def _page(headline: str, reasons: Sequence[str], advice: Sequence[str]) -> str:
    return "\n".join([headline, "", *(f"- {reason}" for reason in reasons), "", *advice, ""])
