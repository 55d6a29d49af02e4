from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.exports.formats import FORMATS
from expensed.exports.spreadsheet_csv import COLUMNS, FORMULA
from expensed.exports.writer import Opened, Wishes
from expensed.model.json_text import decode
from expensed.model.money import write_amount
from expensed.model.states import DocumentState
from expensed.report.answers import DocumentRow
from expensed.web.schema.requests import ExportQuery

ROW = {
    "document_id": "20240115_120000_invoice.pdf", "file": "invoice.pdf", "state": "filed", "vendor": "Adobe Systems",
    "amount": 52.99, "date": "2024-01-15", "category": "Software & Services", "confidence": 92, "currency": "USD",
    "kind": "invoice", "description": "Monthly subscription", "tax": None, "invoice_number": "INV-1",
    "needs_review": False, "reasons": [], "path": "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf",
    "error": None, "legal_name": None, "legal_form": None, "amount_due": None, "payment_method": None, "due_date": None,
    "created_at": "2024-01-15T12:00:00.000Z", "updated_at": "2024-01-15T12:00:01.000Z",
}  # fmt: skip
"""A document as the daemon's list gives it."""


def document(**changes):
    return replace(decode(json.dumps(ROW), DocumentRow), **changes)


def write(kind, *documents, **wishes):
    return list(FORMATS[kind].begin(Wishes(**{"account": "Assets:Card"} | wishes)).write_all(documents))


def parse_sum(written: object) -> Decimal:
    """Parse a sum from JSON."""
    return decode(json.dumps(written), Decimal)


def read_csv(*documents):
    text = "\n".join(write("csv", *documents))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [(52.9, "USD", "52.90"), (1200, "JPY", "1200"), (3.5, "KWD", "3.500"), (-12.5, "EUR", "-12.50"), (5, None, "5.00"),
     (99999999999.99, "EUR", "99999999999.99"), (0.1 + 0.2, "EUR", "0.30000000000000004")],
)  # fmt: skip
def test_a_sum_is_written_with_the_decimals_of_its_currency(amount, currency, written):
    assert write_amount(parse_sum(amount), currency) == written
    (row,) = read_csv(document(amount=parse_sum(amount), currency=currency))
    assert row["amount"] == written


@given(st.integers(-(10**13), 10**13))
def test_every_amount_of_cents_is_exact(cents):
    written = f"{'-' * (cents < 0)}{abs(cents) // 100}.{abs(cents) % 100:02}"
    for amount in (decode(written, Decimal), parse_sum(json.loads(written))):
        assert int(write_amount(amount, "EUR").replace(".", "")) == cents


def test_csv_has_a_head_and_a_line_a_document():
    lines = write("csv", document())
    assert lines[0] == ",".join(COLUMNS)
    (row,) = read_csv(document())
    assert {name: row[name] for name in ("date", "vendor", "amount", "currency", "tax")} == {
        "date": "2024-01-15", "vendor": "Adobe Systems", "amount": "52.99", "currency": "USD", "tax": ""
    }  # fmt: skip


@given(st.text(max_size=30).filter(lambda text: not text.startswith(FORMULA)))
def test_any_name_survives_csv(vendor):
    (row,) = read_csv(document(vendor=vendor))
    assert row["vendor"] == vendor


@pytest.mark.parametrize("vendor", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_name_from_paper_is_no_formula(vendor):
    (row,) = read_csv(document(vendor=vendor, amount=Decimal(-5)))
    assert row["vendor"] == f"'{vendor}"
    assert row["amount"] == "-5.00"


def test_json_lines_are_the_rows():
    assert [json.loads(line) for line in write("jsonl", document(), document(vendor="é\n"))] == [
        ROW, ROW | {"vendor": "é\n"}
    ]  # fmt: skip


def test_an_entry_for_beancount():
    assert write("beancount", document())[1:] == [
        "2024-01-15 open Assets:Card",
        "2024-01-15 open Expenses:Software-Services",
        "",
        '2024-01-15 * "Adobe Systems" "Monthly subscription" ^20240115_120000_invoice.pdf',
        '  document: "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"',
        "  Expenses:Software-Services  52.99 USD",
        "  Assets:Card",
    ]


def test_an_account_is_opened_once_on_the_day_of_its_first_entry():
    rows = [document(), document(date=date(2024, 1, 20)), document(date=date(2024, 2, 1), category="Groceries")]

    def opened(which):
        return [line for line in write("beancount", *rows, opened=which) if " open " in line]

    categories = ["2024-01-15 open Expenses:Software-Services", "2024-02-01 open Expenses:Groceries"]
    assert opened(Opened.ALL) == ["2024-01-15 open Assets:Card", *categories]
    assert opened(Opened.CATEGORIES) == categories
    assert opened(Opened.NONE) == []


def test_paths_begin_with_the_folder_that_is_asked_for():
    assert '  document: "/srv/a/2024/x.pdf"' in write("beancount", document(path="2024/x.pdf"), folder="/srv/a")
    assert '  file: "invoice.pdf"' in write("beancount", document(path=None), folder="/srv/a")
    assert "    ; file: /srv/a/2024/x.pdf" in write("ledger", document(path="2024/x.pdf"), folder="/srv/a")


@pytest.mark.parametrize("kind", ["beancount", "ledger"])
def test_books_say_at_their_head_what_is_not_in_them(kind):
    left_out = {DocumentState.REVIEW: 10, DocumentState.FAILED: 2, DocumentState.READ: 1}
    assert write(kind, document(), left_out=left_out)[:2] == [
        "; Not here, because they are not filed: 1 read but not filed, 10 in review, 2 failed.", ""
    ]  # fmt: skip


def test_an_entry_for_ledger():
    assert write("ledger", document(), document(description=None)) == [
        "2024-01-15 * (20240115_120000_invoice.pdf) Adobe Systems",
        "    ; file: 2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf",
        "    ; Monthly subscription",
        "    Expenses:Software & Services  52.99 USD",
        "    Assets:Card",
        "",
        "2024-01-15 * (20240115_120000_invoice.pdf) Adobe Systems",
        "    ; file: 2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf",
        "    Expenses:Software & Services  52.99 USD",
        "    Assets:Card",
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_can_end_its_string_or_its_line(vendor, description):
    lines = write("beancount", document(vendor=vendor, description=description), opened=Opened.NONE)
    assert len(lines) == 5
    assert not any(set(line) & set("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029") for line in lines)
    assert re.fullmatch(r'2024-01-15 \* "([^"\\]|\\.)*" "([^"\\]|\\.)*" \^\S+', lines[1])
    (head, *_) = write("ledger", document(vendor=vendor))
    assert head.startswith("2024-01-15 * (20240115_120000_invoice.pdf) ")
    assert ";" not in head
    assert len(head.splitlines()) == 1


@pytest.mark.parametrize("lack", ["date", "amount", "currency"])
@pytest.mark.parametrize("kind", ["beancount", "ledger"])
def test_what_cannot_stand_in_books_is_a_comment(kind, lack):
    lines = [line for line in write(kind, document(**{lack: None, "file": "a\nb;c.pdf"})) if line]
    assert lines[-1] == f"; a b,c.pdf (20240115_120000_invoice.pdf) is left out: it has no {lack}"


@pytest.mark.parametrize(
    ("category", "account"),
    [("Meals & Entertainment", "Expenses:Meals-Entertainment"), (None, "Expenses:Other"), ("&", "Expenses:Other"),
     ("übrig: x", "Expenses:Übrig-x")],
)  # fmt: skip
def test_an_account_is_named_after_the_category(category, account):
    assert f"  {account}  52.99 USD" in write("beancount", document(category=category))


def test_every_format_can_be_asked_for_over_http():
    assert set(get_args(ExportQuery.model_fields["format"].annotation)) == set(FORMATS)
