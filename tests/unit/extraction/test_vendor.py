import pytest
from tests.documents.readings import make_rows

from expensed.extraction.names import LONGEST_NAME, is_name, tidy_name
from expensed.extraction.vendor import find_vendors


def vendor(*lines):
    found = find_vendors(make_rows(*lines))
    return found[0].value if found else None


def test_the_first_line_is_the_vendor_and_not_its_address():
    assert vendor("Blue Heron Cafe", "12 Mill Lane", "Tel: 555-0100", "TAX INVOICE") == "Blue Heron Cafe"


def test_a_title_and_a_greeting_are_no_vendor():
    assert vendor("TAX INVOICE", "Welcome to", "Fernbrook Stores", "Jalan 5, 50000 Kuala Lumpur") == "Fernbrook Stores"


def test_a_legal_form_beats_a_name_scribbled_on_top():
    assert vendor("jane doe", "FERNBROOK TRADING SDN BHD", "(123456-X)") == "FERNBROOK TRADING SDN BHD"


def test_a_name_goes_on_over_its_lines():
    assert vendor("FERNBROOK HARDWARE", "ENTERPRISE (NORTH", "HILL) SDN BHD", "No. 5") == (
        "FERNBROOK HARDWARE ENTERPRISE (NORTH HILL) SDN BHD"
    )


def test_a_legal_form_on_its_own_line_belongs_to_the_name():
    assert vendor("FERNBROOK BOOKSTORES", "SDN BHD", "GST No: 1") == "FERNBROOK BOOKSTORES SDN BHD"


def test_the_customer_is_not_the_vendor():
    assert vendor("Fernbrook Design", "48 Harbor Street", "Bill To:", "Example Customer Ltd", "Total | 5.00") == (
        "Fernbrook Design"
    )


def test_the_small_line_above_a_window_names_the_sender():
    lines = ("Fernbrook AG - Uferweg 40 - 63571 Gelnhausen", "Example Customer Ltd.", "Somewhere 5", "Rechnung")
    assert vendor(*lines) == "Fernbrook AG"


def test_a_name_that_the_web_address_repeats_wins():
    assert vendor("Hill Branch", "Fernbrook", "www.fernbrook.example") == "Fernbrook"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FERNBROOK SDN. BHD. (1135772-K)", "FERNBROOK SDN BHD"),
        ("FERNBROOK SDN BND", "FERNBROOK SDN BHD"),
        ("Sold By : Fernbrook Pvt. Ltd.", "Fernbrook Pvt. Ltd."),
        ("*** Fernbrook Invoice", "Fernbrook"),
        ("FERNBR0OK", "FERNBROOK"),
    ],
)
def test_names_are_tidied(text, name):
    assert tidy_name(text) == name


@pytest.mark.parametrize("text", ["Checkers Hypermarket", "Bonita", "Ordell", "Parlour Books", "Priceline", "Visage"])
def test_names_that_begin_like_other_words_are_names(text):
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["RECEIPT", "Tax Invoice", "Tel: 5550100", "12/03/2024", "Total 5.00", "W1B 5QH", "--"]
)
def test_other_lines_are_no_names(text):
    assert not is_name(text)


def test_a_hostile_name_is_cut_short():
    assert len(vendor("A" * 4_000, "B" * 119) or "") <= LONGEST_NAME


@pytest.mark.parametrize("text", ["Vervaldatum", "EURO/kg", "GOODS SOLD ARE NOT", "Date d'échéance", "Kein Umtausch"])
def test_labels_and_terms_of_sale_are_no_names(text):
    assert not is_name(text)
