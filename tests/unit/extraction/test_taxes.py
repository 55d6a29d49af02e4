"""Taxes by rate, as papers print them, and the sums that prove them."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import UNSET
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.taxes.rates import split
from expensed.model.breakdown import SumName

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
HEAD = ("Acme Ltd", "London EC1A 1BB", "14/03/2024 10:11")
GOODS = ("Tea | 5.00", "Cake | 5.00")


def extract(*lines):
    return extract_expense(make_reading(*HEAD, *lines), OPTIONS).expense


def taxes(expense):
    return [(each.rate, each.net, each.tax, each.gross) for each in expense.taxes]


def proof_of_tax(expense):
    return next((each.proof for each in expense.sums if each.name is SumName.TAX), None)


def test_a_tax_that_is_added():
    expense = extract(*GOODS, "Subtotal | 10.00", "Sales tax 8% | 0.80", "Total | 10.80")
    assert taxes(expense) == [(8, None, Decimal("0.80"), None)]
    assert expense.taxes[0].is_included is False
    assert proof_of_tax(expense) == "10.00 + tax 0.80 = 10.80"


def test_a_tax_that_the_prices_contain():
    expense = extract(*GOODS, "Total | 10.00", "VAT 20% included | 1.67")
    assert taxes(expense) == [(20, None, Decimal("1.67"), None)]
    assert expense.taxes[0].is_included is True
    assert proof_of_tax(expense) == "20 % in 10.00"


def test_a_table_of_rates():
    lines = (
        "Total | 12.00",
        "MwSt | Netto | Steuer | Brutto",
        "A 19% | 8.40 | 1.60 | 10.00",
        "B 7% | 1.87 | 0.13 | 2.00",
    )
    expense = extract("Wine | 10.00", "Bread | 2.00", *lines, "Summe | 10.27 | 1.73 | 12.00")
    assert taxes(expense) == [
        (19, Decimal("8.40"), Decimal("1.60"), Decimal("10.00")),
        (7, Decimal("1.87"), Decimal("0.13"), Decimal("2.00")),
    ]
    assert [each.mark for each in expense.taxes] == ["A", "B"]
    assert expense.tax == Decimal("1.73")


def test_two_taxes_of_a_province():
    lines = ("Subtotal | 100.00", "GST 5% | 5.00", "QST 9.975% | 9.98", "Total | 114.98")
    assert taxes(extract("Lamp | 100.00", *lines)) == [
        (5, None, Decimal("5.00"), None),
        (Decimal("9.975"), None, Decimal("9.98"), None),
    ]


def test_both_halves_of_one_size_are_two_taxes():
    lines = ("Subtotal | 200.00", "CGST 2.5% | 5.00", "SGST 2.5% | 5.00", "Total | 210.00")
    expense = extract("Thali | 200.00", *lines)
    assert [each.tax for each in expense.taxes] == [Decimal("5.00"), Decimal("5.00")]
    assert expense.tax == Decimal("10.00")


def test_the_same_tax_stated_twice_is_one():
    expense = extract(*GOODS, "Total | 10.00", "GST 6% | 0.57", "GST Summary | Amount | Tax", "SR 6% | 9.43 | 0.57")
    assert taxes(expense) == [(6, Decimal("9.43"), Decimal("0.57"), None)]


def test_what_is_free_of_tax_is_stated_as_such():
    lines = ("Total | 7.00", "Code | Net | GST", "G 10% | 2.00 | 0.20", "F 0% | 4.80 | 0.00")
    assert [(each.rate, each.tax) for each in extract("Cola | 2.20", "Bread | 4.80", *lines).taxes] == [
        (10, Decimal("0.20")),
        (0, Decimal("0.00")),
    ]


@pytest.mark.parametrize("printed", ["78", "7名", "796", "7t"])
def test_a_rate_whose_sign_was_misread_is_told_by_arithmetic(printed):
    expense = extract(*GOODS, "Subtotal | 10.00", f"GST {printed} | 0.70", "Total | 10.70")
    assert [each.tax for each in expense.taxes] == [Decimal("0.70")]
    assert expense.taxes[0].rate in (7, None)


def test_a_rate_that_fits_nothing_is_not_made_up():
    expense = extract(*GOODS, "Subtotal | 10.00", "GST 78 | 0.90", "Total | 10.90")
    assert expense.taxes[0].rate is None


def test_service_is_no_tax_even_with_a_rate():
    lines = ("Total (excl. SST) | 100.00", "Service charge 10% | 10.00", "SST 6% | 6.00", "Total | 116.00")
    assert [(each.rate, each.tax) for each in extract("Laksa | 100.00", *lines).taxes] == [(6, Decimal("6.00"))]


@pytest.mark.parametrize("lines", [("VAT 20% | 9.00", "Total | 10.00"), ("Tax | 7.50", "Total | 10.00")])
def test_a_tax_that_its_rate_or_the_total_contradicts_is_not_claimed(lines):
    assert extract(*GOODS, *lines).taxes == ()


def test_a_percentage_in_the_name_of_goods_is_no_tax():
    assert extract("Milk 3.5% | 2.00", "Juice 100% | 3.00", "Total | 5.00").taxes == ()


@pytest.mark.parametrize(
    ("values", "rate", "expected"),
    [
        (["100.00", "19.00", "119.00"], "19", ("100.00", "19.00", "119.00")),
        (["119.00", "19.00"], "19", (None, "19.00", "119.00")),
        (["100.00", "19.00"], "19", ("100.00", "19.00", None)),
        (["5.00", "0.00"], "0", ("5.00", "0.00", "5.00")),
        (["100.00", "119.00"], "19", ("100.00", "19.00", "119.00")),
    ],
)
def test_sums_of_a_line_are_told_apart_by_their_rate(values, rate, expected):
    found = split([Decimal(each) for each in values], Decimal(rate))
    assert found is not None
    wanted = tuple(None if each is None else Decimal(each) for each in expected)
    assert (found.net, found.tax, found.gross) == wanted


def test_sums_that_no_rate_ties_are_left():
    assert split([Decimal("100.00"), Decimal("18.00")], Decimal(19)) is None


def test_what_only_begins_like_a_tax_is_goods():
    expense = extract("Taxi fare | 10.00", "Hotel night | 90.00", "Total | 100.00")
    assert (expense.taxes, [each.description for each in expense.items]) == ((), ["Taxi fare", "Hotel night"])


def test_a_credit_printed_with_signs_has_them_everywhere():
    expense = extract("CREDIT NOTE", "Lamp | -60.00", "Net | -60.00", "VAT 20% | -12.00", "Total | -72.00")
    assert [(each.total, each.kind.value) for each in expense.items] == [(Decimal("-60.00"), "goods")]
    assert [each.tax for each in expense.taxes] == [Decimal("-12.00")]
    assert all(each.value < 0 for each in expense.sums)


MISREAD = [
    (("Subtotal | 10.00", "Sa1es Tox 8% | 0.80", "Total | 10.80"), [(8, "0.80")]),
    (("Total | 11.00", "Includes 10% G≤T | 1.00"), [(10, "1.00")]),
    (("Total | 11.00", "VA 10% inc1 | 1.00"), [(10, "1.00")]),
    (("Subtotal | 10.00", "HST 0 1586 | 1.50", "Total | 11.50"), [(15, "1.50")]),
    (("Total | 59.50", "B 1 9, 008 MvSt von 50.00 | 9.50"), [(19, "9.50")]),
    (("Total | 69.87", "TVA 20,008 | 1.57", "TVA 10,00号 | 5.50", "Total HT | 62.80"), [(20, "1.57"), (10, "5.50")]),
    (("Total | 59.02", "dont TVA 20% | 3 58", "dont TVA 10% | 341"), [(20, "3.58"), (10, "3.41")]),
    (("Total | 23.57", "Imponib11e 108 | 21.43", "Imposta 106 | 2.14"), [(10, "2.14")]),
    (("Subtotal | 77.63", "MEMBER SAVINGS | -7.63", "State 5% | 3.50", "Cty 1% | 0.70", "Total | 74.20"),
     [(5, "3.50"), (1, "0.70")]),
    (("Subtotal | 100.00", "State Tax | 6.00", "1.10", "Total | 107.10"), [(None, "6.00"), (None, "1.10")]),
    (("Subtotal | 880.00", "C.G,S.T 2.5t on 880.00 | 22.00", "S.G.S.T 2.51 on 880.00 | 22.00", "Total | 924.00"),
     [("2.5", "22.00"), ("2.5", "22.00")]),
    (("Total | 22.95", "B 10.0% Net 15.36 GST | 1.54", "A 0.08 Net 6.05 GST | 0.00"), [(10, "1.54"), (0, "0.00")]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), MISREAD, ids=[lines[1] for lines, _ in MISREAD])
def test_a_misread_tax_is_known_by_the_sums(lines, expected):
    expense = extract("Goods | 1.00", *lines)
    wanted = [(None if rate is None else Decimal(rate), Decimal(tax)) for rate, tax in expected]
    assert [(each.rate, each.tax) for each in expense.taxes] == wanted


def test_a_misread_digit_of_a_tax_is_mended_if_its_rate_and_the_total_agree():
    expense = extract("Drill | 481.15", "Subtotal | 481.15", "Sales Tax @ 10% | 46.12", "Total | 529.27")
    assert [(each.tax, each.read_as) for each in expense.taxes] == [(Decimal("48.12"), "46.12")]


def test_a_tax_that_fits_its_rate_is_not_mended():
    lines = ("Subtotal | 126.20", "HST 13% | 16.41", "Cash Rounding | 0.01", "Total | 142.60")
    expense = extract("Drill | 126.20", *lines)
    assert [each.tax for each in expense.taxes] == [Decimal("16.41")]
    assert proof_of_tax(expense) == "126.20 + tax 16.41 − rounding 0.01 = 142.60"


@pytest.mark.parametrize(
    "lines",
    [
        ("Subtotal | 10.00", "Bag | 0.80", "Total | 10.80"),
        ("Subtotal | 10.00", "Gas 8% | 0.50", "Total | 10.50"),
        ("Total | 10.00", "Tea 8% | 0.50"),
        ("Total | 10.00", "dont TVA 20% | 3 58"),
        ("Subtotal | 10.00", "0.80", "Total | 10.80"),
    ],
)
def test_what_only_looks_like_a_tax_is_none_if_no_sum_says_so(lines):
    assert extract(*GOODS, *lines).taxes == ()


def test_misread_names_of_indias_taxes_are_spelt_right():
    lines = ("Subtotal | 880.00", "C.G.5.T 2.5% | 22.00", "S.G.S.T 2.5% | 22.00", "Total | 924.00")
    assert [each.name for each in extract("Dal | 880.00", *lines).taxes] == ["CGST", "S.G.S.T"]


def test_two_taxes_of_one_size_lead_to_the_total_below_them():
    lines = ("Gross Amount | 1601.50", "CGST @ 2.5% | 40.04", "SGST @ 2.5% | 40.04", "Round Off | 0.42")
    expense = extract("Dal | 1000.50", "Naan | 601.00", *lines, "Net Amount | 1682.00")
    assert expense.amount == Decimal("1682.00")
    assert [each.tax for each in expense.taxes] == [Decimal("40.04"), Decimal("40.04")]


def test_a_misread_tax_of_a_table_is_mended_if_net_gross_and_rate_agree():
    lines = ("Total | 167.33", "Satz | Netto | MwSt | Brutto", "B= 19% | 115.03 | 21.85 | 136.89")
    expense = extract("Lamp | 167.33", *lines, "A= 7% | 28.45 | 1.99 | 30.44")
    assert [(each.tax, each.read_as) for each in expense.taxes] == [
        (Decimal("21.86"), "21.85"),
        (Decimal("1.99"), UNSET),
    ]


def test_a_net_with_a_misread_label_is_no_tax():
    lines = ("Summe | 55.87", "Netto 199 | 41.05", "MwSt 198 | 7.80", "Ne5to 78 | 6.56", "MwSt 78 | 0.46")
    assert taxes(extract("Schnitzel | 55.87", *lines)) == [
        (19, Decimal("41.05"), Decimal("7.80"), None),
        (7, Decimal("6.56"), Decimal("0.46"), None),
    ]


def test_a_rate_with_a_misread_digit_is_told_by_the_total():
    lines = ("Total TTC | 111.01", "TVA 20,90% | 2.76", "TVA 10,00% | 8.59", "Total HT | 99.66")
    assert [each.rate for each in extract("Menu | 111.01", *lines).taxes] == [20, 10]


GLUED = [
    (("Total | 53.15", "MwSt 8.1% von 6.85 | 0.51", "MvSt 2.6% von 46.30 | 117"), [("8.1", "0.51"), ("2.6", "1.17")]),
    (("Total | 38.91", "2.20.008 | 5.30 | 1.06 | 6.36", "3.13,008 | 28.81 | 3.74 | 32.55"),
     [("20", "1.06"), ("13", "3.74")]),
    (("Total | 18.98", "Visa | 18.98", "20.0% | 0.90 | 0.1s | 1.08", "5.5% | 16.97 | 0.93 | 17.90"),
     [("20", "0.18"), ("5.5", "0.93")]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), GLUED, ids=[lines[1] for lines, _ in GLUED])
def test_a_tax_that_is_glued_to_its_neighbours_is_read(lines, expected):
    found = [(each.rate, each.tax) for each in extract("Goods | 1.00", *lines).taxes]
    assert found == [(Decimal(rate), Decimal(tax)) for rate, tax in expected]


def test_the_second_half_of_indias_tax_is_mended_by_the_first():
    lines = ("Subtotal | 1460.50", "CGST 2.5% | 36.51", "SGST 2.5% | 38.51", "Total | 1533.52")
    expense = extract("Dal | 1460.50", *lines)
    found = [(each.tax, each.read_as) for each in expense.taxes]
    assert found == [(Decimal("36.51"), UNSET), (Decimal("36.51"), "38.51")]


MISREAD = [
    (("Total | 30.00", "Includes 90% GST | 1.15"), {None}),
    (("Total | 81.29", "TVA % | HT | TVA | TTC", "70.00 | 8.49 | 0.85 | 9.34"), {None, Decimal(10)}),
]


@pytest.mark.parametrize(("lines", "allowed"), MISREAD, ids=[lines[1] for lines, _ in MISREAD])
def test_no_rate_is_made_up_from_other_figures(lines, allowed):
    assert {each.rate for each in extract("Goods | 1.00", *lines).taxes} <= allowed


def test_a_tax_is_not_mended_if_the_net_was_misread():
    lines = ("Total | 16.76", "IVA | Base | Cuota | Total", "10,00% | 10.49 | 1.05 | 11.53")
    assert [each.tax for each in extract("Pan | 16.76", *lines).taxes] in ([], [Decimal("1.05")])


def test_a_total_is_not_proven_by_a_tax_without_a_point_that_only_nearly_leads_to_it():
    lines = ("Total | 32.18", "MWST 8.1% | 195", "MWST 2.6% | 0.15")
    expense = extract("Kaffee | 26.00", "Brot | 6.10", *lines)
    assert not any(each.proof for each in expense.sums if each.value == Decimal("32.18"))
