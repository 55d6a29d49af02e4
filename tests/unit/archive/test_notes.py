"""What the notes tell a person to do must actually work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from expensed.archive.notes import discard_note, duplicate_note, failure_note, review_note
from expensed.model.expense import Expense, list_lacking
from expensed.model.states import DiscardReason
from expensed.shown_commands import command


def test_a_complete_reading_is_filed_by_its_id_alone():
    note = review_note("1_a.pdf", "a.pdf", ["The date is not proven."], "Shop, 2024-01-01, 5 EUR, Other", [])
    assert f"If that is right, file it with:\n  {command()} file 1_a.pdf\n" in note


def test_what_was_read_is_said_before_what_is_doubtful():
    note = review_note("1_a.pdf", "a.pdf", ["The date is not proven."], "Shop, 2024-01-01, 5 EUR, Other", [])
    assert note.startswith(
        "a.pdf needs a review before it is filed.\nWhat was read: Shop, 2024-01-01, 5 EUR, Other\n\n- The date"
    )
    assert f"{command()} review" in note


def test_the_name_that_files_it_without_a_command_is_shown():
    name = "2024-01-01_Shop_5.00-EUR.pdf"
    note = review_note("1_a.pdf", "a.pdf", ["The date is not proven."], "Shop", [], full_name=name)
    assert f"rename it here to a name such as this one, with the right values, and it is filed:\n  {name}\n" in note


def test_what_is_missing_is_asked_for_and_nothing_else():
    note = review_note("1_a.pdf", "a.pdf", ["No currency was found."], "Shop, 2024-01-01, 5, Other", ["currency"])
    assert f"  {command()} file 1_a.pdf --currency EUR\n" in note
    assert "If that is right" not in note
    assert "--amount" not in note


def test_an_amount_of_nothing_has_to_be_said():
    expense = Expense(vendor="Shop", amount=Decimal(0), date=date(2024, 1, 1), currency=None, confidence=0)
    assert list_lacking(expense) == ["amount", "currency"]
    assert list_lacking(expense, ("amount",)) == ["currency"]
    assert list_lacking(None) == ["vendor", "amount", "date", "currency"]


def test_a_retry_is_offered_only_where_it_may_help():
    assert f"{command()} retry 1_a" in failure_note("1_a", "a", "It is broken.", "Scan it anew.", "corrupt")
    note = failure_note("1_a", "a.docx", "It is a Word file.", "Drop a PDF.", "unsupported-kind")
    assert "retry" not in note
    assert "If you no longer need it, for example because a repaired copy has been filed: " in note


def test_a_duplicate_names_the_first_by_what_does_not_change():
    assert f"{command()} show 1_a.pdf" in duplicate_note("b.pdf", "1_a.pdf", "2024/Other/x.pdf")


def test_a_suspected_duplicate_can_be_discarded_or_filed_all_the_same():
    reasons = ["It looks like the same expense as 1_a.pdf, filed as 2024/Other/x.pdf."]
    note = review_note("2_b.pdf", "b.pdf", reasons, "Shop, 2024-01-01, 5 EUR, Other", [], "1_a.pdf")
    assert f"  {command()} discard --duplicate-of 1_a.pdf 2_b.pdf\n" in note
    assert f"If it is another purchase, file it with:\n  {command()} file 2_b.pdf\n" in note
    assert "If that is right" not in note


def test_a_setting_in_a_reason_is_followed_by_the_command_that_judges_again():
    sentence = "Only '$' is printed; if that means USD to you, set extraction.default_currency to USD."
    note = review_note("1_a.pdf", "a.pdf", [sentence], "Shop, 2024-01-01, 5, Other", ["currency"])
    assert "changed extraction.default_currency and restarted the daemon" in note
    assert f"  {command()} reread 1_a.pdf\n" in note
    assert "reread" not in review_note("1_a.pdf", "a.pdf", ["The date is not proven."], "Shop", [])


def test_what_is_not_an_expense_can_be_discarded_and_put_back():
    assert f"  {command()} discard --not-an-expense 1_a.pdf\n" in review_note("1_a.pdf", "a.pdf", [], "nothing", [])
    note = discard_note("1_a.pdf", "a.pdf", DiscardReason.NOT_AN_EXPENSE, None)
    assert "is not an expense" in note
    assert f"{command()} discard --undo 1_a.pdf\n" in note
    assert "the same expense as 2_b.pdf" in discard_note("1_a.pdf", "a.pdf", DiscardReason.DUPLICATE, "2_b.pdf")


def test_what_was_cancelled_is_not_said_to_be_unreadable():
    note = failure_note("1_a", "a.pdf", "It was cancelled.", "Send POST /api/task/1/retry.", "cancelled")
    assert "could not be read" not in note
    assert "POST" not in note
    assert f"{command()} retry 1_a\n" in note
    assert f"To discard it: {command()} discard" in note
    assert "for good" not in note, "it can be put back"
