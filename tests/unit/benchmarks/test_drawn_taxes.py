"""Drawn receipts of twelve countries print what they say, and what they say adds up; `benchmarks/drawn_taxes.py`."""

import random
import re
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from benchmarks.breakdown.labelled import judge
from benchmarks.drawn.receipt import Cell, Row
from benchmarks.drawn.taxes.layout import lay_out
from benchmarks.drawn.taxes.sample import draw_sample
from benchmarks.drawn.taxes.till import Till
from benchmarks.drawn.taxes.wording import COUNTRIES, load_wording
from benchmarks.drawn_taxes import Tally, truth_of
from msgspec import convert

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.breakdown import Item, TaxLine
from expensed.model.expense import Expense
from expensed.model.money import is_currency

each_country = pytest.mark.parametrize("code", COUNTRIES)
NUMBERS = range(30)
CENT = Decimal("0.01")
NUMBER = r"\d+(?:[.,']\d+| \d{3}(?!\d))*"


@cache
def samples(code):
    return [draw_sample(code, 7, number) for number in NUMBERS]


def digits(text):
    return re.sub(r"\D", "", str(text))


@each_country
def test_lines_taxes_and_rounding_add_up_to_the_total(code):
    for sample in samples(code):
        purchase = sample.bill.purchase
        added = 0 if purchase.is_included else sum(each.tax for each in purchase.taxes)
        assert sum(each.total for each in sample.bill.items) + added == purchase.total


@each_country
def test_each_tax_is_its_rate_of_its_net_to_a_cent_and_net_and_taxes_are_the_gross(code):
    for sample in samples(code):
        for tax in sample.bill.purchase.taxes:
            assert abs(tax.net * tax.rate / 100 - tax.tax) <= CENT
            others = [each.tax for each in sample.bill.purchase.taxes if each.tax_class == tax.tax_class]
            assert tax.gross in (tax.net + tax.tax, tax.net + sum(others))


@each_country
def test_every_figure_of_its_taxes_and_items_is_printed(code):
    for sample in samples(code):
        texts = [word.text for word in sample.reading().words]
        numbers = {digits(each) for text in texts for each in re.findall(NUMBER, text)}
        assert sample.taxes
        for tax in sample.taxes:
            for name in {"net", "tax", "gross"} & tax.keys():
                assert digits(f"{abs(tax[name]):.2f}") in numbers, (sample.name, name)
        assert {digits(f"{abs(each.total):.2f}") for each in sample.bill.items} <= numbers


@each_country
def test_the_rate_of_a_tax_is_printed_where_the_truth_has_it(code):
    for sample in samples(code):
        text = " ".join(word.text for word in sample.reading().words).replace(",", ".")
        for tax in sample.taxes:
            assert "rate" not in tax or f"{tax['rate'].normalize():f}" in text


@each_country
def test_several_layouts_are_drawn_and_no_placeholder_is_left(code):
    assert is_currency(load_wording(code).currency)
    drawn = samples(code)
    assert len({(*sorted(each.taxes[0]), len(each.taxes)) for each in drawn}) > 1
    for sample in drawn:
        assert not re.search(r"[{}|]", "".join(word.text for word in sample.reading().words))


@each_country
def test_the_amount_of_most_is_found_on_true_words(code):
    drawn = samples(code)[:10]
    options = ExtractionOptions(today=max(each.bill.at for each in drawn).date())
    found = [extract_expense(each.reading(), options).expense.amount for each in drawn]
    assert sum(one == each.bill.purchase.total for one, each in zip(found, drawn, strict=True)) >= 9


def test_the_same_number_draws_the_same_receipt():
    assert draw_sample("DE", 1, 5).bill.rows == draw_sample("DE", 1, 5).bill.rows
    assert draw_sample("DE", 1, 5).bill.rows != draw_sample("DE", 1, 6).bill.rows


def test_texts_of_a_row_do_not_touch():
    row = Row((Cell("A long description of something"), Cell("12", 0.5, "end"), Cell("1,234.50", 1, "end")))
    words = lay_out([row]).words
    assert all(one.box[2] < other.box[0] for one, other in pairwise(words))


def test_an_answer_that_says_all_is_whole():
    sample = draw_sample("PL", 1, 3)
    items = tuple(Item(quantity=each.quantity, total=each.total, kind=each.kind) for each in sample.bill.items)
    taxes = tuple(convert(each, TaxLine) for each in sample.taxes)
    answer = Expense(confidence=0, items=items, taxes=taxes)
    judged, tally = judge(truth_of(sample), answer), Tally()
    tally.add(judged, sample, answer)
    assert (tally.share("right", "taxes"), tally.share("whole", "papers")) == (100, 100)
    assert tally.share("items_right", "items") == 100


def test_the_marks_of_a_till_stay_those_of_its_rates():
    for number in NUMBERS:
        till = Till(load_wording("DE"), random.Random(number))
        bill = till.print()
        assert {each.tax_class for each in bill.purchase.taxes} <= {0, 1}
        assert till.mark_of(-1) == ""
