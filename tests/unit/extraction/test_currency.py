import pytest
from tests.documents.readings import make_rows

from expensed.extraction.amount.sums import find_sums
from expensed.extraction.category.choose_category import CATEGORIES, find_categories
from expensed.extraction.country.currency import find_currencies


def currency(*lines):
    rows = make_rows(*lines)
    found = find_currencies(rows, find_sums(rows))
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("Total | 12,00 €",), "EUR"),
        (("Total | £12.00",), "GBP"),
        (("Total RM | 12.00", "Fernbrook Sdn Bhd"), "MYR"),
        (("Austin, TX 78701", "Total | $12.00"), "USD"),
        (("Singapore 319515", "Fernbrook Pte Ltd", "Total | $12.00"), "SGD"),
        (("Total CHF | 12.00", "Total in EUR | 12.40", "CHE-123.456.789 MWST"), "CHF"),
        (("Stockholm, Sverige", "Total | 120,00 kr"), "SEK"),
        (("統一編號:12345678", "合計 | 200"), "TWD"),
    ],
)
def test_signs_codes_and_countries_tell_the_currency(lines, code):
    assert currency(*lines) == code


def test_no_clue_gives_no_currency():
    assert currency("Total | 12.00") is None


def test_the_vendor_and_the_goods_tell_the_category():
    rows = make_rows("Fernbrook Pharmacy", "Ibuprofen 400mg | 4.00")
    assert find_categories(rows, "Fernbrook Pharmacy", CATEGORIES)[0].value == "Health & Medical"


def test_only_allowed_categories_are_chosen():
    rows = make_rows("Fernbrook Pharmacy", "Coffee | 4.00")
    assert [found.value for found in find_categories(rows, None, ["Groceries"])] == []
