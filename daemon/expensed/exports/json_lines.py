"""JSON lines, for scripts: the rows of `GET /api/documents`, also with items, taxes and sums, one object per line."""

from __future__ import annotations

from collections.abc import Iterator

from expensed.exports.writer import Writer
from expensed.model.json_text import encode_text
from expensed.report.answers import ExportedDocument


class JsonLinesWriter(Writer):
    """Writes one object per document; the account is ignored."""

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write a document's object."""
        yield encode_text(document)
