from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.extraction.amount.numerals import find_money

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999.99"), places=2)


def values(line):
    return [money.value for money in find_money(line)]


def grouped(amount, thousands, mark):
    return f"{amount:,.2f}".replace(",", "T").replace(".", mark).replace("T", thousands)


@given(AMOUNTS, st.sampled_from([(",", "."), (".", ","), ("'", "."), ("", "."), ("", ",")]))
def test_every_usual_style_gives_the_same_value(amount, style):
    assert values(f"Total {grouped(amount, *style)}") == [amount]


@given(AMOUNTS, st.sampled_from(["€", "$", "£", "RM", "CHF ", "EUR ", "US$"]))
def test_a_currency_sign_may_stand_before(amount, sign):
    (money,) = find_money(f"Total: {sign}{amount}")
    assert money.value == amount
    assert money.sign is not None


@pytest.mark.parametrize(
    ("line", "value", "sign"),
    [
        ("29,99 €", "29.99", "EUR"),
        ("12.40EUR", "12.40", "EUR"),
        ("1 479,85 €", "1479.85", "EUR"),
        ("Fr. 47.90", "47.90", "CHF"),
        ("CHF 12.-", "12", "CHF"),
        ("NT$95", "95", "TWD"),
        ("7,08,000.00", "708000.00", None),
        ("12. 19", "12.19", None),
        ("16-00", "16.00", None),
        ("O.60", "0.60", None),
        ("25.40 S", "25.40", None),
        ("GST:RM76.30", "76.30", "MYR"),
    ],
)
def test_styles_from_many_countries_and_slips_of_the_engine(line, value, sign):
    (money,) = find_money(line)
    assert (money.value, money.sign) == (Decimal(value), sign)


@pytest.mark.parametrize("line", ["-12.34", "12.34-", "(12.34)", "$-12.34", "-$12.34", "− 12.34"])
def test_negative_amounts_in_all_their_forms(line):
    assert values(line) == [Decimal("-12.34")]


def test_a_dash_between_words_and_amount_is_no_minus():
    assert values("Total - 5.00") == [Decimal("5.00")]


@pytest.mark.parametrize("line", ["6.00 %", "500 ml", "0.455 kg", "2 x 3", "abc", "1.2.3.4"])
def test_rates_weights_and_counts_are_no_money(line):
    assert all(not money.exact for money in find_money(line))


@given(st.text(max_size=800))
def test_no_text_makes_it_fail(line):
    for money in find_money(line):
        assert 0 <= money.start < money.end


@pytest.mark.parametrize("piece", ["1", "1,", "1 ", "RM", "$-", "1.1", "(", "1'234", "9,99 ", "-", "S.0O"])
def test_long_hostile_lines_take_no_time(piece):
    assert len(find_money(piece * 100_000)) < 1_000


@pytest.mark.parametrize(
    ("line", "value", "sign"),
    [
        ("15.650 د.ا", "15.650", "د.ا"),
        ("BHD 4.730", "4.730", "BHD"),
        ("Gs. 33.500", "33500", "PYG"),
        ("60.000đ", "60000", "VND"),
        ("R318.00", "318.00", "R"),
        ("kn 290,00", "290.00", "HRK"),
    ],
)
def test_signs_tell_what_three_figures_after_a_point_are(line, value, sign):
    (money,) = find_money(line)
    assert (str(money.value), money.sign) == (value, sign)


@pytest.mark.parametrize("line", ["SVC 1.50", "ALL 5.00", "Sdn Bhd 123456", "r 12.00", "P 12", "37.95R"])
def test_words_and_letters_that_look_like_currencies_are_none(line):
    assert [money.sign for money in find_money(line)] == [None]
