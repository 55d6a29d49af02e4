"""Documents that the archive's records must still tell of; a trigger notes each whose file is gone, or back."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, Row, Transaction

log = logging.getLogger("expensed.ledger")


async def list_unrecorded(ledger: Ledger, limit: int) -> list[Document]:
    """Return the first `limit` of them, oldest first."""
    rows = await ledger.all(
        "SELECT d.* FROM unrecorded u CROSS JOIN documents d ON d.number = u.document ORDER BY u.document LIMIT ?",
        limit,
    )
    return [document for row in rows if (document := _decode(row)) is not None]


def _decode(row: Row) -> Document | None:
    """Return the document of a row; None, with a line in the log, for one that cannot be understood."""
    try:
        return document_from(row)
    except ValueError as error:
        log.warning("%s: the archive's records cannot tell of it: %s", row["id"], error)
        return None


async def set_recorded(tx: Transaction, documents: Sequence[Document]) -> None:
    """Note that these are told of, unless they have changed since they were listed."""
    for document in documents:
        await tx.execute(
            "DELETE FROM unrecorded WHERE document ="
            " (SELECT number FROM documents WHERE number = ? AND updated_at = ?)",
            document.number,
            document.updated_at,
        )
