"""Taking back what was done, as a person does: on the command line, with all that hangs on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_learning import read_one
from tests.e2e.test_purchase import INVOICE, RECEIPT, export
from tests.e2e.test_rebuild import lose_ledger


def undo(house: House, *arguments: str, code: int = 0) -> str:
    """Run `expensed undo`; return what it said."""
    done = house.run("undo", *arguments)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def read_lessons(house: House) -> dict[str, Any]:
    """Return what each document teaches, by the ledger and by its sidecar."""
    of_ledger = [json.loads(row["told"]) for row in house.rows("SELECT told FROM lessons ORDER BY number")]
    sidecars = [json.loads(path.read_text()) for path in sorted(house.archive.rglob("*.json"))]
    of_sidecars = sorted((each for told in sidecars for each in told["lessons"]), key=lambda each: each["number"])
    assert of_sidecars == of_ledger
    return {each["document"]: each["vendor"] for each in of_ledger}


def test_a_person_takes_back_what_they_did_and_what_expensed_did(shared_house: House) -> None:
    house = shared_house
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_for(scan="filed")
    document, filed = house.find_id("scan.pdf"), house.find_path("scan.pdf")
    assert house.run("file", document, "--amount", "9.99").returncode == 0
    moment = datetime.now(UTC).isoformat()
    assert house.run("discard", document, "--not-an-expense").returncode == 0
    said = undo(house)
    assert said.startswith(f"{document}: took back: Discarded as not an expense.\n  To have it again: ")
    assert undo(house).startswith(f"{document}: took back: Corrected amount from 7.53 to 9.99.\n")
    assert (house.find_path("scan.pdf"), house.states()["scan.pdf"]) == (filed, "filed")
    assert undo(house, code=1) == (
        "expensed: There is nothing to take back.\n  `expensed undo --list` shows what was done.\n"
    )
    (again,) = (row["number"] for row in house.rows("SELECT number FROM journal WHERE undoes = 2"))
    assert "took back: Took back entry 2: Corrected amount" in undo(house, "--entry", str(again))
    assert house.find_path("scan.pdf").endswith("_9.99-GBP.pdf")
    assert undo(house, "--since", moment) == "There was nothing to take back.\n", "all is as it was then"
    listed = undo(house, "--list", "scan.pdf", "--limit", "100").splitlines()
    assert listed[-1].endswith(f"scan.pdf: Filed as {filed}.")
    assert house.run("show", "scan.pdf").stdout.count("Corrected amount from 7.53 to 9.99.") >= 2
    while house.states()["scan.pdf"] != "review":
        undo(house, "scan.pdf")
    assert "A person took its filing back." in (house.archive / "_review/scan.pdf.why.txt").read_text()
    assert "is in review" not in undo(house, "scan.pdf", code=1)
    refused = undo(house, "--entry", "1", code=1)
    assert refused.startswith("Entry 1 was not taken back: Entry 1 was taken back already, by entry ")
    assert "HTTP" not in refused
    told = json.loads(house.run("undo", "--list", "--json", "--limit", "1").stdout)
    assert told["entries"][0]["kind"] == "undo"
    for arguments in (
        ["--list", "--entry", "1"],
        ["--since", "yesterday"],
        ["--since", "25:00"],
        ["scan.pdf", "--entry", "1"],
    ):
        assert house.run("undo", *arguments).returncode == 2
    assert f"scan.pdf: Filed as {filed}. (taken back by " in undo(house, "--list", "--since", "00:00")
    assert house.run("reread", document).returncode == 0
    house.wait_for(scan="filed")
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def test_what_was_taught_is_taken_back_too_and_with_it_what_was_read_again(house: House) -> None:
    house.start()
    first = read_one(house, 1, 1)
    house.patch(f"/api/documents/{first['document_id']}", {"vendor": "Nordlicht"})
    taught = read_lessons(house)
    second = read_one(house, 2, 2)
    assert second["data"]["vendor"] == "Nordlicht"
    entry = house.post("/api/undo", {})["undone"][0]
    assert (entry["document_id"], read_lessons(house)) == (first["document_id"], {})
    assert house.run("reread", "--apply", second["document_id"]).returncode == 0
    house.wait_quiet(2)
    assert house.get(f"/api/documents/{second['document_id']}")["data"]["vendor"] == "NORDLICHT COFFEE"
    undone = house.post("/api/undo", {})["undone"][0]
    assert undone["sentence"] == "Read again. Changed vendor from Nordlicht to NORDLICHT COFFEE."
    again = house.get(f"/api/documents/{second['document_id']}")
    assert (again["data"]["vendor"], again["path"]) == ("Nordlicht", second["path"])
    house.post("/api/undo", {"entry": entry["undone_by"]})
    assert read_lessons(house) == taught
    assert read_one(house, 3, 3)["data"]["vendor"] == "Nordlicht"
    house.post("/api/undo", {"entry": entry["number"]})
    paths = house.archived()
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    assert (read_lessons(house), house.archived()) == ({}, paths)
    assert house.get("/api/journal")["entries"] == [], "it starts again with the ledger"


def test_a_paper_of_a_purchase_and_its_twin_stay_what_they_are_when_its_filing_is_taken_back(house: House) -> None:
    house.start()
    house.drop("invoice.pdf", papers.pdf(INVOICE))
    house.wait_quiet(1)
    house.drop("receipt.pdf", papers.pdf(RECEIPT))
    house.drop("twin.pdf", papers.pdf(INVOICE))
    house.wait_for(invoice="filed", receipt="filed", twin="duplicate")
    invoice, receipt, twin = (house.find_id(f"{name}.pdf") for name in ("invoice", "receipt", "twin"))
    before = export(house, "jsonl")
    paths = house.archived()
    entry = house.post("/api/undo", {"document_id": invoice})["undone"][0]
    assert house.find_path("invoice.pdf") == "_review/invoice.pdf"
    assert [json.loads(line)["document_id"] for line in export(house, "jsonl").splitlines()] == [receipt]
    shown = {name: house.get(f"/api/documents/{name}") for name in (invoice, receipt, twin)}
    assert [shown[name]["data"]["same_purchase"] for name in (invoice, receipt)] == [[receipt], [invoice]]
    assert (shown[twin]["state"], shown[twin]["duplicate_of"]) == ("duplicate", invoice)
    refused = house.post("/api/undo", {"document_id": twin})["refused"][0]
    assert (refused["code"], invoice in refused["error"]) == ("replaced", True)
    house.post("/api/undo", {"entry": entry["undone_by"]})
    assert (json.loads(export(house, "jsonl"))["document_id"], house.archived()) == (invoice, paths)
    assert json.loads(export(house, "jsonl")) == {
        **json.loads(before),
        "updated_at": json.loads(export(house, "jsonl"))["updated_at"],
    }
    assert house.check().returncode == 0
