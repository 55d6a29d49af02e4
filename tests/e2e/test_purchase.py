"""An invoice, its receipt and its reminder are one purchase: filed side by side, named by each other, counted once."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_rebuild import lose_ledger

SELLER = ["Larkspur Hosting Ltd", "8 Mill Lane, Leeds LS1 4AB"]
SUMS = ["Team plan         £60.00", "Subtotal          £60.00", "VAT 20%           £12.00", "Total             £72.00"]
INVOICE = [*SELLER, "Invoice", "Invoice number LH-40871", "Invoice date: 4 March 2024", *SUMS]
RECEIPT = [*SELLER, "Receipt for invoice LH-40871", "Invoice number LH-40871", "Receipt date: 9 March 2024", *SUMS,
           "Amount paid       £72.00"]  # fmt: skip
REMINDER = [*SELLER, "Payment reminder", "Invoice number LH 40871", "Date: 8 April 2024", *SUMS]
NEXT = [line.replace("40871", "40872").replace("March", "April") for line in INVOICE]
NAMES = ("invoice.pdf", "receipt.pdf", "reminder.pdf")


def export(house: House, form: str) -> str:
    with urllib.request.urlopen(f"{house.address}/api/export?format={form}") as answer:
        return str(answer.read().decode())


def read_sidecars(house: House) -> dict[str, Any]:
    found = {}
    for path in sorted(house.archive.rglob("*.json")):
        told = json.loads(path.read_text())
        found[told["source_name"]] = told
    return found


def see(house: House) -> dict[str, Any]:
    """Return what is to be seen of the purchase: places, links, sums."""
    ids = {name: house.find_id(name) for name in NAMES}
    shown = {name: house.get(f"/api/documents/{ids[name]}") for name in NAMES}
    return {
        "paths": {name: each["path"] for name, each in shown.items()},
        "links": {name: each["data"]["same_purchase"] for name, each in shown.items()},
        "counted": {name: each["counted_by"] for name, each in shown.items()},
        "exports": {form: export(house, form) for form in ("csv", "jsonl", "beancount", "ledger")},
    }


def test_three_papers_are_one_purchase(house: House) -> None:
    house.start()
    for number, (name, lines) in enumerate(zip(NAMES, (INVOICE, RECEIPT, REMINDER), strict=True), 1):
        house.drop(name, papers.pdf(lines))
        house.wait_quiet(number)
    house.drop("next.pdf", papers.pdf(NEXT))
    house.wait_quiet(4)
    assert set(house.states().values()) == {"filed"}, house.describe()
    seen = see(house)
    first = Path(seen["paths"]["invoice.pdf"])
    assert seen["paths"]["receipt.pdf"] == str(first.with_stem(f"{first.stem}_2"))
    assert seen["paths"]["reminder.pdf"] == str(first.with_stem(f"{first.stem}_3"))
    ids = [house.find_id(name) for name in NAMES]
    assert seen["links"] == {name: [each for each in ids if each != own] for name, own in zip(NAMES, ids, strict=True)}
    assert seen["counted"] == {"invoice.pdf": None, "receipt.pdf": ids[0], "reminder.pdf": ids[0]}
    assert seen["exports"]["beancount"].count(" 72.00 GBP") == 2  # and the next invoice
    assert len(seen["exports"]["jsonl"].splitlines()) == 2
    house.wait(
        lambda: not house.rows("SELECT 1 FROM purchases WHERE NOT is_told"), 20, "every sidecar names the others"
    )
    told = read_sidecars(house)
    assert {name: told[name]["result"]["same_purchase"] for name in NAMES} == seen["links"]
    assert "same_purchase" not in told["next.pdf"]["result"]
    assert "same purchase" in house.run("show", "receipt.pdf").stdout
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    assert see(house) == seen


SLIP = [SELLER[0], "Cardholder copy", "Date 2024-03-04 14:30", "Terminal ID 22081", "Auth code 18823",
        "AID A0000000031010", "Approved", "Ref LH40871", "Total GBP 72.00"]  # fmt: skip


def count(house: House) -> list[str]:
    return [json.loads(line)["file"] for line in export(house, "jsonl").splitlines()]


def test_the_better_paper_counts_when_it_comes_and_the_other_one_again_once_it_is_gone(house: House) -> None:
    house.start()
    house.drop("reminder.pdf", papers.pdf(REMINDER))
    house.wait_for(reminder="review")
    assert "The invoice that it reminds of is not here." in (house.archive / "_review/reminder.pdf.why.txt").read_text()
    house.drop("slip.pdf", papers.pdf(SLIP))
    house.wait_for(reminder="review", slip="review")
    said = {"vendor": SELLER[0], "amount": 72, "date": "2024-03-04", "currency": "GBP", "category": "Other"}
    assert house.post("/api/process", {"file_id": house.find_id("slip.pdf"), "expense_data": said})["http"] == 200
    first = Path(house.find_path("slip.pdf"))
    assert count(house) == ["slip.pdf"]
    house.drop("invoice.pdf", papers.pdf(INVOICE))
    house.wait_for(invoice="filed", slip="filed")
    assert house.find_path("invoice.pdf") == str(first.with_stem(f"{first.stem}_2"))
    assert count(house) == ["invoice.pdf"]
    assert house.post(f"/api/documents/{house.find_id('reminder.pdf')}/reread", {})["http"] == 202
    house.wait_for(reminder="filed")
    assert house.find_path("reminder.pdf") == str(first.with_stem(f"{first.stem}_3"))
    assert count(house) == ["invoice.pdf"]
    assert house.patch(f"/api/documents/{house.find_id('slip.pdf')}", {"vendor": "Larkspur"})["http"] == 200
    assert house.patch(f"/api/documents/{house.find_id('reminder.pdf')}", {"description": "late"})["http"] == 200
    assert "_Larkspur_" in house.find_path("slip.pdf")
    assert "_Larkspur_" in house.find_path("reminder.pdf")
    assert count(house) == ["invoice.pdf"]
    assert house.post(f"/api/documents/{house.find_id('invoice.pdf')}/discard", {"not_an_expense": True})["http"] == 200
    house.wait_for(invoice="discarded")
    assert count(house) == ["slip.pdf"]
    assert house.post(f"/api/documents/{house.find_id('invoice.pdf')}/undiscard", {})["http"] == 200
    house.wait_for(invoice="filed")
    assert count(house) == ["invoice.pdf"]
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def test_a_receipt_that_a_client_uploads_and_files_goes_beside_its_invoice(house: House) -> None:
    house.start()
    house.drop("invoice.pdf", papers.pdf(INVOICE))
    house.wait_for(invoice="filed")
    document = house.upload("receipt.pdf", papers.pdf(RECEIPT))["file_id"]
    found = house.post(f"/api/extract/{document}", {})["data"]
    assert (found["same_purchase"], found["needs_review"]) == ([house.find_id("invoice.pdf")], False)
    said = {name: found[name] for name in ("vendor", "amount", "date", "category", "currency")}
    filed = house.post("/api/process", {"file_id": document, "expense_data": said})
    first = Path(house.find_path("invoice.pdf"))
    assert filed["path"] == str(first.with_stem(f"{first.stem}_2"))
    assert count(house) == ["invoice.pdf"]
