"""Time `expensed rebuild`, and the checks of the ledger at a start, with a generated archive of many documents.

    .venv/bin/python benchmarks/rebuild.py [COUNT]

The documents are in every state, each with 1.5 kB of text and the evidence of eight fields; one in fifty is gone.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from expensed.archive.high_water import raise_high_water
from expensed.archive.records import GoneRecord, append_records
from expensed.archive.sidecar import note_path, render_sidecar, sidecar_path
from expensed.disk.marked_folder import Mark, PlaceName, write_mark
from expensed.ledger.file.soundness import find_damage
from expensed.ledger.rows import Document
from expensed.mirror.description import describe_document
from expensed.model.expense import Corrections, Evidence, Expense, Said
from expensed.model.lesson import Lesson
from expensed.model.place import Place
from expensed.model.reach import Reach
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root
from expensed.service.ledger_fitness import is_older

COUNT = 20_000
WORDS = [f"word{number}" for number in range(3000)]
OUTCOMES = list(Outcome)


def make_document(number: int) -> tuple[Document, Outcome]:
    """Return one document of many, and how it was filed; most are filed."""
    kind = OUTCOMES[number // 10 % len(OUTCOMES)] if number % 10 == 0 else Outcome.FILED
    vendor, day = f"Vendor {number % 700}", date(2024, 1 + number % 12, 1 + number % 28)
    names = ("vendor", "amount", "date", "category", "currency", "tax", "kind", "invoice_number")
    evidence = Evidence(
        value=vendor, confidence=0.99, page=1, box=(0.1, 0.1, 0.5, 0.2), text=vendor, proof="items add up"
    )
    expense = Expense(
        vendor=vendor, amount=Decimal(number) / 100, date=day, category="Other", currency="EUR", confidence=95,
        fields=dict.fromkeys(names, evidence),
    )  # fmt: skip
    said = Said(vendor=vendor)
    at = f"2024-05-01T10:{number // 60 % 60:02}:{number % 60:02}.{number % 1_000_000:06}Z"
    document = Document(
        number=number, id=f"20240501_100000_{number}.pdf", origin=DocumentOrigin.DROP, name=f"{number}.pdf",
        file=f"{number}.pdf", state=DocumentState(kind), sha256=f"{number:064x}", size=100, mtime_ns=1,
        place=Place(Root.ARCHIVE, f"{day.year}/{number % 200:03}/{number}.pdf"), first=None, cut_off=None,
        kind="application/pdf", engine="none", outcome=kind, failure=None, result=expense,
        text=" ".join(random.choices(WORDS, k=180)), turns=(0,), traits=None,
        corrections=Corrections(said=said, original=said) if number % 7 == 0 else None,
        discarded=None, unclean_ends=0, unclean_alone=0, created_at=at, updated_at=at,
    )  # fmt: skip
    return document, kind


def fill(archive: Path, count: int) -> None:
    """Write documents with their sidecars and notes, and the records of those that are gone."""
    gone = []
    for number in range(1, count + 1):
        document, kind = make_document(number)
        lesson = Lesson(number=number, identifiers=(f"read:heading{number}",), vendor="Vendor", at=document.created_at)
        note = None if kind is Outcome.FILED else "A note.\n"
        told = describe_document(
            document,
            kind,
            document.place.path,
            None,
            note=note,
            lesson=lesson if number % 7 == 0 else None,
            at=document.updated_at,
        )
        if number % 50 == 49:
            path_hex = os.fsencode(document.place.path).hex()
            gone.append(GoneRecord(root=Root.ARCHIVE, path_hex=path_hex, document=replace(told, kind=Outcome.REVIEW)))
            continue
        path = archive / document.place.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%%PDF %d" % number)
        sidecar_path(path).write_text(render_sidecar(told))
        if note is not None:
            note_path(path).write_text(note)
    append_records(archive, gone)
    raise_high_water(archive, "benchmark", lambda: Reach(count, 8 * count))


def main() -> None:
    """Generate, rebuild, and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="expensed-rebuild-") as folder:
        root = Path(folder)
        for name in ("inbox", "archive", "state"):
            (root / name).mkdir()
        write_mark(root / "archive", Mark(place=PlaceName.ARCHIVE, ledger="benchmark"))
        fill(root / "archive", count)
        paths = {f"EXPENSED_{name.upper()}__PATH": str(root / name) for name in ("inbox", "archive", "state")}
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "expensed", "rebuild"], env=os.environ | paths, cwd=root, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        took_s = time.monotonic() - began
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(done.stdout.splitlines()[0])
        print(
            f"{count} documents in {took_s:.1f} s ({usage.ru_utime + usage.ru_stime:.1f} CPU s), at most"
            f" {usage.ru_maxrss / 1000:.0f} MB resident"
        )
        file = root / "state/ledger.sqlite3"
        for what, check in (
            ("quick_check", lambda: find_damage(file)),
            ("older than the archive?", lambda: is_older(file, root / "archive")),
        ):
            began = time.monotonic()
            found = check()
            print(f"{what}: {found or 'no'} in {time.monotonic() - began:.3f} s ({file.stat().st_size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
