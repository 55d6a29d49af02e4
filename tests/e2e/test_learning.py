"""A correction teaches: the next receipt of the same vendor shows it."""

from __future__ import annotations

from typing import Any

from tests.e2e import papers
from tests.e2e.house import House


def read_one(house: House, number: int, count: int) -> dict[str, Any]:
    """Drop the n-th receipt of one vendor; return everything known about it once it is at rest."""
    house.drop(f"{number}.pdf", papers.pdf(papers.receipt_lines(number, "NORDLICHT COFFEE")))
    house.wait_quiet(count)
    (listed,) = house.get(f"/api/documents?q={number}.pdf")["documents"]
    document = house.get(f"/api/documents/{listed['document_id']}")
    assert document["state"] in ("filed", "review"), document
    return document


def test_the_next_receipt_of_a_vendor_shows_what_was_corrected(house: House) -> None:
    house.start()
    first = read_one(house, 1, 1)
    assert first["data"]["vendor"] == "NORDLICHT COFFEE"
    said = {"vendor": "Nordlicht", "category": "Transport & Fuel"}
    corrected = house.patch(f"/api/documents/{first['document_id']}", said)
    assert corrected["path"] == "2024/Transport & Fuel/2024-03-14_Nordlicht_7.53-GBP.pdf"
    second = read_one(house, 2, 2)
    assert (second["data"]["vendor"], second["data"]["category"]) == ("Nordlicht", "Transport & Fuel")
    field = second["data"]["fields"]["vendor"]
    assert (field["proof"], field["read_as"], field["text"]) == (
        "learnt from a correction", "NORDLICHT COFFEE", "NORDLICHT COFFEE"
    )  # fmt: skip
    assert (second["data"]["amount"], second["data"]["date"]) == (7.56, "2024-03-14")
    assert second["path"] == "2024/Transport & Fuel/2024-03-14_Nordlicht_7.56-GBP.pdf"
    house.patch(f"/api/documents/{second['document_id']}", {"vendor": "Nordlicht Ltd"})
    third = read_one(house, 3, 3)
    assert third["data"]["vendor"] == "Nordlicht Ltd"
    assert third["data"]["reasons"] == [
        "The vendor is uncertain: it is probably Nordlicht Ltd."
    ]  # two names were taught
    assert house.check().returncode == 0
