from __future__ import annotations

import pytest

from expensed.cli.http.wording import tell_hint, tell_message


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("expense_data.amount must be a number such as 52.99.", "--amount must be a number such as 52.99."),
        ("expense_data.vendor: String should have at most 200 characters.",
         "--vendor: String should have at most 200 characters."),
        ("expense_data.date is no day; expense_data.amount is large.", "--date is no day; --amount is large."),
        ("amount must be a number.", "--amount must be a number."),
        ("expense_data.items.2.total must be a number; taxes.0 says nothing.",
         "--item 3:total must be a number; --tax 1 says nothing."),
        ("items.11.total has more than the 2 decimals of EUR.",
         "--item 12:total has more than the 2 decimals of EUR."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_option(said, told):
    assert tell_message(said, "invalid") == told


def test_states_are_told_as_one_says_them():
    assert tell_message("a is review; b.", "not-failed") == "a is in review; b."
    assert tell_message("a is failed; b.", "is-failed") == "a has failed; b."


@pytest.mark.parametrize(
    "code", ["invalid", "not-found", "no-such-entry", "nothing-to-undo", "token", "cancelled", "ask-anew"]
)
def test_what_to_do_is_said_without_a_word_of_http(code):
    said = "Send the header `Authorization`, the body again, or GET /api/tasks."
    assert not {"header", "body", "GET", "/api"} & set(tell_hint(said, code, "file").replace(",", " ").split())


def test_other_advice_stays():
    assert tell_hint("Give the currency (over HTTP in `expense_data`).", "incomplete", "file") == "Give the currency."


def test_a_wrong_value_points_to_the_command_that_was_typed():
    assert "`expensed export --help`" in tell_hint("Correct the query and send it again.", "invalid", "export")
