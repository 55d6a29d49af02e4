"""Amounts and dates written in any usual style, across locales, are read as they were meant."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.documents.invented import TONGUES

from expensed.extraction.amount.numerals import find_money
from expensed.extraction.date.written_dates import find_dates

CENTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999.99"), places=2)
WHOLE = st.integers(min_value=1, max_value=99_999_999)
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2049, 12, 31))
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
}


def written(amount, thousands, mark, digits=2):
    return f"{amount:,.{digits}f}".translate({ord(","): thousands, ord("."): mark})


@given(CENTS, st.sampled_from([each for each in TONGUES if each.digits]), st.booleans())
def test_an_amount_with_cents_is_read_as_its_country_writes_it(amount, tongue, grouped):
    shown = written(amount, tongue.thousands if grouped else "", tongue.decimals)
    text = f"{shown} {tongue.sign}" if tongue.after else f"{tongue.sign}{shown}"
    (money,) = find_money(f"Total: {text}")
    assert (money.value, money.exact, money.sign is not None) == (amount, True, True)


@given(WHOLE, st.sampled_from([each for each in TONGUES if not each.digits]))
def test_an_amount_without_cents_is_read_as_its_country_writes_it(amount, tongue):
    shown = written(amount, tongue.thousands, tongue.decimals, 0)
    text = f"{shown} {tongue.sign}" if tongue.after else f"{tongue.sign}{shown}"
    (money,) = find_money(f"Total: {text}")
    assert (money.value, money.exact, money.sign) == (amount, False, tongue.currency)


@given(DAYS, st.sampled_from([each.day for each in TONGUES]))
def test_a_date_in_figures_has_a_reading_that_is_the_day(day, form):
    (found,) = find_dates(f"Date: {day.strftime(form)} ")
    assert day in (found.first, found.second)
    assert found.four_digit_year


@given(DAYS, st.sampled_from("./-"))
def test_day_and_month_are_only_exchanged_where_both_may_be_months(day, mark):
    (found,) = find_dates(f"{day:%d}{mark}{day:%m}{mark}{day:%Y}")
    assert found.first == day
    assert (found.second is None) == (day.day > 12)


@given(DAYS, st.sampled_from(sorted(MONTHS)), st.sampled_from(["{day} {name} {year}", "{day}. {name} {year}"]))
def test_a_month_in_letters_leaves_no_doubt(day, language, form):
    name = MONTHS[language].split()[day.month - 1]
    (found,) = find_dates(form.format(day=day.day, name=name, year=day.year))
    assert (found.first, found.second) == (day, None)


@given(DAYS)
def test_the_era_of_taiwan_begins_in_1911(day):
    (found,) = find_dates(f"{day.year - 1911}年{day:%m}月{day:%d}日")
    assert found.first == day
