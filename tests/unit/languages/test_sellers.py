"""Which line names the seller on a page in another script, and when a person has to look at it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading, make_rows

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.addresses import is_address
from expensed.extraction.vendor.choose_vendor import find_vendors
from expensed.extraction.vendor.names import is_name, tidy_name
from expensed.extraction.vendor.other_scripts import end_of_head, page_script

OPTIONS = ExtractionOptions(today=date(2024, 12, 1))
UKRAINIAN = (
    "вул. Вишнева 12", "ПН 123456789012", "Каса 01 Іваненко О.П.", "Чек № 207", "Зошит шкільний | 12,50 А",
    "Олівець простий | 7,50 А", "СУМА | 20,00 грн", "ГОТІВКА | 50,00", "РЕШТА | 30,00", "14.03.2024 10:15:20",
    "ФІСКАЛЬНИЙ ЧЕК",
)  # fmt: skip
ARABIC = (
    "شارع النخيل، القاهرة", "الرقم الضريبي 123456789", "قلم رصاص | 12.50", "دفتر كبير | 7.50", "الإجمالي | 20.00 جنيه",
    "نقدا | 50.00", "الباقي | 30.00", "التاريخ 2024/03/14",
)  # fmt: skip


def read(*lines, unsure=()):
    """A reading whose engine is sure of all lines but the numbers in `unsure`, of which it is sure by half."""
    reading = make_reading(*lines)
    page = reading.pages[0]
    words = tuple(replace(word, confidence=0.6 if place in unsure else 0.95) for place, word in enumerate(page.words))
    return replace(reading, pages=(replace(page, words=words),))


def seller(*lines, unsure=()):
    return extract_expense(read(*lines, unsure=unsure), OPTIONS).expense.vendor


def test_a_company_in_quotes_precedes_a_clearer_word_of_trade_below_it():
    assert seller('ТОВ "ВИШНЕВИЙ САД"', "Магазин", *UKRAINIAN, unsure=(0,)) == 'ТОВ "ВИШНЕВИЙ САД"'


def test_a_shop_with_its_number_is_no_better_name_than_a_company():
    assert seller('ТОВ "ВИШНЕВИЙ САД"', "АПТЕКА Н 5", *UKRAINIAN, unsure=(0,)) == 'ТОВ "ВИШНЕВИЙ САД"'


def test_figures_before_a_quoted_name_are_a_misread_legal_form():
    assert tidy_name('108 "ВИШНЯ"') == "ВИШНЯ"


def test_a_legal_form_alone_in_its_row_belongs_to_the_name_below_it():
    assert seller("ООО", "Вишневый сад", *UKRAINIAN) == "ООО Вишневый сад"


def test_goods_are_no_names_however_badly_the_seller_is_read():
    assert seller(*UKRAINIAN[:4], "Зошит шкільний", "2 х 6,25 | 12,50 А", *UKRAINIAN[6:]) is None


@pytest.mark.parametrize("line", ["надрукован 10:15", "ЙН 123456789012", "Mob:01234567890"])
def test_a_time_a_price_or_a_labelled_number_is_no_name(line):
    assert seller(line, *UKRAINIAN) is None


def test_a_value_after_a_label_is_no_name():
    assert seller("الدقع : نقدي", *ARABIC) is None


@pytest.mark.parametrize("text", ["м.Київ, Вишнева", "г. Самара", "Вишнева 59, Ниш", "Κερασιών 6, ΠΑΤΡΑ"])
def test_a_town_and_a_street_with_it_are_an_address(text):
    assert is_address(text)
    assert not is_name(text)


def test_a_latin_name_is_not_joined_to_one_in_another_script():
    assert seller("هایبر شنا", "Hyper Jasmine", *ARABIC, unsure=(0,)) == "Hyper Jasmine"


def test_latin_letters_far_higher_than_the_rest_are_a_name_whatever_words_they_are():
    reading = read("Good Time", *ARABIC)
    first, *rest = reading.pages[0].words
    left, top, right, bottom = first.box
    tall = replace(first, box=(left, top - 0.05, right, bottom))
    page = replace(reading.pages[0], words=(tall, *rest))
    assert extract_expense(replace(reading, pages=(page,)), OPTIONS).expense.vendor == "Good Time"


@pytest.mark.parametrize("read_of_it", ["واحة", "الزيتون"])
def test_thanks_complete_the_name_above(read_of_it):
    assert seller(read_of_it, *ARABIC, "شكرا لزيارتكم بواحة الزيتون") == "واحة الزيتون"


def test_an_arabic_name_has_no_letters_of_persian_but_a_persian_one_keeps_them():
    assert seller("مکتبة الواحة الصغیرة", *ARABIC) == "مكتبة الواحة الصغيرة"
    persian = ("کتابفروشی گل پامچال", "خیابان گلچین پاساژ چمن", "مبلغ کل | 20.00 ریال", "تاریخ 2024/03/14")
    assert seller(*persian) == persian[0]


def test_greek_has_one_accent_and_none_in_capitals():
    assert tidy_name("ΒΙΒΛΙΟΠΩΛΕΙΟ ΦΕΓΓΑῸΙ") == "ΒΙΒΛΙΟΠΩΛΕΙΟ ΦΕΓΓΑΟΙ"
    assert tidy_name("Ἁγία Θάλασσα") == "Αγία Θάλασσα"


def test_a_quoted_line_continues_the_name_above():
    lines = ("ΛΕΥΚΩΜΑΤΑ", '"Θάλασσα"', "ΑΦΜ 123456789", "Μολύβι | 12,50", "ΣΥΝΟΛΟ | 12,50€", "14/03/2024")
    assert seller(*lines) == "ΛΕΥΚΩΜΑΤΑ Θάλασσα"


def test_a_thai_company_is_closed_up():
    assert is_name(tidy_name("บริษัท ดอกบัวขาว จ ํากัด"))


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (("달 마트", "볼펜 | 8,000", "합계금액 | 8,000원"), 1),
        (("달 마트", "볼펜", "8,000", "합계금액 | 8,000원"), 1),
        (("Крамниця", "Назва | Ціна", "Зошит | 12,50"), 1),
    ],
)
def test_the_head_ends_where_goods_begin(lines, row):
    assert end_of_head(make_rows(*lines)) == row


def test_asterisks_read_as_one_han_letter_are_no_script():
    stars = "本" * 30
    assert page_script(make_rows("Green Garden", stars, "Total | 12.50", stars)) is None
    assert page_script(make_rows(*UKRAINIAN)) == "cyrillic"


@pytest.mark.parametrize(
    ("name", "unsure", "is_seen"),
    [
        ('ТОВ "ВИШНЕВИЙ САД"', (), False),
        ("Кав'ярня Зелена гілка", (), False),
        ('ТОВ "ВИШНЕВИЙ САД"', (0,), True),
        ("«Вишня»", (), True),
        ("АЗС В 12", (), True),
    ],
)
def test_a_person_looks_at_a_name_that_is_badly_read_or_that_nothing_confirms(name, unsure, is_seen):
    reasons = extract_expense(read(name, *UKRAINIAN, unsure=unsure), OPTIONS).expense.reasons
    assert any(reason.startswith("The vendor is uncertain") for reason in reasons) is is_seen


def test_a_clear_latin_name_at_the_head_of_a_japanese_page_needs_no_look():
    lines = (
        "Aoitori",
        "東京都青葉区緑町1丁目2-3",
        "領収書",
        "2024年3月14日 13:05",
        "合計 | ¥1,300",
        "お預り | ¥2,000",
        "お釣り | ¥700",
    )
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    assert (expense.vendor, expense.reasons) == ("Aoitori", ())


def test_the_tax_that_is_included_is_no_total():
    lines = ("גן הדרים", "עט כדורי | 118.00", 'כולל מע"מ 18% | 18.00', "כרטיס אשראי | 118.00", "14/03/2024")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.amount == Decimal("118.00")


def test_a_sign_read_as_a_digit_is_no_part_of_a_total_to_which_the_items_do_not_add_up():
    lines = ("גן הדרים", "פיתה | 18.40", "עט כדורי | 80.00", "סך הכל | 298.40", "14/03/2024")
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    assert expense.amount == Decimal("98.40")
    assert expense.needs_review


def test_the_dash_after_a_sum_of_japan_is_no_minus_even_if_its_sign_is_misread():
    lines = ("喫茶 あおい鳥", "2024年3月14日", "コーヒー | 1,300", "合計 | Y1,300-")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.amount == Decimal(1300)


def test_a_name_on_no_page_of_another_script_is_chosen_as_before():
    assert find_vendors(make_rows("Mo", "12 Garden Road", "Total 12.50"))[0].value == "Mo"


def test_a_year_glued_to_what_is_no_time_has_four_digits():
    lines = ("גן הדרים", "תאריך: 18:57:4029/09/2021:772", "סך הכל | 98.40")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.date == date(2021, 9, 29)


def test_the_day_comes_first_in_hong_kong():
    lines = ("青山冰室", "香港彌敦道12號", "09/04/2023 09:44", "總數 | HK$98.50")
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    assert (expense.date, expense.amount) == (date(2023, 4, 9), Decimal("98.50"))


def test_a_web_address_may_have_lost_its_last_point():
    assert seller(*ARABIC, "www.jasminebaker coni CallCenter") == "Jasminebaker"
