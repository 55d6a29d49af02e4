import pytest

from expensed.extraction.vendor.legal_forms import (
    STRONG_LEGAL_FORM,
    find_legal_form,
    mend_legal_form,
    without_legal_form,
)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Fernbrook Trading Sdn. Bhd.", "Sdn Bhd"),
        ("Fernbrook S/B", "Sdn Bhd"),
        ("Fernbrook Werkzeuge GmbH & Co. KG", "GmbH & Co. KG"),
        ("Fernbrook Werkzeuge GmbH", "GmbH"),
        ("Jane Doe e.K.", "e.K."),
        ("Fernbrook AG", "AG"),
        ("Fernbrook S.p.A.", "S.p.A."),
        ("Fernbrook S.r.l.", "S.r.l."),
        ("Fernbrook SARL", "SARL"),
        ("Fernbrook, Lda", "Lda"),
        ("Fernbrook S.L.", "S.L."),
        ("Fernbrook B.V.", "B.V."),
        ("Fernbrook Sp. z o.o.", "Sp. z o.o."),
        ("Fernbrook s.r.o.", "s.r.o."),
        ("FERNBROOK, SPOL.S R.0.,FERNOVICE 67", "s.r.o."),
        ("Fernbrook spol. s r.o.", "s.r.o."),
        ("FERNBROOK D.0.O.", "d.o.o."),
        ("Fernbrook Pvt. Ltd.", "Pvt Ltd"),
        ("Fernbrook, Inc.", "Inc."),
        ("羊歯株式会社", "株式会社"),
        ("The Store", None),
        ("Agora Kgalagadi", None),
    ],
)
def test_the_legal_form_is_told(name, form):
    assert find_legal_form(name) == form


@pytest.mark.parametrize(
    ("misread", "right"),
    [
        ("FERNBROOK SON. BHO", "FERNBROOK SDN BHD"),
        ("FERNBROOK S[:IBHD", "FERNBROOK SDN BHD"),
        ("FERNBROOK SNBHD", "FERNBROOK SDN BHD"),
        ("Fernbrook san Bhd", "Fernbrook SDN BHD"),
        ("Santa Sebha Bend", "Santa Sebha Bend"),
        ("FERN MARTS/B", "FERN MART S/B"),
        ("Fernbrook GrnbH", "Fernbrook GmbH"),
        ("Sunburst Bakery", "Sunburst Bakery"),
    ],
)
def test_a_misread_legal_form_is_mended(misread, right):
    assert mend_legal_form(misread) == right


def test_what_is_left_without_it_is_the_name():
    assert without_legal_form("Fernbrook Werkzeuge GmbH & Co. KG") == "Fernbrook Werkzeuge"


def test_a_short_word_before_a_quotation_is_no_legal_form():
    assert not STRONG_LEGAL_FORM.search("рачун од „Ромашка“")
