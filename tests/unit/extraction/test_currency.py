import pytest
from tests.documents.readings import make_rows

from expensed.extraction.amount.sums import find_sums
from expensed.extraction.category.choose_category import CATEGORIES, find_categories
from expensed.extraction.country.currency import only_supported, weigh_currencies


def find_currencies(rows, sums, default=""):
    return only_supported(weigh_currencies(rows, sums, default), default)


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
        (("Chuo-ku, Tokyo", "Total | ¥1,650"), "JPY"),
        (("Manama, Bahrain", "Total BHD | 4.730"), "BHD"),
        (("Muttrah, Muscat", "Total OMR | 12.500"), "OMR"),
        (("Amman, Jordan", "Total JOD | 52.490"), "JOD"),
        (("Asunción, Paraguay", "Total | Gs. 33.500"), "PYG"),
        (("Hà Nội", "Tổng cộng | 60.000 đ"), "VND"),
        (("المجموع | 15.650 د.ا", "شاي | 2.150 د.ا", "خبز | 13.500 د.ا"), "JOD"),
        (("Jalan 5", "Summary | Amount (RM)", "Total | 12.00"), "MYR"),
        (("Jalan 5", "All amounts are in RM.", "Total | 12.00"), "MYR"),
        (("Sandton, Johannesburg", "Total | R318.00"), "ZAR"),
        (("Zagreb, OIB 12345678903", "19.09.2014", "Ukupno | 290,00"), "HRK"),
        (("Zagreb, OIB 12345678903", "19.09.2024", "Ukupno | 290,00"), "EUR"),
        (("Auckland", "GST No 126-924-976", "Total | $12.00"), "NZD"),
        (("Vancouver BC", "GST 5% | 0.60", "Total | $12.60"), "CAD"),
    ],
)
def test_signs_codes_and_countries_tell_the_currency(lines, code):
    assert currency(*lines) == code


def test_a_company_is_no_money_of_bahrain():
    assert currency("Fernbrook Sdn Bhd 123456", "Total | 12.00") != "BHD"


def test_a_sign_that_several_share_is_no_proof_while_no_country_is_known():
    rows = make_rows("Harbour Cafe", "Total | $12.00")
    best = find_currencies(rows, find_sums(rows))[0]
    assert best.proof is None
    assert best.features["unsettled"]


def test_a_state_with_its_zip_code_proves_the_dollar():
    rows = make_rows("Harbour Cafe", "Seattle, WA 98121", "Total | $12.00")
    best = find_currencies(rows, find_sums(rows))[0]
    assert (best.value, best.proof) == ("USD", "America: WA 98121, seattle, Seattle, WA")


def test_the_users_own_currency_settles_a_shared_sign_but_not_against_the_country():
    for lines, code in ((("Harbour Cafe",), "CAD"), (("Seattle, WA 98121", "(206) 555-0142"), "USD")):
        rows = make_rows(*lines, "Total | $12.00")
        assert find_currencies(rows, find_sums(rows), "CAD")[0].value == code


def test_another_currency_beside_an_amount_leaves_no_proof():
    rows = make_rows("Düzce, Türkiye", "VKN 1234567890", "KDV %20", "Toplam | 1.200,00 TL", "Tutar | 30,00 EUR")
    assert find_currencies(rows, find_sums(rows))[0].proof is None


def test_no_clue_gives_no_currency():
    assert currency("Total | 12.00") is None


def test_the_vendor_and_the_goods_tell_the_category():
    rows = make_rows("Fernbrook Pharmacy", "Ibuprofen 400mg | 4.00")
    assert find_categories(rows, "Fernbrook Pharmacy", CATEGORIES)[0].value == "Health & Medical"


def test_only_allowed_categories_are_chosen():
    rows = make_rows("Fernbrook Pharmacy", "Coffee | 4.00")
    assert [found.value for found in find_categories(rows, None, ["Groceries"])] == []
