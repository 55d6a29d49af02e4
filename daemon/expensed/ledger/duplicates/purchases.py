"""The papers of one purchase: find candidates, link them, and tell which of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from expensed.ledger.documents import get_document, update_document
from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Expense
from expensed.model.json_text import encode_text
from expensed.model.purchase import rank_paper

MOST_FOUND = 50
LOWEST = 9
"""The rank of a paper whose kind shows no purchase."""
NOT_COUNTED = (
    "SELECT p.document FROM purchases p WHERE EXISTS (SELECT 1 FROM purchases q"
    " JOIN documents_listed l ON l.number = q.document WHERE q.purchase = p.purchase AND l.state = 'filed'"
    " AND (q.rank, q.document) < (p.rank, p.document))"
)
"""The query for the documents of whose purchase a better paper is filed."""
_ON_THE_WAY = "state IN ('admitted', 'filed', 'review') AND outcome IN ('filed', 'review')"


async def list_of_numbers(tx: Transaction, keys: Sequence[str], other_than: int) -> list[Document]:
    """Return the documents with one of these invoice numbers that are filed, in review or on their way, latest first.

    At most `MOST_FOUND`; for `keys` see `number_key`.
    """
    rows = await tx.all(
        "SELECT d.* FROM documents d WHERE d.number IN (SELECT k.number FROM json_each(?) given CROSS JOIN documents k"  # noqa: S608
        f" ON k.invoice = given.value WHERE k.number <> ? AND {_ON_THE_WAY} ORDER BY k.number DESC LIMIT {MOST_FOUND})"
        " ORDER BY d.number DESC",
        encode_text(list(keys)),
        other_than,
    )
    return [document_from(row) for row in rows]


async def list_of_days(tx: Transaction, day: date, reach: int, amount: Decimal, other_than: int) -> list[Document]:
    """Return the documents of an amount within `reach` days that are filed, in review or on their way.

    At most `MOST_FOUND`, the nearest: the days are gone through in that order, and nothing is sorted.
    """
    apart = sorted(range(-reach, reach + 1), key=abs)
    days = [(day + timedelta(days=each)).isoformat() for each in apart if _exists(day, each)]
    rows = await tx.all(
        "SELECT d.* FROM json_each(?) near CROSS JOIN documents d ON d.day = near.value"  # noqa: S608
        # not a cast: its affinity would keep the index from being searched by amount, too
        " AND d.amount = json_extract(?, '$')"
        f" WHERE d.number <> ? AND d.{_ON_THE_WAY.replace(' AND ', ' AND d.')} LIMIT {MOST_FOUND}",
        encode_text(days),
        str(amount),
        other_than,
    )
    return [document_from(row) for row in rows]


def _exists(day: date, apart: int) -> bool:
    return date.min.toordinal() <= day.toordinal() + apart <= date.max.toordinal()


async def list_papers(source: Ledger | Transaction, document: int) -> list[Document]:
    """Return the other papers of a document's purchase, oldest first."""
    rows = await source.all(
        "SELECT d.* FROM purchases p JOIN purchases q ON q.purchase = p.purchase JOIN documents d"
        " ON d.number = q.document WHERE p.document = ?1 AND q.document <> ?1 ORDER BY d.number",
        document,
    )
    return [document_from(row) for row in rows]


async def find_purchase(source: Ledger | Transaction, document: int) -> int | None:
    """Return the purchase of which a document is one of several papers, by the number of its first paper, or None."""
    row = await source.one("SELECT purchase FROM purchases WHERE document = ?", document)
    return int(row["purchase"]) if row else None


async def lead_purchase(tx: Transaction, document: int) -> None:
    """Make a filed document the first paper of its purchase, if no other one is filed or about to be."""
    await tx.execute(
        "UPDATE purchases SET purchase = ?1 WHERE purchase = (SELECT purchase FROM purchases WHERE document = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM purchases p JOIN purchases q ON q.purchase = p.purchase JOIN documents d"
        "  ON d.number = q.document WHERE p.document = ?1 AND d.number <> ?1 AND d.outcome = 'filed'"
        "  AND d.state IN ('admitted', 'filed'))",
        document,
    )


async def find_counted(ledger: Ledger, document: int) -> str | None:
    """Return the id of the paper that counts in place of this filed one; None if this one counts."""
    row = await ledger.one(
        "SELECT d.id FROM purchases p JOIN purchases q ON q.purchase = p.purchase JOIN documents d"
        " ON d.number = q.document WHERE p.document = ? AND d.state = 'filed'"
        " AND (q.rank, q.document) < (p.rank, p.document) ORDER BY q.rank, q.document LIMIT 1",
        document,
    )
    return str(row["id"]) if row else None


async def link_papers(tx: Transaction, document: Document, expense: Expense, others: Sequence[Document]) -> Expense:
    """Make a document a paper of the same purchase as the others; return its expense, which then names them.

    They and all papers of their purchases are changed to name it, too. The expense is not stored.
    """
    papers = {each.number: each for each in others}
    for each in [*others, document]:
        papers |= {paper.number: paper for paper in await list_papers(tx, each.number)}
    papers.pop(document.number, None)
    purchase = await find_purchase(tx, others[0].number) or others[0].number
    ids = {number: paper.id for number, paper in papers.items()} | {document.number: document.id}
    for number in papers:
        paper = await get_document(tx, number)
        names, read = _without(ids, number), paper.result or Expense(confidence=0)
        await _put(tx, number, purchase, rank_paper(read), is_told=read.same_purchase == names)
        if read.same_purchase != names:
            await update_document(tx, number, result=replace(read, same_purchase=names))
    await _put(tx, document.number, purchase, rank_paper(expense), is_told=True)  # as its sidecar will
    return replace(expense, same_purchase=_without(ids, document.number))


def _without(ids: Mapping[int, str], number: int) -> tuple[str, ...]:
    return tuple(ids[each] for each in sorted(ids) if each != number)


async def _put(tx: Transaction, document: int, purchase: int, rank: int | None, *, is_told: bool) -> None:
    await tx.execute(
        "INSERT INTO purchases (document, purchase, rank, is_told) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (document)"
        " DO UPDATE SET purchase = ?2, rank = ?3, is_told = min(is_told, ?4)",
        document,
        purchase,
        LOWEST if rank is None else rank,
        int(is_told),
    )


async def list_untold(ledger: Ledger, document: int | None = None) -> list[Document]:
    """Return the documents in the archive whose sidecars do not name all papers of their purchase, oldest first.

    Only those of a document's purchase if one is given.
    """
    of_purchase = "p.purchase = (SELECT purchase FROM purchases WHERE document = ?1)" if document else "?1 IS NULL"
    rows = await ledger.all(
        "SELECT d.* FROM purchases p JOIN documents d ON d.number = p.document WHERE NOT p.is_told"  # noqa: S608
        f" AND d.place = 'archive' AND d.state <> 'gone' AND {of_purchase} ORDER BY p.document",
        document,
    )
    return [document_from(row) for row in rows]


async def set_told(tx: Transaction, document: Document) -> None:
    """Note that a sidecar names all papers, unless its document has changed since it was written."""
    await tx.execute(
        "UPDATE purchases SET is_told = 1 WHERE document ="
        " (SELECT number FROM documents WHERE number = ? AND updated_at = ?)",
        document.number,
        document.updated_at,
    )


@dataclass(frozen=True, slots=True)
class PaperTold:
    """What the archive tells of a paper: its rank, the numbers of the others, and its place in their order."""

    rank: int | None
    others: Sequence[int]
    order: tuple[bool, int, int]
    """Whether it is not filed, the length of its path, and its number: the first paper has the shortest name."""


async def tie_papers(tx: Transaction, told: Mapping[int, PaperTold]) -> None:
    """Tie papers to their purchases again, by the numbers of their documents."""
    purchases: dict[int, set[int]] = {}
    for number, paper in told.items():
        papers = {number, *(other for other in paper.others if other in told)}
        papers = papers.union(*(purchases.get(each, set()) for each in papers))
        purchases |= dict.fromkeys(papers, papers)
    for number, papers in purchases.items():
        first = min(papers, key=lambda each: told[each].order)
        await _put(tx, number, first, told[number].rank, is_told=True)
