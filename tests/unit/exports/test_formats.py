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

from expensed.exports.formats import FORMATS, OF_ITEMS
from expensed.exports.spreadsheet_csv import COLUMNS, FORMULA, ITEM_COLUMNS
from expensed.exports.writer import Opened, Wishes
from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.json_text import decode
from expensed.model.money import write_amount
from expensed.model.states import DocumentState
from expensed.report.answers import ExportedDocument
from expensed.web.schema.requests import ExportQuery

ROW = {
    "document_id": "20240115_120000_invoice.pdf", "file": "invoice.pdf", "state": "filed", "vendor": "Adobe Systems",
    "amount": 52.99, "date": "2024-01-15", "category": "Software & Services", "confidence": 92, "currency": "USD",
    "kind": "invoice", "description": "Monthly subscription", "tax": None, "invoice_number": "INV-1",
    "needs_review": False, "reasons": [], "path": "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf",
    "error": None, "legal_name": None, "legal_form": None, "amount_due": None, "payment_method": None, "due_date": None,
    "payer": None, "project": None,
    "items": [], "taxes": [], "sums": [],
    "created_at": "2024-01-15T12:00:00.000Z", "updated_at": "2024-01-15T12:00:01.000Z",
}  # fmt: skip
"""A document as the daemon exports it."""


def document(**changes):
    return replace(decode(json.dumps(ROW), ExportedDocument), **changes)


def write(kind, *documents, **wishes):
    return list(FORMATS[kind].begin(Wishes(**{"account": "Assets:Card"} | wishes)).write_all(documents))


def parse_sum(written: object) -> Decimal:
    """Parse a sum from JSON."""
    return decode(json.dumps(written), Decimal)


def read_csv(*documents, **wishes):
    text = "\n".join(write("csv", *documents, **wishes))
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


@pytest.mark.parametrize(
    ("category", "account"),
    [("Software & Services", "Software-Services"), ("x²: _y", "X-y"), ("買い物", "Category-買い物"), ("%", "Other"),
     ("2. Wohnung", "2-Wohnung"), ("éclair", "Éclair"), ("e\u0301clair", "Éclair")],
)  # fmt: skip
def test_a_category_of_any_name_has_an_account_that_beancount_takes(category, account):
    assert f"  Expenses:{account}  52.99 USD" in write("beancount", document(category=category))


def test_payer_and_project_are_columns_and_metadata():
    shown = document(payer='Anna "A"', project="Roof; [1] x:: 2")
    (row,) = read_csv(shown)
    assert (row["payer"], row["project"]) == ('Anna "A"', "Roof; [1] x:: 2")
    assert {'  payer: "Anna \\"A\\""', '  project: "Roof; [1] x:: 2"'} <= {*write("beancount", shown)}
    assert {'    ; payer: Anna "A"', "    ; project: Roof, (1] x: 2"} <= {*write("ledger", shown)}
    assert not any("payer" in line for kind in ("beancount", "ledger") for line in write(kind, document()))


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


RATES = tuple(map(Decimal, ("5.5", "19")))
TAXES = (TaxLine(rate=Decimal("19.00"), net=Decimal(10), tax=Decimal("1.9")), TaxLine(rate=Decimal(3), tax=Decimal(1)))


def test_csv_has_columns_for_each_rate_of_tax():
    rows = read_csv(
        document(taxes=TAXES), document(tax=Decimal("2.5")), document(taxes=(*TAXES[:1], *TAXES[:1])), document(),
        rates=RATES,
    )  # fmt: skip
    names = ["tax 5.5 %", "net 5.5 %", "tax 19 %", "net 19 %", "tax other", "net other"]
    assert list(rows[0])[len(COLUMNS) :] == names
    assert [[row[name] for name in names] for row in rows] == [
        ["", "", "1.90", "10.00", "1.00", ""],
        ["", "", "", "", "2.50", ""],
        ["", "", "3.80", "20.00", "", ""],
        [""] * 6,
    ]


def test_a_sum_of_which_a_part_is_unknown_is_unknown():
    lines = (TaxLine(rate=Decimal(19), tax=Decimal(1)), TaxLine(rate=Decimal(19), net=Decimal(5)))
    (row,) = read_csv(document(taxes=lines), rates=RATES)
    assert row["tax 19 %"] == row["net 19 %"] == ""


def write_items(*documents):
    text = "\n".join(OF_ITEMS.begin(Wishes()).write_all(documents))
    return list(csv.DictReader(io.StringIO(text, newline="")))


DRILL = Item(
    description="Drill", quantity=Decimal("-2"), unit="pcs", unit_price=Decimal("3.5"), discount=Decimal("-0.5"),
    total=Decimal("-7.5"), tax_rate=Decimal("19.0"), tax_mark="A", category="Tools", proof="-2 x 3.50 - 0.50",
)  # fmt: skip


def test_the_csv_of_items_has_a_line_an_item():
    fee = Item(kind=ItemKind.FEE, total=Decimal(1))
    rows = write_items(document(items=(DRILL, fee)), document(), document(currency="JPY", items=(fee,)))
    told = {"date": "2024-01-15", "vendor": "Adobe Systems", "document_id": "20240115_120000_invoice.pdf"}
    empty = dict.fromkeys(ITEM_COLUMNS, "")
    assert rows[0] == told | {
        "currency": "USD", "item": "1", "kind": "goods", "description": "Drill", "quantity": "-2", "unit": "pcs",
        "unit_price": "3.50", "discount": "-0.50", "total": "-7.50", "tax_rate": "19.0", "tax_mark": "A",
        "category": "Tools", "proof": "'-2 x 3.50 - 0.50",
    }  # fmt: skip
    assert rows[1] == empty | told | {
        "currency": "USD", "item": "2", "kind": "fee", "total": "1.00", "category": "Software & Services"
    }  # fmt: skip
    assert [row["total"] for row in rows[2:]] == ["1"]


@pytest.mark.parametrize("text", ["=1+1", "@x", "\t=1", "\n=1", "＝1", "-1+1", "+1"])
def test_no_word_of_an_item_is_a_formula(text):
    hostile = Item(description=text, unit=text, tax_mark=text, category=text, proof=text)
    (row,) = write_items(document(vendor=text, items=(hostile,)))
    for name in ("vendor", "description", "unit", "tax_mark", "category", "proof"):
        assert row[name] == f"'{text}"


@given(st.text(max_size=30).filter(lambda text: not text.startswith(FORMULA)))
def test_any_description_survives_the_csv_of_items(text):
    (row,) = write_items(document(items=(Item(description=text),)))
    assert row["description"] == text


def test_json_lines_hold_all_that_an_expense_is_made_of():
    total = CheckedSum(name=SumName.TOTAL, value=Decimal("52.99"), proof="1 item adds up to 52.99")
    told = document(items=(DRILL,), taxes=TAXES, sums=(total,))
    (line,) = write("jsonl", told)
    assert decode(line, ExportedDocument) == told
    assert json.loads(line)["items"][0]["description"] == "Drill"


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


DIVIDED = {"amount": Decimal("11.9"), "tax": None, "taxes": TAXES[:1], "category": "Tools"}
PARTS = (Item(total=Decimal("5.95")), Item(total=Decimal("5.95"), category="Meals & Entertainment"))


def test_an_entry_for_beancount_that_is_divided():
    told = document(**DIVIDED, items=PARTS)
    assert write("beancount", told, tax_account="Assets:VAT:{rate}", splits_items=True)[1:] == [
        "2024-01-15 open Assets:Card",
        "2024-01-15 open Expenses:Tools",
        "2024-01-15 open Expenses:Meals-Entertainment",
        "2024-01-15 open Assets:VAT:19",
        "",
        '2024-01-15 * "Adobe Systems" "Monthly subscription" ^20240115_120000_invoice.pdf',
        '  document: "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"',
        "  Expenses:Tools  5.00 USD",
        "  Expenses:Meals-Entertainment  5.00 USD",
        "  Assets:VAT:19  1.90 USD  ; 19 %",
        "  Assets:Card",
    ]


def test_an_entry_for_ledger_that_is_divided():
    told = document(**DIVIDED, items=PARTS, description=None)
    assert write("ledger", told, tax_account="Assets:VAT", splits_items=True)[2:] == [
        "    Expenses:Tools  5.00 USD",
        "    Expenses:Meals & Entertainment  5.00 USD",
        "    Assets:VAT  1.90 USD  ; 19 %",
        "    Assets:Card",
    ]


@pytest.mark.parametrize("kind", ["beancount", "ledger"])
def test_an_entry_says_why_it_is_not_divided(kind):
    lines = write(kind, document(**DIVIDED, items=PARTS[:1] + PARTS), tax_account="Assets:VAT", splits_items=True)
    assert [line.strip() for line in lines if "not split" in line] == [
        "; not split by item: its items add up to 17.85, not to 11.90"
    ]
    assert [line.split()[1:3] for line in lines if "Expenses:" in line and "open" not in line] == [["10.00", "USD"]]


@pytest.mark.parametrize(("rate", "account"), [("5.5", "Assets:VAT:5-5"), (None, "Assets:VAT:Other")])
def test_the_account_of_a_tax_is_one_that_beancount_takes(rate, account):
    line = TaxLine(rate=None if rate is None else Decimal(rate), tax=Decimal(1))
    lines = write("beancount", document(taxes=(line,)), tax_account="Assets:VAT:{rate}")
    assert any(each.startswith(f"  {account}  1.00 USD") for each in lines)


def test_the_account_of_a_tax_is_not_opened_with_those_of_categories():
    lines = write("beancount", document(**DIVIDED), tax_account="Assets:VAT", opened=Opened.CATEGORIES)
    assert [line for line in lines if " open " in line] == ["2024-01-15 open Expenses:Tools"]


@pytest.mark.parametrize(
    ("text", "written"),
    [("scan [1].pdf", "scan (1].pdf"), ("a:: b", "a: b"), ("[x] [=1]", "[x] (=1]")],
)  # fmt: skip
def test_no_words_are_a_date_or_a_formula_for_ledger(text, written):
    lines = write("ledger", document(description=text, path=None, file=text))
    assert lines[1:3] == [f"    ; file: {written}", f"    ; {written}"]


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
