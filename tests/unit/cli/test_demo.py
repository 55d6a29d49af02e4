from __future__ import annotations

import datetime as dt
from decimal import Decimal

from expensed.cli.commands.demo import Verdict, lay_out
from expensed.reading.demo_papers import Sample

SAMPLE = Sample("a.jpg", b"", "Nordlicht GmbH", dt.date(2024, 3, 17), Decimal("13.00"), "EUR")
DATA = {
    "vendor": "NORDLICHT GmbH",
    "date": "2024-03-17",
    "amount": 13,
    "currency": "EUR",
    "fields": {"amount": {"value": "13.00"}},
}


def verdict(**changes):
    return Verdict(SAMPLE, {"state": "SUCCESS", "result": {"path": "2024/a.jpg", "data": {**DATA, **changes}}})


def test_a_sample_read_as_it_was_drawn_has_no_mistakes():
    assert list(verdict().mistakes()) == []


def test_every_field_that_was_read_otherwise_is_named():
    assert list(verdict(amount=13.01, date=None).mistakes()) == [
        "a.jpg: the date should be 2024-03-17, and was read as None.",
        "a.jpg: the amount should be 13.00, and was read as 13.01.",
    ]


def test_a_sample_that_failed_is_all_mistakes_and_says_why():
    failed = Verdict(SAMPLE, {"state": "FAILURE", "error": "The file is broken."})
    assert len(list(failed.mistakes())) == 4
    assert lay_out([failed], 200)[1].endswith("The file is broken.")


def test_the_table_is_narrow_where_the_terminal_is():
    assert lay_out([verdict()], 80) == [
        "File   Vendor          Date           Amount  Filed as",
        "a.jpg  NORDLICHT GmbH  2024-03-17  13.00 EUR  2024/a.jpg",
    ]
    assert lay_out([verdict()], 50)[2:] == ["a.jpg  NORDLICHT GmbH  2024-03-17  13.00 EUR", "    2024/a.jpg"]
