"""The taxes by rate that a fiscal code states: exact, with the rates as they were, and only of the code's own total."""

import base64
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.fiscal_codes import KIN, WRITERS, write_zatca
from tests.documents.readings import make_reading

from expensed.codes.fiscal.rates import rate_of
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Code

OPTIONS = ExtractionOptions(today=date(2026, 6, 1))
SIGNED = f"{'A' * 86}==;{'B' * 87}="


def taxes_of(text, *lines):
    reading = replace(make_reading("Example Shop", *lines), codes=(Code(text, 1, (0.1, 0.7, 0.4, 0.9), text.encode()),))
    return extract_expense(reading, OPTIONS).expense.taxes


def figures(taxes):
    return [tuple(map(str, (each.rate, each.net, each.tax, each.gross))) for each in taxes]


def tse(sums, paid, stamp, act="Beleg"):
    return (
        f"V0;KASSE-1;Kassenbeleg-V1;{act}^{sums}^{paid}:Bar;18;112;{stamp};{stamp};ecdsa-plain-SHA256;unixTime;{SIGNED}"
    )


def zatca(stamp, total, tax):
    return base64.b64encode(write_zatca("Palm Bakery", "310122393500003", stamp, total, tax)).decode()


@pytest.mark.parametrize("writer", [*WRITERS, *KIN], ids=lambda each: each.__name__.removeprefix("write_"))
def test_the_taxes_are_those_that_a_code_was_written_with(writer):
    for number in range(20):
        sample = writer(random.Random(number))
        total = [] if sample.total is None else [f"Total {sample.currency} | {sample.total}"]
        found = Counter((each.rate, each.net, each.tax, each.gross) for each in taxes_of(sample.text, *total))
        assert found == Counter(sample.taxes), sample.text


@pytest.mark.parametrize(
    ("stamp", "rates"),
    [
        ("2020-06-30T12:00:00.000Z", ["19", "7"]),
        ("2020-07-01T12:00:00.000Z", ["16", "5"]),
        ("2020-12-31T12:00:00.000Z", ["16", "5"]),
        ("2020-12-31T23:10:00.000Z", ["19", "7"]),
        ("2020-12-31T22:10:00.000Z", ["None", "None"]),
        ("2021-01-01T12:00:00.000Z", ["19", "7"]),
    ],
)
def test_german_rates_are_those_of_the_day_and_none_where_the_day_is_not_clear(stamp, rates):
    found = taxes_of(tse("11.60_10.50_0.00_0.00_0.00", "22.10", stamp), "Summe EUR | 22,10")
    assert [str(each.rate) for each in found] == rates
    assert all((each.net is None) is (each.rate is None) for each in found)
    assert [str(each.gross) for each in found] == ["11.60", "10.50"]


def test_net_and_tax_follow_from_a_german_gross_and_the_proof_says_how():
    (found,) = taxes_of(tse("11.60_0.00_0.00_0.00_0.00", "11.60", "2020-08-01T12:00:00.000Z"), "Summe EUR | 11,60")
    assert (found.net, found.tax, found.page) == (Decimal("10.00"), Decimal("1.60"), 1)
    assert found.proof == "German fiscal code: 16 % in 11.60"


def test_what_is_free_of_tax_and_what_farmers_sell_have_their_own_rates():
    text = tse("0.00_0.00_10.78_10.55_4.00", "25.33", "2025-03-01T12:00:00.000Z")
    assert figures(taxes_of(text, "Summe EUR | 25,33")) == [
        ("7.8", "10.00", "0.78", "10.78"),
        ("5.5", "10.00", "0.55", "10.55"),
        ("0", "4.00", "0.00", "4.00"),
    ]


def test_a_refund_gives_its_taxes_back():
    text = tse("-11.90_0.00_0.00_0.00_0.00", "-11.90", "2024-05-14T12:00:00.000Z")
    assert figures(taxes_of(text, "Summe EUR | -11,90")) == [("19", "-10.00", "-1.90", "-11.90")]


def test_a_code_of_another_receipt_or_of_no_purchase_states_no_taxes():
    stamp = "2024-05-14T12:00:00.000Z"
    training = tse("11.90_0.00_0.00_0.00_0.00", "11.90", stamp, act="AVTraining")
    assert taxes_of(training, "Summe EUR | 11,90") == ()
    reading = make_reading("Example Shop", "Summe EUR | 11,90")
    codes = tuple(
        Code(tse(f"{gross}_0.00_0.00_0.00_0.00", gross, stamp), 1, (0.1, 0.1, 0.2, 0.2)) for gross in ("11.90", "5.00")
    )
    assert extract_expense(replace(reading, codes=codes), OPTIONS).expense.taxes == ()


def test_portugal_taxes_its_islands_by_rates_of_their_own():
    def fatura(area, tax, day):
        return (
            f"A:500000000*B:999999990*C:PT*D:FT*E:N*F:{day}*G:FT A/12*H:CDF7T5HD-12*I1:{area}*I7:100.00*I8:{tax}"
            f"*M:1.00*N:{Decimal(tax) + 1}*O:{101 + Decimal(tax)}*Q:YhGV*R:9999"
        )

    cases = (
        ("PT", "23.00", "20240514", "23"),
        ("PT-AC", "18.00", "20210630", "18"),
        ("PT-AC", "16.00", "20210701", "16"),
        ("PT-MA", "22.00", "20240514", "22"),
        ("PT", "19.00", "20240514", "None"),
    )
    for area, tax, day, rate in cases:
        total = f"{101 + Decimal(tax)}".replace(".", ",")
        taxed, duty = taxes_of(fatura(area, tax, day), f"Total EUR | {total}")
        assert figures([taxed]) == [(rate, "100.00", tax, f"{100 + Decimal(tax)}")]
        assert (duty.name, duty.rate, str(duty.tax)) == ("Imposto do Selo", None, "1.00")


@pytest.mark.parametrize(
    ("stamp", "tax", "rate"),
    [
        ("2019-05-01T12:00:00", "5.00", "5"),
        ("2024-05-01T12:00:00", "13.70", "15"),
        ("2024-05-01T12:00:00", "5.00", "None"),
    ],
)
def test_a_saudi_code_has_a_rate_only_if_all_was_taxed_at_it(stamp, tax, rate):
    (found,) = taxes_of(zatca(stamp, "105.00", tax), "Total SAR | 105.00")
    assert figures([found]) == [(rate, f"{105 - Decimal(tax)}", tax, "105.00")]
    assert found.proof is not None
    assert found.proof.startswith("Saudi fiscal code")


def test_rates_are_known_only_from_their_first_day():
    assert rate_of("saudi_arabia", "general", [date(2017, 12, 31)]) is None
    assert rate_of("germany", "general", []) is None
