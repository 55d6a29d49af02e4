from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.codes import write_epc, write_swiss

from expensed.codes.payment_code import is_account, parse_payment_code


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_an_epc_code_says_what_is_to_be_paid_to_whom(line):
    code = parse_payment_code(write_epc(line=line))
    assert code is not None
    assert (code.kind, code.creditor, code.currency, code.amount) == (
        "EPC payment code",
        "Northwind Cartography GmbH",
        "EUR",
        Decimal("1617.53"),
    )
    assert (code.account, code.reference) == ("DE02120300000000202051", "Invoice NC-2041")


def test_a_structured_reference_comes_before_a_message():
    code = parse_payment_code(write_epc(reference="RF18539007547034"))
    assert code is not None
    assert code.reference == "RF18539007547034"


def test_a_swiss_code_also_names_the_invoice_it_belongs_to():
    code = parse_payment_code(write_swiss())
    assert code is not None
    assert (code.kind, code.creditor, code.currency, code.amount) == (
        "Swiss QR-bill",
        "Huber Uhren AG",
        "CHF",
        Decimal("1949.75"),
    )
    assert code.reference == "210000000003139471430009017"
    assert (code.invoice_number, code.invoice_date) == ("HU-4711", date(2024, 3, 15))


@pytest.mark.parametrize(
    ("bill", "number", "day"),
    [
        (r"//S1/10/A\/7/11/240315", "A/7", date(2024, 3, 15)),
        ("//S1/10/X1", "X1", None),
        ("//S1/11/241399", None, None),
        ("//XY/10/A7", None, None),
        ("", None, None),
    ],
)
def test_billing_information_is_taken_as_far_as_it_goes(bill, number, day):
    code = parse_payment_code(write_swiss(bill=bill))
    assert code is not None
    assert (code.invoice_number, code.invoice_date) == (number, day)


@pytest.mark.parametrize("text", [write_epc(amount=""), write_swiss(amount="")])
def test_an_amount_may_be_left_to_the_payer(text):
    code = parse_payment_code(text)
    assert code is not None
    assert code.amount is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/BCD",
        "BCD",
        "SPC\n0200",
        write_epc(account="DE03120300000000202051"),
        write_epc(creditor=""),
        write_epc(amount="EUR1.617,53"),
        write_epc(amount="EUR0.00"),
        write_epc(amount="1617.53"),
        write_epc(amount="XYZ5.00"),
        write_swiss(account="CH4531999123000889012"),
        write_swiss(currency="USD"),
        write_swiss(amount="1'949.75"),
        write_swiss(amount="-5.00"),
        write_swiss(amount="1e5"),
    ],
)
def test_what_breaks_its_own_rules_is_no_payment_code(text):
    assert parse_payment_code(text) is None


@given(st.sampled_from(["BCD\n", "SPC\r\n", ""]), st.text(max_size=400))
def test_no_text_makes_it_fail(head, text):
    parse_payment_code(head + text)


@given(st.decimals(min_value="0.01", max_value="999999999.99", places=2))
def test_every_amount_comes_back(amount):
    epc, swiss = (
        parse_payment_code(write_epc(amount=f"EUR{amount}")),
        parse_payment_code(write_swiss(amount=f"{amount}")),
    )
    assert epc is not None
    assert swiss is not None
    assert epc.amount == swiss.amount == amount


def test_an_account_is_known_by_its_check_digits():
    assert is_account("GB82WEST12345698765432")
    assert not is_account("GB82WEST12345698765431")
    assert not is_account("GB82 WEST")
