"""What is doubtful, said as a tired person wants to read it: the value first, then the doubt, then what else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from expensed.extraction.doubts import describe_doubts, missing, read_twice, unconfirmed, vendor_doubt
from expensed.model.expense import Candidate, Evidence, Expense

BOX = (0.1, 0.1, 0.2, 0.2)
AMOUNT = Evidence(value="34.73", confidence=0.9)
DATE = Evidence(value="2024-01-05", confidence=0.6)
VENDOR = Evidence(value="Harbour Books", confidence=0.8)


def printed(value, confidence=0.05, text=None):
    return Candidate(value=value, confidence=confidence, page=1, box=BOX, text=text or f"Total {value}")


def expense(*reasons, candidates, **fields):
    known = {
        "amount": AMOUNT,
        "date": DATE,
        "vendor": VENDOR,
        "currency": Evidence(value="EUR", confidence=1.0),
    } | fields
    fields = {name: each for name, each in known.items() if each is not None}
    return Expense(
        vendor=VENDOR.value,
        amount=Decimal("34.73") if "amount" in fields else None,
        date=date(2024, 1, 5) if "date" in fields else None,
        currency="EUR", confidence=50, fields=fields, needs_review=True, reasons=reasons, candidates=candidates,
    )  # fmt: skip


def sentences(*reasons, candidates, **fields):
    return [each.sentence for each in describe_doubts(expense(*reasons, candidates=candidates, **fields))]


def test_a_probable_amount_is_named_before_its_doubt_and_what_else_is_printed():
    reason = unconfirmed("amount", AMOUNT, ("37.43",))
    assert sentences(reason, candidates={"amount": (printed("37.43"),)}) == [
        "34.73 EUR is probably right; no sum confirms it. Also on the paper: 37.43."
    ]


def test_a_guess_is_called_one_and_only_values_that_come_near_are_named():
    others = (printed("2024-05-01", 0.2), printed("2024-01-06", 0.1), printed("2019-01-01", 0.01))
    assert sentences(unconfirmed("date", DATE, ()), candidates={"date": others}) == [
        "The date may be 2024-01-05; nothing else confirms it. Also on the paper: 2024-05-01, 2024-01-06."
    ]


def test_a_value_that_was_reckoned_is_not_said_to_be_on_the_paper():
    others = (Candidate(value="41.33", confidence=0.05), printed("4.73", text="Total 34.73"))
    assert sentences(unconfirmed("amount", AMOUNT, ()), candidates={"amount": others}) == [
        "34.73 EUR is probably right; no sum confirms it. It might also be 41.33 or 4.73."
    ]


def test_what_is_missing_is_said_with_what_it_might_be():
    assert sentences(missing("amount"), candidates={"amount": (printed("5.00"), printed("6.00"))}, amount=None) == [
        "No amount was found. It might be 5.00 or 6.00."
    ]


def test_a_seller_is_called_so():
    assert sentences(vendor_doubt(VENDOR), candidates={"vendor": (printed("Atlas Ltd"),)}) == [
        "Harbour Books is probably the seller. Also on the paper: Atlas Ltd."
    ]


def test_two_looks_that_differ_are_not_said_again_if_both_values_are_named():
    other = Evidence(value="37.43", confidence=0.5)
    reasons = read_twice("amount", other, AMOUNT), unconfirmed("amount", AMOUNT, ())
    assert sentences(*reasons, candidates={"amount": (printed("37.43"),)}) == [
        "34.73 EUR is probably right; no sum confirms it. Also on the paper: 37.43."
    ]
    assert len(sentences(*reasons, candidates={"amount": (printed("30.00"),)})) == 2


def test_readings_that_a_setting_decides_between_are_named_once():
    setting = "It may be 5 January or 1 May: if the day always stands first (or never), set extraction.day_first."
    found = sentences(unconfirmed("date", DATE, ()), setting, candidates={"date": (printed("2024-05-01"),)})
    assert found == ["The date may be 2024-01-05; nothing else confirms it.", setting]


def test_a_doubt_about_no_field_stands_alone_although_all_have_candidates():
    candidates = {name: (printed("1"),) for name in ("amount", "date", "vendor")}
    assert sentences("It is longer than what is looked at.", candidates=candidates) == [
        "It is longer than what is looked at."
    ]


def test_an_expense_without_doubts_has_none_to_describe():
    assert (
        describe_doubts(Expense(confidence=0, amount=Decimal(1), vendor="A", date=date(2024, 1, 1), currency="EUR"))
        == ()
    )
