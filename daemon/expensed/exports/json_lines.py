"""JSON lines, for scripts: the rows of `GET /api/documents`, one object per line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from expensed.model.json_text import encode_text
from expensed.report.answers import DocumentRow


def write_json_lines(documents: Iterable[DocumentRow], account: str) -> Iterator[str]:
    """Write one object per document; `account` is ignored."""
    for document in documents:
        yield encode_text(document)
