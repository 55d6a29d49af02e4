"""A ledger that is lost is made again from the archive alone, equal in all that a user can see."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from msgspec import Raw
from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.views import list_all, read, see_all

from expensed.model.json_text import decode, encode

ODD = ["Thank you for your visit", "Please come again"]
STATES = {"filed", "review", "duplicate", "failed", "discarded", "gone"}
SAID = {"vendor": "The Odd Shop", "amount": 4.5, "date": "2024-05-06", "currency": "EUR", "category": "Other"}


def fill(house: House, count: int) -> None:
    """Fill a started house with documents in every state, corrected, taught and taken away."""
    receipts = {f"r{number}.pdf": papers.pdf(papers.receipt_lines(number)) for number in range(count // 2)}
    for name, content in receipts.items():
        house.drop(name, content)
    house.wait_quiet(len(receipts))
    twins, odd, broken = count // 8, count // 6, count // 10
    for number in range(twins):
        house.drop(f"twin{number}.pdf", receipts[f"r{number}.pdf"])
    for number in range(odd):
        house.drop(os.fsencode(f"odd {number} ") + b"\xff.pdf", papers.pdf([*ODD, f"No. {number}"]))
    for number in range(broken):
        house.drop(f"broken{number}.pdf", b"%%PDF-1.4\n%d is no document\nstartxref\n9\n%%%%EOF\n" % number)
    house.wait_quiet(len(receipts) + twins + odd + broken)
    uploads = count - len(receipts) - twins - odd - broken
    for number in range(uploads):
        upload(house, number)
    correct(house, receipts=len(receipts))
    file_some(house)
    discard_some(house)
    take_away(house)
    house.wait_quiet(count)


def upload(house: House, number: int) -> None:
    """Upload a receipt and file it with a person's data; every third is a twin of the one before."""
    content = papers.pdf(papers.receipt_lines(500 + number - (number % 3 == 2), "Quayside Inn"))
    document = house.upload(f"up{number}.pdf", content)["file_id"]
    house.post(f"/api/extract/{document}", {})
    said = {"vendor": f"Quayside {number}", "amount": 9.5 + number, "date": "2024-02-03", "category": "Other"}
    shown = {"vendor": "QUAYSIDE INN", "amount": 1.0}
    body = {"file_id": document, "expense_data": said, "original_extraction": shown}
    assert house.post("/api/process", body)["http"] == 200


def correct(house: House, receipts: int) -> None:
    """Correct some receipts: in place, to another name, in vendor and category, more than once."""
    rows = sorted(list_all(house, "&state=filed"), key=lambda row: row["vendor"] != "Nordlicht Coffee")
    filed = [row["document_id"] for row in rows]
    corrections: list[dict[str, Any]] = [
        {"vendor": "Nordlicht", "category": "Meals & Entertainment"},
        {"description": "Rolls for the office"},
        {"amount": 7.35},
        {"category": "Office Supplies"},
        {"date": "2024-03-15", "currency": "EUR"},
        {
            "items": [{"description": "Theodolite", "quantity": 3, "total": "7,35"}],
            "taxes": [{"rate": 20, "tax": 1.25}],
        },
    ]
    for number, document in enumerate(filed[: max(6, receipts // 3)]):
        assert house.patch(f"/api/documents/{document}", corrections[number % len(corrections)])["http"] == 200
    assert house.patch(f"/api/documents/{filed[0]}", {"vendor": "Nordlicht Roasters", "amount": 8.8})["http"] == 200


def file_some(house: House) -> None:
    """File a third of what is in review."""
    waiting = [row["document_id"] for row in list_all(house, "&state=review")]
    for number, document in enumerate(waiting[: len(waiting) // 3]):
        body = {"file_id": document, "expense_data": SAID | {"amount": 4.5 + number}}
        assert house.post("/api/process", body)["http"] == 200


def discard_some(house: House) -> None:
    """Discard one in each state, as a duplicate or as no expense, and put one of them back."""
    discarded = []
    for state in ("filed", "review", "failed", "duplicate"):
        document, other = [row["document_id"] for row in list_all(house, f"&state={state}")][-2:]
        grounds: dict[str, Any] = {"duplicate_of": other} if state == "review" else {"not_an_expense": True}
        said = house.post(f"/api/documents/{document}/discard", grounds)
        assert said["http"] == 200, said
        discarded.append(document)
    assert house.post(f"/api/documents/{discarded[0]}/undiscard", {})["http"] == 200


def take_away(house: House) -> None:
    """Take away one that waits for a review and one that failed, with and without their companions."""
    for folder, with_companions in (("_review", True), ("_failed", False)):
        path = min(path for path in (house.archive / folder).iterdir() if path.suffix == ".pdf")
        for ending in (".json", ".why.txt") if with_companions else ():
            path.with_name(path.name + ending).unlink()
        path.unlink()
    house.wait(lambda: Counter(house.states().values())["gone"] == 2, 20, "both are gone")
    house.wait(lambda: not house.rows("SELECT 1 FROM unrecorded"), 20, "the archive is told")


def lose_ledger(house: House) -> None:
    """Delete the ledger's files."""
    for path in house.state.glob("ledger.sqlite3*"):
        path.unlink()


def end_code(house: House) -> tuple[int, str]:
    """Start the daemon, which must end by itself; return its exit code and what it logged."""
    before = house.log.stat().st_size
    house.start(ready=False)
    assert house.process is not None
    code = house.process.wait(30)
    return code, house.log.read_bytes()[before:].decode(errors="replace")


def test_a_ledger_made_again_from_the_archive_is_equal_in_all_that_a_user_can_see(house: House) -> None:
    compare_rebuilt(house, 40)


def compare_rebuilt(house: House, count: int) -> None:
    house.start()
    fill(house, count)
    seen = see_all(house)
    assert {row["state"] for row in seen["rows"]} == STATES
    assert len(seen["rows"]) == count
    assert len(seen["lessons"]) > 2
    old_task = house.get("/api/tasks?limit=1")["tasks"][0]["task_id"]
    house.stop()
    age(house)
    lose_ledger(house)
    before = snapshot(house.archive)
    rebuilt = house.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert f"{count} documents" in rebuilt.stdout
    assert snapshot(house.archive) == before
    house.start()
    again = see_all(house)
    for what, value in seen.items():
        assert again[what] == value, what
    assert house.get(f"/api/task/{old_task}")["http"] == 410
    assert house.get("/api/task/nonsense")["http"] == 404
    discarded = next(row["document_id"] for row in again["rows"] if row["state"] == "discarded")
    assert house.post(f"/api/documents/{discarded}/undiscard", {})["http"] == 200
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    house.drop("new.pdf", papers.pdf(papers.receipt_lines(900, "Nordlicht Coffee")))
    house.drop("known.pdf", papers.pdf(papers.receipt_lines(0)))
    house.wait_quiet(count + 2)
    assert house.states()["known.pdf"] == "duplicate"
    assert "event: reset" in read(house, "/api/events?until=now&last_event_id=1")
    vendors = {row["file"]: row["vendor"] for row in list_all(house)}
    assert vendors["new.pdf"] == "Nordlicht Roasters", "what corrections taught is known again"


def age(house: House) -> None:
    """Make half of the sidecars as 0.1.0 wrote them, as after an upgrade, and let the daemon tell the rest."""
    for path in sorted(house.archive.glob("*/**/*.pdf.json"))[::2]:
        told = decode(path.read_bytes(), dict[str, Raw])
        for name in ("number", "origin", "cut_off", "turns", "lessons", "note_sha256"):
            told.pop(name)
        path.write_bytes(encode(told))
    ledger = sqlite3.connect(house.state / "ledger.sqlite3", isolation_level=None)
    ledger.execute("INSERT OR IGNORE INTO unrecorded SELECT number FROM documents")
    ledger.close()
    house.start()
    house.wait(lambda: not house.rows("SELECT 1 FROM unrecorded"), 20, "the archive is told")
    house.stop()


def snapshot(archive: Path) -> dict[str, bytes]:
    """Return every file of the archive with its content."""
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*") if path.is_file()}
