"""Documents at rest: those that a person may take out of the archive, or put back, at any time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from expensed.ledger.store import Ledger, Purpose, Row, SqlValue
from expensed.model.place import Place
from expensed.model.states import DocumentState, Outcome, Root

_INDEXED = "place = 'archive' AND state NOT IN ('filed', 'duplicate')"
"""What the indexes hold; each query must say so word by word."""
LATE = "-2 minutes"
"""A document's change may be dated back to when its filing began."""
_AT_REST = "state IN ('review', 'failed', 'gone')"


@dataclass(frozen=True, slots=True)
class Resting:
    """A document in `_review` or `_failed`, or gone from the archive; `kind` is how it was last filed."""

    number: int
    id: str
    state: DocumentState
    place: Place
    kind: Outcome


@dataclass(frozen=True, slots=True)
class RestingPath:
    """The name in its folder under which a document rests, or rested before it was gone."""

    number: int
    name: str
    state: DocumentState


async def list_changed_folders(ledger: Ledger, since: str) -> dict[str, str]:
    """Return when the documents at rest in each folder last changed, if they did after a time or just before it."""
    rows = await ledger.all(
        "SELECT path, updated_at FROM documents INDEXED BY documents_resting"  # noqa: S608
        f" WHERE {_INDEXED} AND updated_at > coalesce(strftime('%Y-%m-%dT%H:%M:%f', ?, ?), '') ORDER BY updated_at",
        since,
        LATE,
        by=Purpose.STATISTICS,
    )
    return {os.path.dirname(os.fsdecode(row["path"])): row["updated_at"] for row in rows}


async def list_in_folder(ledger: Ledger, folder: str) -> list[RestingPath]:
    """Return the documents that rest directly in a folder of the archive, or did before they were gone."""
    inside: tuple[SqlValue, ...] = (os.fsencode(f"{folder}/"), os.fsencode(f"{folder}0")) if folder else ()
    rows = await ledger.all(
        "SELECT number, path, state FROM documents INDEXED BY documents_resting_place"  # noqa: S608
        f" WHERE {_INDEXED} AND {_AT_REST}{' AND path >= ? AND path < ?' if inside else ''}",
        *inside,
        by=Purpose.STATISTICS,
    )
    paths = [(row["number"], os.fsdecode(row["path"]), DocumentState(row["state"])) for row in rows]
    return [
        RestingPath(number, os.path.basename(path), state)
        for number, path, state in paths
        if os.path.dirname(path) == folder
    ]


async def list_resting(ledger: Ledger, numbers: Sequence[int]) -> list[Resting]:
    """Return those of these documents that are at rest, oldest first."""
    rows = await ledger.all(
        "SELECT d.number, d.id, d.state, d.path, f.kind FROM documents d JOIN filings f ON f.number ="  # noqa: S608
        " (SELECT max(number) FROM filings WHERE document = d.number AND state IN ('filed', 'closed'))"
        f" WHERE d.{_AT_REST} AND d.place = 'archive' AND d.number IN (SELECT value FROM json_each(?))"
        " ORDER BY d.number",
        f"[{','.join(map(str, numbers))}]",
        by=Purpose.STATISTICS,
    )
    return [_resting_from(row) for row in rows]


def _resting_from(row: Row) -> Resting:
    place = Place(Root.ARCHIVE, os.fsdecode(row["path"]))
    return Resting(row["number"], row["id"], DocumentState(row["state"]), place, Outcome(row["kind"]))
