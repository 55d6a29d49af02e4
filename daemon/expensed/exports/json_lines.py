"""JSON lines, for scripts: the rows of `GET /api/documents`, one object per line."""

from __future__ import annotations

from collections.abc import Iterator

from expensed.exports.writer import Writer
from expensed.model.json_text import encode_text
from expensed.report.answers import DocumentRow


class JsonLinesWriter(Writer):
    """Writes one object per document; the account is ignored."""

    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write a document's object."""
        yield encode_text(document)
