"""Documents that the archive's records must still tell of; a trigger notes each whose file is gone, or back."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, Transaction


async def list_unrecorded(ledger: Ledger, limit: int) -> list[Document]:
    """Return the first `limit` of them, oldest first."""
    rows = await ledger.all(
        "SELECT d.* FROM unrecorded u CROSS JOIN documents d ON d.number = u.document ORDER BY u.document LIMIT ?",
        limit,
    )
    return [document_from(row) for row in rows]


async def set_recorded(tx: Transaction, documents: Sequence[Document]) -> None:
    """Note that these are told of, unless they have changed since they were listed."""
    for document in documents:
        await tx.execute(
            "DELETE FROM unrecorded WHERE document ="
            " (SELECT number FROM documents WHERE number = ? AND updated_at = ?)",
            document.number,
            document.updated_at,
        )
