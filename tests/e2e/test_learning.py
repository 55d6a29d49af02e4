"""What people say of a document teaches: the next paper of the same seller shows it."""

from __future__ import annotations

from typing import Any

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_rebuild import lose_ledger

NAME = "NORDLICHT COFFEE"


def read_one(house: House, number: int, count: int, lines: list[str] | None = None) -> dict[str, Any]:
    """Drop the n-th receipt of one vendor; return everything known about it once it is at rest."""
    house.drop(f"{number}.pdf", papers.pdf(lines or papers.receipt_lines(number, NAME)))
    house.wait_quiet(count)
    return find(house, f"{number}.pdf")


def find(house: House, file: str) -> dict[str, Any]:
    (listed,) = house.get(f"/api/documents?q={file}")["documents"]
    document = house.get(f"/api/documents/{listed['document_id']}")
    assert document["state"] in ("filed", "review"), document
    return document


def ambiguous(number: int, heading: str) -> list[str]:
    """Return the lines of a receipt with a tax number, whose date may be read in two ways."""
    lines = papers.receipt_lines(number, heading)
    return [lines[0], "VAT No 362 5840 88", "Tel 020 7946 0958", f"0{number}/02/2024 10:24 AM", *lines[3:]]


def test_the_next_receipt_of_a_vendor_shows_what_was_corrected(house: House) -> None:
    house.start()
    first = read_one(house, 1, 1)
    assert first["data"]["vendor"] == NAME
    said = {"vendor": "Nordlicht", "category": "Transport & Fuel"}
    corrected = house.patch(f"/api/documents/{first['document_id']}", said)
    assert corrected["path"] == "2024/Transport & Fuel/2024-03-14_Nordlicht_7.53-GBP.pdf"
    second = read_one(house, 2, 2)
    assert (second["data"]["vendor"], second["data"]["category"]) == ("Nordlicht", "Transport & Fuel")
    field = second["data"]["fields"]["vendor"]
    proof = f"learnt from document {first['document_id']}"
    assert (field["proof"], field["read_as"], field["text"]) == (proof, NAME, NAME)
    assert second["data"]["lessons"] == [1]
    assert (second["data"]["amount"], second["data"]["date"]) == (7.56, "2024-03-14")
    assert second["path"] == "2024/Transport & Fuel/2024-03-14_Nordlicht_7.56-GBP.pdf"
    house.patch(f"/api/documents/{second['document_id']}", {"vendor": "Nordlicht Ltd"})
    third = read_one(house, 3, 3)
    assert third["data"]["vendor"] == "Nordlicht Ltd"
    assert third["data"]["reasons"] == [
        "The vendor is uncertain: it is probably Nordlicht Ltd."
    ]  # two names were taught
    assert house.check().returncode == 0


def test_a_document_that_is_filed_as_it_was_read_teaches_until_the_ledger_is_lost_and_after(house: House) -> None:
    house.start()
    first = read_one(house, 3, 1, ambiguous(3, NAME))
    assert first["state"] == "review"
    assert house.post("/api/process", {"file_id": first["document_id"], "expense_data": {}})["state"] == "filed"
    second = read_one(house, 4, 2, ambiguous(4, "N0RDLIGHT C0FFEE"))
    assert (second["data"]["vendor"], second["data"]["date"]) == (NAME, "2024-02-04"), "the number tells the seller"
    assert second["state"] == "filed", second["data"]["reasons"]
    assert second["data"]["fields"]["date"]["proof"] == f"learnt from document {first['document_id']}"
    lessons = house.rows("SELECT * FROM lessons")
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    assert house.rows("SELECT * FROM lessons") == lessons
    assert house.rows("SELECT * FROM lessons_used") == [{"lesson": 1, "document": 2}]
    third = read_one(house, 5, 3, ambiguous(5, "NORDL1CHT COFF"))
    assert (third["data"]["vendor"], third["data"]["date"]) == (NAME, "2024-02-05")
    assert house.check().returncode == 0


def test_what_is_still_in_review_before_the_ledger_is_lost_can_teach_after(house: House) -> None:
    house.start()
    first = read_one(house, 3, 1, ambiguous(3, NAME))
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    said = {"vendor": "Nordlicht", "date": "2024-03-02"}
    assert house.post("/api/process", {"file_id": first["document_id"], "expense_data": said})["state"] == "filed"
    second = read_one(house, 4, 2, ambiguous(4, "N0RDLIGHT C0FFEE"))
    assert (second["data"]["vendor"], second["data"]["date"]) == ("Nordlicht", "2024-04-02")
