import pytest

from expensed.extraction.date.labels import date_role_of, unknown_label


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Rechnungsdatum:", "issued"),
        ("Rechnung Nr. 4711 vom", "issued"),
        ("Tax point:", "issued"),
        ("This bill", "issued"),
        ("Rechnungsdalum", "issued"),
        ("Date  : ", "dated"),
        ("BIZDATE:", "dated"),
        ("Order time: 10:11 Date :", "dated"),
        ("Please come again! Date:", "dated"),
        ("Druckdatum", "related"),
        ("Bestellung vom", "related"),
        ("Bon de commande n° 4711 du", "related"),
        ("Invoice due date", "due"),
        ("Termin płatności", "due"),
        ("Gegründet", "other"),
        ("MHD", "other"),
        ("Concert:", "other"),
        ("Fecha de nacimiento", "other"),
        ("Previous bill", "other"),
        ("Printed By: Ann B  ", "dated"),
        ("Till 3", "none"),
        ("Kiosk", "none"),
    ],
)
def test_the_words_nearest_to_the_date_tell_what_it_is(label, role):
    assert date_role_of(label) == role


@pytest.mark.parametrize(
    ("before", "label"), [("Weinlese: ", "Weinlese"), ("Data założenia firmy: ", "Data założenia firmy")]
)
def test_a_label_that_is_not_known_is_named(before, label):
    assert unknown_label(before) == label


@pytest.mark.parametrize("before", ["Date: ", "Cashier: ", "Dete: ", "Invoice date: ", "Order ", ""])
def test_a_known_or_misread_label_is_not(before):
    assert unknown_label(before) is None
