"""All that a user can see of a house's documents, over HTTP and in exports, to compare one ledger with another."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.e2e.house import House

OWN_HISTORY = ("tasks", "events", "http")
"""What starts again with a new ledger."""


def list_all(house: House, query: str = "") -> Iterator[dict[str, Any]]:
    """Yield every row of `GET /api/documents`, page by page."""
    before = ""
    while True:
        page = house.get(f"/api/documents?limit=100{query}{before}")
        yield from page["documents"]
        if page["next"] is None:
            return
        before = f"&before={page['next']}"


def see_all(house: House) -> dict[str, Any]:
    """Return every document in full, the lists in their order, the counts and the exports."""
    rows = list(list_all(house))
    documents = {}
    for row in rows:
        shown = house.get(f"/api/documents/{quote(row['document_id'])}")
        documents[row["document_id"]] = {name: value for name, value in shown.items() if name not in OWN_HISTORY}
    found = [[row["document_id"] for row in list_all(house, f"&q={word}")] for word in ("total", "nordlicht", "b")]
    exports = [read(house, f"/api/export?format={name}") for name in ("csv", "jsonl", "beancount")]
    lessons = house.rows(
        "SELECT l.number, l.told, l.vendor, l.category, l.taught_at, l.forgotten_at, d.id,"
        " (SELECT json_group_array(key) FROM lesson_keys k WHERE k.lesson = l.number) FROM lessons l"
        " JOIN documents d ON d.number = l.number ORDER BY d.id"
    )
    names = house.rows("SELECT * FROM vendor_names ORDER BY key")
    counts = house.get("/api/stats")["documents"]
    return {
        "rows": rows, "documents": documents, "found": found, "exports": exports, "lessons": lessons, "names": names,
        "counts": counts,
    }  # fmt: skip


def read(house: House, path: str) -> str:
    """GET a text."""
    with urllib.request.urlopen(house.address + path, timeout=30) as answer:
        return str(answer.read().decode())
