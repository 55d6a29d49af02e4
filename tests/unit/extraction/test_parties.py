from dataclasses import replace

import pytest
from tests.documents.readings import make_reading, make_rows

from expensed.extraction.page.lines import build_rows
from expensed.extraction.vendor.parties import find_parties, is_label, is_saluted


def of(party, *lines):
    rows = make_rows(*lines)
    members = getattr(find_parties(rows), party)
    return [cell.text for row in rows for cell in row.cells if id(cell) in members]


@pytest.mark.parametrize(
    "label",
    [
        "Bill To:",
        "Sold to",
        "Customer",
        "Rechnung an",
        "Lieferadresse",
        "Kunde:",
        "Facturé à :",
        "Destinataire",
        "Spett.le",
        "Datos del cliente",
        "Factuuradres",
        "Exmo.(s) Sr.(s)",
        "Nabywca:",
        "Odběratel",
        "購買方",
    ],
)
def test_what_stands_under_such_a_label_is_the_customer(label):
    assert "Example Customer" in of("customer", label, "Example Customer", "12 Mill Lane")


@pytest.mark.parametrize("label", ["From:", "Sold by", "Remit to", "Verkäufer", "Émetteur", "Fornitore", "Sprzedawca:"])
def test_what_stands_under_such_a_label_is_the_seller(label):
    assert "Fernbrook" in of("seller", label, "Fernbrook", "12 Mill Lane")


def test_two_labels_side_by_side_keep_their_columns_apart():
    lines = ("Seller | Buyer", "Fernbrook | Example Customer", "Mill Lane | High Street")
    assert of("seller", *lines) == ["Seller", "Fernbrook", "Mill Lane"]
    assert of("customer", *lines) == ["Buyer", "Example Customer", "High Street"]


def test_a_name_beside_its_label_belongs_to_it():
    assert "Example College" in of("customer", "Customer: | Example College", " | Park Road")


def test_a_gap_ends_the_block():
    assert "Fernbrook" not in of("customer", "Bill to", "Example Customer", "", "", "", "", "Fernbrook")


@pytest.mark.parametrize("line", ["Customer Copy", "Customer Service", "Kundenbeleg", "Client no. 7", "Guest check"])
def test_other_uses_of_the_word_are_no_label(line):
    assert of("customer", line, "Fernbrook") == []


def test_a_company_above_the_employee_addressed_is_the_customer():
    lines = ("Fernbrook Fotografie", "Rebweg 2", "Example Customer AG", "Frau Meier", "Bahnhofstr. 9")
    assert "Example Customer AG" in of("customer", *lines)


def test_persons_are_addressed_and_shops_are_not():
    assert is_saluted("Mrs Jane Doe")
    assert is_saluted("Herrn Max Muster")
    assert not is_saluted("Dr. Fern Dental Clinic")


def test_a_label_alone_is_told_from_one_with_a_name():
    assert is_label("Ship To:")
    assert not is_label("Sold by Fernbrook")


@pytest.mark.parametrize(("confidence", "is_label"), [(0.95, True), (0.5, False)])
def test_a_speck_that_was_read_as_a_short_label_is_none(confidence, is_label):
    reading = make_reading("To", "Fernbrook Ltd", "12 Mill Lane")
    (page,) = reading.pages
    label = replace(page.words[0], confidence=confidence)
    rows = build_rows(replace(reading, pages=(replace(page, words=(label, *page.words[1:])),)))
    assert bool(find_parties(rows).customer) == is_label
