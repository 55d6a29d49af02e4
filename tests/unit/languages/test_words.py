"""What words of other scripts mean: labels, dates, sums, names, countries."""

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading, make_rows

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.labels_by_script import role_in_scripts
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.country.countries import find_country
from expensed.extraction.date.labels import DateRole, date_role_of
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.addresses import is_address
from expensed.extraction.vendor.legal_forms import find_legal_form
from expensed.extraction.vendor.names import is_name, tidy_name

OPTIONS = ExtractionOptions(today=date(2024, 6, 1))


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("ИТОГО К ОПЛАТЕ: (руб)", Role.FINAL),
        ("Сумма НДС 20%", Role.TAX),
        ("Налог на добавленную стоимость 18%", Role.TAX),
        ("Всего баллов:", Role.BALANCE),
        ("Итого скидка", Role.DISCOUNT),
        ("ГОТ1ВКА", Role.CASH),
        ("ПДВ А 20,00%", Role.TAX),
        ("Обща сума лв", Role.FINAL),
        ("Повраћај", Role.CHANGE),
        ("METΡΗΤΑ", Role.CASH),
        ("Φ.Π.Α. 24%", Role.TAX),
        ("Καθαρή Αξία", Role.NET),
        ("الاجمالى", Role.TOTAL),
        ("إجمالي الفاتورة", Role.FINAL),
        ("ضريبة القيمة المضافة % 14", Role.TAX),
        ("الم_دفوع", Role.CASH),
        ('סה"כ לתשלום', Role.FINAL),
        ("עודף", Role.CHANGE),
        ("ยอดส ุ ทธิ 2 ชิ้น", Role.FINAL),
        ("ภาษีมูลค่าเพิ่ม 7%", Role.TAX),
        ("सीजीएसटी 9%", Role.TAX),
        ("(内消費税等10%)", Role.TAX),
        ("10%対象", Role.NONE),
        ("价税合计(小写)", Role.FINAL),
        ("총 결제금액", Role.FINAL),
        ("Total", None),
        ("Хлеб ржаной", None),
    ],
)
def test_a_label_gives_its_amount_a_role(label, role):
    assert role_in_scripts(label) is role


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Дата:", DateRole.DATED),
        ("Счет на оплату No 315 от", DateRole.ISSUED),
        ("Оплатить не позднее", DateRole.DUE),
        ("Бонусы до", DateRole.OTHER),
        ("تاريخ الفاتورة", DateRole.ISSUED),
        ("תאריך", DateRole.DATED),
        ("วันที่", DateRole.DATED),
        ("दिनांक", DateRole.DATED),
        ("有効期限", DateRole.OTHER),
    ],
)
def test_a_label_gives_its_date_a_role(label, role):
    assert date_role_of(label) is role


@pytest.mark.parametrize(
    "written",
    [
        "14 марта 2024 г.", "14 МАР 2024", "14 березня 2024 року", "14 март 2024", "14. марта 2024.",
        "14 Μαρτίου 2024",
        "14 ΜΑΡ 2024", "14 مارس 2024", "14 آذار 2024", "14 במרץ 2024", "14 मार्च 2024", "14 มี.ค. 2567",
        "14 ม ี.ค. 67",
        "14 มีนาคม พ.ศ. 2567", "14/03/2567", "令和6年3月14日", "民國113年3月14日", "二〇二四年三月十四日",
        "2024년 3월 14일",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_way_of_writing_it(written):
    (found,) = find_dates(written)
    assert found.first == date(2024, 3, 14)


def test_a_month_of_two_words_is_read():
    assert find_dates("14 كانون الثاني 2024")[0].first == date(2024, 1, 14)


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [
        ("17,30 ГРН", "17.30", "UAH"),
        ("1.250,00 дин", "1250.00", "RSD"),
        ("1 500,00 ₸", "1500.00", "KZT"),
        ("37.50 ج.م", "37.50", "EGP"),
        ("ر.س 115.00", "115.00", "SAR"),
        ("12.500 د.ك", "12.500", "KWD"),
        ("12,500원", "12500", "KRW"),
        ('45.90 ש"ח', "45.90", "ILS"),
        ("62.50 บาท", "62.50", "THB"),
        ("रु. 1,23,456.00", "123456.00", "INR"),
        ("≡406.00", "406.00", None),
    ],
)
def test_a_sum_is_read_with_its_sign(text, value, sign):
    (money,) = find_money(text)
    assert (money.value, money.sign) == (Decimal(value), sign)


@pytest.mark.parametrize("text", ["0,500 кг", "250 جم", "2 ชิ้น", "1.5 ליטר"])
def test_a_number_with_a_unit_is_no_sum(text):
    assert find_money(text) == ()


def test_an_arabic_row_is_read_from_its_right():
    (row,) = make_rows("37.50 | الإجمالي")
    assert [cell.text for cell in row.cells] == ["الإجمالي", "37.50"]


def test_a_row_in_two_languages_whose_amount_stands_at_the_right_is_read_from_its_left():
    (row,) = make_rows("Total | الإجمالي | 37.50")
    assert [cell.text for cell in row.cells] == ["Total", "الإجمالي", "37.50"]


def test_latin_words_in_an_arabic_row_keep_their_order():
    (row,) = make_rows("Green | Valley | متجر الوادي الأخضر")
    assert [cell.text for cell in row.cells] == ["متجر الوادي الأخضر", "Green", "Valley"]


def test_a_row_of_numbers_is_read_as_its_page_is():
    rows = make_rows("الإجمالي | السعر | الصنف", "20.00 | 10.00 | 2")
    assert [cell.text for cell in rows[1].cells] == ["2", "10.00", "20.00"]


@pytest.mark.parametrize(
    "text",
    [
        "КАССОВЫЙ ЧЕК № 5", "Спасибо за покупку", "Кассир Анна", "ИНН 7701234567", "ΑΠΟΔΕΙΞΗ ΛΙΑΝΙΚΗΣ",
        "فاتورة ضريبية مبسطة",
        "شكرا لزيارتكم", "חשבונית מס/קבלה", "ใบเสร็จรับเงิน", "धन्यवाद", "電子發票證明聯", "領収書", "영수증",
        "ย ่ างย่ย่อ",
    ],
)  # fmt: skip
def test_a_title_or_a_greeting_is_no_name(text):
    assert not is_name(text)


@pytest.mark.parametrize(
    "text", ["Ромашковый луг", "مخبز السنبلة", "גן הדרים", "ดอกบัวขาว", "नीलकमल स्टोर", "青山書店", "푸른언덕 약국"]
)
def test_a_name_is_one(text):
    assert is_name(text)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ('ООО "Ромашка"', "ООО"),
        ("Слънчоглед ЕООД", "ЕООД"),
        ("ΓΑΛΑΖΙΟ ΚΥΜΑ ΟΕ", "Ο.Ε."),
        ("شركة الواحة ذ.م.م", "ذ.م.م"),
        ("גן הדרים בע״מ", 'בע"מ'),
        ("หจก.ดอกบัว", "หจก."),
        ("नीलकमल प्रा. लि.", "प्रा. लि."),
        ("푸른언덕 주식회사", "주식회사"),
        ("Доомино", None),
    ],
)
def test_a_legal_form_is_found(name, form):
    assert find_legal_form(name) == form


def test_figures_after_a_name_are_no_part_of_it_unless_it_only_says_what_it_is():
    assert tidy_name("Чайная Роза 727 02") == "Чайная Роза"
    assert tidy_name("Аптека 116") == "Аптека 116"


def test_noughts_before_a_name_are_a_misread_legal_form():
    assert tidy_name('000 "Ромашка"') == 'ООО "Ромашка"'


@pytest.mark.parametrize(
    "text", ["ул. Садовая, д. 5", "ΟΔΟΣ ΑΝΕΜΩΝΗΣ 7", "شارع النخيل", "רחוב האלון 5", "ถนนสุขใจ", "台北市青山路5號"]
)
def test_a_street_is_an_address(text):
    assert is_address(text)


def test_a_shop_with_its_number_is_no_address():
    assert not is_address("Аптека 116")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ЄДРПОУ 12345678", "UA"),
        ("ЕИК 123456789, София", "BG"),
        ("ПИБ 101234567 матични број", "RS"),
        ("Минск, телефон +375 17 123 45 67", "BY"),
        ("القاهرة ٠١٠١٢٣٤٥٦٧٨", "EG"),
        ("الرقم الضريبي 310123456700003", "SA"),
        ("ประเทศไทย", "TH"),
    ],
)
def test_a_country_is_told_by_its_words_and_numbers(line, code):
    assert find_country(make_rows(line)).code == code


def test_a_proof_shows_the_words_of_a_country_as_they_are_spelt():
    assert find_country(make_rows("電子發票證明聯 台北市")).sentence == "Taiwan: 台北, 電子發票, 證明聯"


def test_two_digits_of_a_year_on_a_thai_paper_are_buddhist():
    lines = ("ร้านกาแฟ ดอกบัว", "ใบเสร็จรับเงิน", "26/04/66 12:16", "กาแฟ | 55.00", "ยอดสุทธิ | 55.00")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.date == date(2023, 4, 26)


def test_a_year_of_the_republic_is_read_on_papers_of_taiwan_alone():
    taiwan = ("青山商行", "統一編號 12345678", "台北市", "113/03/14", "總計 | $500")
    elsewhere = ("Fernbrook Ltd", "London", "113/03/14", "Total | £5.00")
    assert extract_expense(make_reading(*taiwan), OPTIONS).expense.date == date(2024, 3, 14)
    assert extract_expense(make_reading(*elsewhere), OPTIONS).expense.date is None


def test_a_dinar_keeps_its_three_decimals():
    lines = ("مطعم النخيل", "الكويت", "14/03/2024", "12.345 د.ك | الإجمالي")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.amount == Decimal("12.345")


def test_sums_of_an_arabic_paper_that_all_have_three_decimals_are_not_thousands():
    lines = ("مطعم جبل النخيل", "14/03/2024", "0.850 | شاي", "16.450 | كنافة", "32.900 | منسف", "50.200 | المجموع")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.amount == Decimal("50.20")


def test_a_dash_ends_a_sum_of_japan():
    assert find_money("ご請求額: ¥13,858-")[0].value == 13858
    assert find_money("値引: -¥19")[0].value == -19


def test_han_letters_of_another_country_make_the_same_label():
    assert role_in_scripts("ご请求额:") is Role.FINAL


def test_arabic_months_are_read_with_persian_letters():
    assert find_dates("10 کانون الأول 2024")[0].first == date(2024, 12, 10)


def test_on_an_invoice_of_china_the_second_name_is_the_sellers():
    lines = (
        "增值税电子普通发票",
        "名称: 杭州远山贸易有限公司",
        "名称: 上海青竹餐饮有限公司",
        "2024年3月14日",
        "价税合计 | ¥193.00",
    )
    assert extract_expense(make_reading(*lines), OPTIONS).expense.vendor == "上海青竹餐饮有限公司"


def test_a_bank_is_not_the_seller():
    lines = ("ПАО ВОСТОЧНЫЙ БАНК | БИК", "Счет от 14.03.2024", "ИП Ромашкин Иван", "Итого | 150.00 руб")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.vendor == "ИП Ромашкин Иван"


def test_what_stands_beside_a_label_is_no_seller():
    lines = ("Официант | Анна Петрова", "Чайная Роза", "14.03.2024", "Итого | 150.00 руб")
    assert extract_expense(make_reading(*lines), OPTIONS).expense.vendor == "Чайная Роза"


def test_a_label_whose_letters_are_parted_by_vowels_is_still_one():
    lines = ("संगम भोजनालय", "दाल | 50.00", "चाय | 20.00", "जीएसटी 5% | 3.50", "देय: | 73.50", "दिनांक: 14/03/2024")
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    assert (expense.amount, expense.fields["amount"].text) == (Decimal("73.50"), "देय:  73.50")


@pytest.mark.parametrize("text", ["LEVEL3, 12 HARBOUR, FERNVALE", "Unit7 Fern Park", "Suite210", "2nd floor"])
def test_a_floor_or_unit_whose_number_is_joined_to_it_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["Levels Bar", "United Ferns", "Fern Suites"])
def test_a_word_that_only_begins_like_one_is_no_address(text: str) -> None:
    assert not is_address(text)
