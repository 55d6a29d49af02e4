"""Fill a ledger with many documents of the past through the project's own functions, as a daemon would have left it.

All but those that are gone lie in the archive with their sidecars: otherwise the daemon would look for them there.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from expensed.archive.sidecar import note_path, sidecar_path
from expensed.errors import Corrupt, Fault
from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.filings import NewFiling, find_intent, insert_filing, set_filing_state
from expensed.ledger.store import Ledger, Transaction, timestamp
from expensed.ledger.task_moves import end_task, insert_task, pass_on, set_status, start_attempt
from expensed.ledger.tasks import get_task
from expensed.model.expense import Evidence, Expense
from expensed.model.place import Place
from expensed.model.states import (
    DocumentOrigin,
    DocumentState,
    ExpenseKind,
    FilingState,
    Outcome,
    Root,
    Status,
    Step,
    TaskOrigin,
    TaskState,
)
from expensed.pipeline.filing.sidecar_and_note import write_note, write_sidecar

AT_ONCE = 250
"""Documents in one transaction."""
SPAN = timedelta(days=3 * 365)
NEWEST = timedelta(days=2)
"""The age of the newest document: today's counts are of today."""
WORDS = 120
_SYLLABLES = "ca ce ko li ma no pra qui ro sta te un vo wer xi zu ber cho del en fa gri ha"
_CATEGORIES = ("Meals & Entertainment", "Travel", "Software & Services", "Office Supplies", "Utilities")
_PROGRESS = (Status.ENHANCING, Status.CURRENCY, Status.DUPLICATES)


@dataclass(frozen=True, slots=True)
class Invented:
    """One document to record: what it says and how it ended."""

    number: int
    id: str
    content: bytes
    at: datetime
    state: DocumentState
    expense: Expense
    text: str

    @property
    def outcome(self) -> Outcome:
        """How it was filed; a document that is gone was filed like any other before it was taken away."""
        return {DocumentState.FILED: Outcome.FILED, DocumentState.FAILED: Outcome.FAILED}.get(
            self.state, Outcome.REVIEW
        )

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        match self.outcome:
            case Outcome.FILED:
                stem = f"{self.expense.date}_{(self.expense.vendor or '').replace(' ', '-')}_{self.expense.amount}-EUR"
                return f"{self.at:%Y}/{self.expense.category}/{stem}_{self.number}.xml"
            case Outcome.FAILED:
                return f"_failed/scan_{self.number}.xml"
            case _:
                return f"_review/scan_{self.number}.xml"


def invent(count: int, resting: int) -> list[DocumentState]:
    """Return the state of each document: of the resting ones, three in five wait for review and one in ten is gone."""
    at_rest = [DocumentState.REVIEW] * 6 + [DocumentState.FAILED] * 3 + [DocumentState.GONE]
    states = [DocumentState.FILED] * (count - resting) + [at_rest[number % 10] for number in range(resting)]
    random.Random(11).shuffle(states)
    return states


def describe(number: int, count: int, state: DocumentState, newest: datetime) -> Invented:
    """Return the document of this number; the same for the same arguments."""
    chance = random.Random(number)
    at = newest - SPAN * (1 - number / count)
    syllables = _SYLLABLES.split()
    words = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(WORDS)]
    vendor = f"{words[0].title()}{chance.randrange(400)} {words[1].title()} GmbH"
    amount = Decimal(chance.randrange(500, 90_000)).scaleb(-2)
    day = date.fromordinal(at.date().toordinal() - chance.randrange(20))
    shown = {"vendor": vendor, "amount": str(amount), "date": day.isoformat(), "currency": "EUR"}
    return Invented(
        number=number,
        id=f"{at:%Y%m%d_%H%M%S}_{number}_scan.xml",
        content=f"<scan number='{number}'>{' '.join(words)}</scan>".encode(),
        at=at,
        state=state,
        expense=Expense(
            vendor=vendor, amount=amount, date=day, category=chance.choice(_CATEGORIES), currency="EUR",
            confidence=92, kind=ExpenseKind.INVOICE, tax=(amount / 6).quantize(amount), invoice_number=f"R-{number}",
            needs_review=state is DocumentState.REVIEW,
            fields={
                name: Evidence(
                    value=value, confidence=0.97, page=1, box=(0.1, 0.1, 0.4, 0.15), text=f"{name} {value}",
                    proof="the e-invoice says so",
                )
                for name, value in shown.items()
            },
        ),
        text=" ".join([vendor, *words, str(amount), day.isoformat()]),
    )  # fmt: skip


async def record(tx: Transaction, one: Invented, run: str) -> tuple[str, str | None]:
    """Record everything about a document from its admission to its end; return its sidecar and its note."""
    tx.now = timestamp(one.at)
    sha256 = hashlib.sha256(one.content).hexdigest()
    name = f"scan_{one.number}.xml"
    claim = Place(Root.INBOX, f".expensed/{one.id}/{name}")
    new = NewDocument(
        id=one.id, origin=DocumentOrigin.DROP, name=name, file=name, sha256=sha256, size=len(one.content),
        mtime_ns=int(one.at.timestamp()) * 10**9, place=claim, kind="application/xml",
    )  # fmt: skip
    document = await insert_document(tx, new, DocumentState.ADMITTED)
    if document is None:
        raise RuntimeError(f"{one.id} is there twice")
    task = await insert_task(tx, document, origin=TaskOrigin.DROP, step=Step.EXTRACT)
    await start_attempt(tx, await get_task(tx, task), run, Status.READING)
    for status in _PROGRESS:
        await set_status(tx, task, status)
    fault: Fault | None = None
    if one.outcome is Outcome.FAILED:
        fault = Corrupt(f"{name} is cut off.").fault
        await update_document(tx, document, outcome=one.outcome, failure=fault)
    else:
        await update_document(
            tx, document, outcome=one.outcome, result=one.expense, text=one.text, turns=(0,), engine="e-invoice"
        )
    await pass_on(tx, await get_task(tx, task), error=fault)
    await start_attempt(tx, await get_task(tx, task), run, Status.FINALIZING)
    row = await get_document(tx, document)
    sidecar, note = write_sidecar(row, one.outcome, one.path, None), write_note(row, one.outcome, None)
    await insert_filing(tx, NewFiling(document, one.outcome, one.path, sha256, sidecar, note, claim))
    filing = await find_intent(tx, document)
    if filing is None:
        raise RuntimeError(f"{one.id} has no intent")
    await set_filing_state(tx, filing, FilingState.FILED)
    await update_document(tx, document, state=one.state, place=Place(Root.ARCHIVE, one.path))
    end = TaskState.FAILURE if fault else TaskState.SUCCESS
    await end_task(tx, await get_task(tx, task), end, fault)
    await set_filing_state(tx, filing, FilingState.CLOSED)
    tx.events.clear()  # nobody listens
    return sidecar, note


def lay_down(archive: Path, one: Invented, sidecar: str, note: str | None) -> None:
    """Write the bytes and the companions of a document into the archive."""
    path = archive / one.path
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    path.write_bytes(one.content)
    os.utime(path, (one.at.timestamp(), int(one.at.timestamp())))
    sidecar_path(path).write_text(sidecar)
    if note is not None:
        note_path(path).write_text(note)


async def fill(ledger_file: Path, archive: Path, count: int, resting: int) -> None:
    """Add `count` documents to a ledger, `resting` of them in review, failed or gone."""
    ledger = Ledger(ledger_file, Bus())
    await ledger.open()
    newest = datetime.now(UTC) - NEWEST
    states = invent(count, resting)

    async def begin(tx: Transaction) -> None:
        await tx.execute("INSERT INTO runs (id, started_at, ended_at) VALUES ('invented', ?, ?)", tx.now, tx.now)

    await ledger.change(begin)
    for start in range(0, count, AT_ONCE):
        some = [describe(number, count, states[number], newest) for number in range(start, min(start + AT_ONCE, count))]

        async def record_some(tx: Transaction, some: list[Invented] = some) -> list[tuple[str, str | None]]:
            return [await record(tx, one, "invented") for one in some]

        for one, companions in zip(some, await ledger.change(record_some), strict=True):
            if one.state is not DocumentState.GONE:
                lay_down(archive, one, *companions)
    await ledger.close()


def fill_ledger(ledger_file: Path, archive: Path, count: int, resting: int) -> None:
    """Do what `fill` does, and wait for it."""
    asyncio.run(fill(ledger_file, archive, count, resting))
