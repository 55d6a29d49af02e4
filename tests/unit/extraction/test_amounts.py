from decimal import Decimal

import pytest
from tests.documents.readings import make_rows

from expensed.extraction.amount.choose_amount import find_amounts, find_tax


def amount(*lines):
    candidates = find_amounts(make_rows(*lines)).candidates
    return candidates[0].value if candidates else None


def proofs(*lines):
    found = find_amounts(make_rows(*lines))
    return {proof.kind: proof.sentence for proof in found.proofs[found.candidates[0].value]}


def test_the_total_beats_what_was_handed_over():
    assert amount("Tea | 3.00", "TOTAL | 3.00", "CASH | 50.00", "CHANGE | 47.00") == Decimal("3.00")


def test_cash_minus_change_proves_the_total():
    found = proofs("Tea | 3.00", "TOTAL | 3.00", "CASH | 50.00", "CHANGE | 47.00")
    assert found["change"] == "cash 50.00 − change 47.00"


def test_net_and_tax_prove_the_total():
    assert proofs("Subtotal | 44.13", "VAT 20% | 8.83", "Total | 52.96")["tax"] == "net 44.13 + tax 8.83"


def test_a_tax_on_services_is_one_of_the_taxes_that_prove_the_total():
    lines = ("Sub total | 885.00", "VAT @ 12.50% | 110.63", "Srv. Tax @ 4.90% | 43.37", "Cash | 1039.00")
    assert amount(*lines) == Decimal("1039.00")
    assert proofs(*lines)["tax"] == "net 885.00 + tax 110.63 + tax 43.37"


def test_what_is_charged_is_the_total_after_rounding_however_well_the_one_before_is_proven():
    lines = ("Sub Total | 412.05", "Service Tax (8%) | 32.96", "Total (Incl. SST) | 445.01", "Rounding | -0.01")
    candidates = find_amounts(make_rows(*lines, "Total Due | 445.00", "E-Wallet | 445.00")).candidates
    assert [each.value for each in candidates[:2]] == [Decimal("445.00"), Decimal("445.01")]
    assert candidates[0].is_agreed
    assert candidates[0].chance > 0.9


def test_a_net_and_no_tax_prove_a_total_of_the_same_size():
    lines = ("Design | 39.90", "Total excl. VAT | 39.90", "VAT 0% | 0.00", "Total amount | 39.90")
    assert proofs(*lines)["net"] == "net 39.90, no tax"
    assert "net" not in proofs(*lines[:2], lines[3])
    assert "net" not in proofs(*lines[:3], "VAT 5% | 2.00", lines[3])


def test_items_that_add_up_prove_the_total():
    assert "items" in proofs("Bread | 2.50", "Milk | 1.20", "Discount | -0.70", "Total | 3.00")


def test_the_rounded_total_is_what_was_charged():
    lines = ("Total | 72.93", "Rounding | 0.02", "Total after rounding | 72.95", "Cash | 73.00", "Change | 0.05")
    assert amount(*lines) == Decimal("72.95")


def test_the_total_of_a_tax_table_is_not_the_total():
    lines = ("Total Sales | 60.95", "Cash | 60.95", "GST Summary", "SR 6% | 57.50 | 3.45", "Total: | 57.50 | 3.45")
    assert amount(*lines) == Decimal("60.95")


def test_a_net_total_is_not_what_is_due():
    lines = ("Design | 160.00", "Balloons | 336.00", "Net total | 496.00", "VAT total | 75.04", "Due payable | 571.04")
    assert amount(*lines) == Decimal("571.04")


def test_an_older_balance_is_not_part_of_the_amount():
    lines = (
        "Subtotal | 100.00",
        "Sales tax | 10.00",
        "Total | 110.00",
        "Previous balance | 500.00",
        "Amount due | 610.00",
    )
    assert amount(*lines) == Decimal("110.00")


def test_whole_numbers_are_no_money_on_a_paper_that_writes_cents():
    lines = ("Tea | 3.00", "Cake | 4.50", "Tax | 0.50", "Total | 7.50", "Payable within 14 days")
    found = find_amounts(make_rows(*lines)).candidates
    assert Decimal(14) not in [candidate.value for candidate in found]


def test_a_total_in_another_currency_is_not_taken():
    assert amount("Total CHF | 32.40", "Mastercard | 32.40", "Total in EUR | 36.00") == Decimal("32.40")


def test_a_label_may_stand_over_its_amount():
    assert amount("Invoice 4711", "Amount due", "$123.45", "Rate $50.00") == Decimal("123.45")


def test_the_deposit_refund_is_negative():
    assert amount("LEERGUT | -0,25", "SUMME EUR | -0,25") == Decimal("-0.25")


@pytest.mark.parametrize("label", ["合計", "Total"])
def test_whole_amounts_count_where_a_total_is_labelled(label):
    assert amount("Latte 1 | 60", f"{label} | 95") == Decimal(95)


def test_a_letter_without_sums_has_no_amount():
    assert amount("Dear Sir or Madam,", "with kind regards") is None


def test_the_tax_is_found_beside_its_label():
    rows = make_rows("Net | 100.00", "VAT 19% | 19.00", "Total | 119.00")
    assert find_tax(find_amounts(rows)) == Decimal("19.00")


def test_items_prove_no_total_of_which_less_was_paid():
    lines = ("Tea | 3.00", "Cake | 5.00", "TOTAL | 8.00", "5t4ff | 1.00", "T0 pqy | 7.00")
    assert "items" in proofs(*lines)
    assert "items" not in proofs(*lines, "CARD | 7.00")


def test_a_label_is_known_whose_last_letter_and_another_are_misread():
    assert amount("לחם | 15.00", "פר הכל | 22.05", "מזומן | 50.00") == Decimal("22.05")
