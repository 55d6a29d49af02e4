"""GET /api/inbox: the files in the watched folder that are not taken yet, live, each with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from expensed.model.dropped_files import WaitingFile
from expensed.web.answers import answer
from expensed.web.deps import PARTS


async def get_all(request: web.Request) -> web.Response:
    """What waits and what is refused, oldest first."""
    waiting = sorted(request.app[PARTS].waiting(), key=lambda file: file.since)
    return answer({"success": True, "inbox": [list_file(file) for file in waiting]})


def list_file(file: WaitingFile) -> dict[str, Any]:
    """One file as a row of the list."""
    return {
        "file": file.file,
        "reason": file.reason,
        "size": file.size,
        "since": _utc(file.since),
        "refused": file.refused,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
