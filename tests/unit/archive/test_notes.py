"""What the notes tell a person to do must actually work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from expensed.archive.notes import duplicate_note, failure_note, review_note
from expensed.model.expense import Expense, list_lacking
from expensed.shown_commands import command


def test_a_complete_reading_is_filed_by_its_id_alone():
    note = review_note("1_a.pdf", "a.pdf", ["The date is not proven."], "Shop, 2024-01-01, 5 EUR, Other", [])
    assert f"If that is right, file it with:\n  {command()} file 1_a.pdf\n" in note


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
    assert "retry" not in failure_note("1_a", "a.docx", "It is a Word file.", "Drop a PDF.", "unsupported-kind")


def test_a_duplicate_names_the_first_by_what_does_not_change():
    assert f"{command()} show 1_a.pdf" in duplicate_note("b.pdf", "1_a.pdf", "2024/Other/x.pdf")
