"""The plain sentences beside a document that a person should look at: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Sequence


def review_note(document_id: str, file: str, reasons: Sequence[str], saying: str) -> str:
    """Why a document waits in `_review`, and the command that files it. `saying`: what was read, in one line."""
    return _page(
        f"{file} needs a look before it is filed.",
        list(reasons) or ["It was not read with enough certainty."],
        [
            f"What was read: {saying}",
            "",
            "If that is right, file it with:",
            f"  expensed file {document_id}",
            "If not, say what is right, for example:",
            f"  expensed file {document_id} --vendor 'Name' --amount 12.34 --date 2024-01-31 --currency EUR",
        ],
    )


def duplicate_note(file: str, first_id: str, first_path: str) -> str:
    """Why a document lies in `_duplicates`; names the first."""
    return _page(
        f"{file} was seen before.",
        [f"It has the same bytes as {first_path} (document {first_id})."],
        ["Nothing needs to be done. If you want it counted once only, leave it here or delete it."],
    )


def failure_note(document_id: str, file: str, message: str, hint: str) -> str:
    """Why a document lies in `_failed`, and what to do."""
    return _page(
        f"{file} could not be read.",
        [message],
        [
            *([hint] if hint else []),
            "When it is repaired, drop it into the inbox again.",
            f"To have the same file read once more: expensed retry {document_id}",
        ],
    )


def _page(headline: str, reasons: Sequence[str], advice: Sequence[str]) -> str:
    return "\n".join([headline, "", *(f"- {reason}" for reason in reasons), "", *advice, ""])
