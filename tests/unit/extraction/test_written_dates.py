import itertools
import time
import timeit
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.extraction.date.written_dates import find_dates

DATES = st.dates(date(2000, 1, 1), date(2049, 12, 31))


@given(DATES, st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%Y/%m/%d", "%d%b%y", "%Y%m%d"]))
def test_dates_that_can_be_read_in_one_way_are(day, style):
    (written,) = find_dates(f"Date: {day.strftime(style)} 14:05")
    assert written.first == day
    assert not written.is_ambiguous


@given(DATES, st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d/%m/%y"]))
def test_numeric_dates_keep_both_readings(day, style):
    (written,) = find_dates(day.strftime(style))
    assert written.first == day
    assert written.is_ambiguous == (day.day <= 12 and day.day != day.month)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("16. Dezember 2022", date(2022, 12, 16)),
        ("3 août 2021", date(2021, 8, 3)),
        ("7 de marzo de 2020", date(2020, 3, 7)),
        ("12 maggio 2019", date(2019, 5, 12)),
        ("24 Mar 1809:58:26 PM", date(2018, 3, 24)),
        ("25/12/20188:13:39 PM", date(2018, 12, 25)),
        ("09:5118.04.2020", date(2020, 4, 18)),
        ("Date 03/0272018", date(2018, 2, 3)),
        ("10 0CT 2017", date(2017, 10, 10)),
        ("2020年9月21日", date(2020, 9, 21)),
        ("113年05月12日", date(2024, 5, 12)),
        ("30032018", date(2018, 3, 30)),
    ],
)
def test_names_of_months_and_slips_of_the_engine(line, expected):
    assert [written.first for written in find_dates(line)] == [expected]


@pytest.mark.parametrize("line", ["30/02/2024", "2024-13-01", "99.99.2020", "Tel 03-77347762", "192.168.10.20", ""])
def test_what_is_no_date_is_none(line):
    assert find_dates(line) == []


@given(st.text(max_size=500))
def test_no_text_makes_it_fail(line):
    find_dates(line)


@pytest.mark.parametrize("piece", ["1/", "1 jan ", "12.12.", "20201212", "年", "1-1-", "de "])
def test_long_hostile_lines_take_no_time(piece):
    """Only the start of a line is examined: one 100 times as long takes no longer (10 times, to allow for noise)."""
    serial = itertools.count()

    def measure(count):
        lines = [f"{next(serial)} {piece * count}" for _ in range(5)]  # none twice: what was found is kept
        return min(timeit.repeat(lambda: find_dates(lines.pop()), timer=time.thread_time, repeat=5, number=1))

    measure(1_000)  # the first of all costs more
    assert measure(100_000) < 10 * measure(1_000)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("วันที21 ม.ค. 2023", date(2023, 1, 21)),
        ("วันที่ 21 มี.ค. 2023", date(2023, 3, 21)),
        ("10 کانون اأول 2024", date(2024, 12, 10)),
        ("8 ברצמבר 2023 13.15-12", date(2023, 12, 8)),
        ("2022변 4월 14일", date(2022, 4, 14)),
    ],
)
def test_a_date_with_a_misread_letter_is_the_only_one_that_is_like_it(line, expected):
    assert [written.first for written in find_dates(line)] == [expected]


@pytest.mark.parametrize("line", ["5 يوثيو 2022", "12 ग्राम 2022", "3 תפוזים 2023"])
def test_what_is_like_no_month_or_like_two_is_no_date(line):
    assert find_dates(line) == []


@pytest.mark.parametrize("text", ["2024년 1월 11:44", "2024년 1월1152일 시간: 07:28", "2024年1月11:44"])
def test_a_time_after_the_month_is_no_day(text):
    assert not find_dates(text)


@pytest.mark.parametrize("text", ["2024년 1월 11일 11:44", "2024年1月11日11:44", "2024년 1월 11", "2024年1月11 11:44"])
def test_a_day_after_the_month_is_one(text):
    assert [each.first for each in find_dates(text)] == [date(2024, 1, 11)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("REG #1- 25/05/2018", date(2018, 5, 25)),
        ("REG 21-14/06/2019 11:42:10", date(2019, 6, 14)),
        ("TILL3,  17/05/19,04:10 PM", date(2019, 5, 17)),
        ("Dat.17.06.2021 Zeit11:42:10", date(2021, 6, 17)),
        ("Date/Time 20210617/114210", date(2021, 6, 17)),
        ("2021.06.17/11:42:10", date(2021, 6, 17)),
        ("140ec'21 11:42", date(2021, 12, 14)),
        ("Ju117'21 11:42AM", date(2021, 7, 17)),
        ("令和 6年 3月 5日", date(2024, 3, 5)),
        ("令和元年5月1日", date(2019, 5, 1)),
    ],
)
def test_a_date_is_a_whole_token(line, expected):
    assert [each.first for each in find_dates(line)] == [expected]


@pytest.mark.parametrize(
    "line", ["Serial 2024-09-15-0042", "20240915-0042", "15/09/24-0042", "#03-12/24", "REG 2/11.39", "NOV17 11:42AM"]
)
def test_a_piece_of_something_longer_is_no_date(line):
    assert find_dates(line) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#002-0026/17/202111:42:10", date(2021, 6, 17)),
        ("517-06-2021 11:42", date(2021, 6, 17)),
        ("06717/21  11:42:10", date(2021, 6, 17)),
        ("NOV17121 1:42PM", date(2021, 11, 17)),
    ],
)
def test_a_date_among_other_digits_is_a_guess(line, expected):
    (written,) = find_dates(line)
    assert expected in (written.first, written.second)
    assert written.guess


@pytest.mark.parametrize("line", ["i9/03/2018", "l9.03.2018", "Date: I9/03/2018 10:11"])
def test_a_letter_like_a_one_is_the_first_digit(line):
    assert [each.first for each in find_dates(line)] == [date(2018, 3, 19)]


@pytest.mark.parametrize("line", ["u9/03/2018", "Date: z9/03/2018"])
def test_a_date_behind_another_single_letter_is_a_guess(line):
    assert [each.guess[1:3] for each in find_dates(line)] == [line[-10:-8]]


@pytest.mark.parametrize("line", ["Date9/3/2018", "A 9/03/2018", "a19/03/2018"])
def test_a_date_behind_a_word_is_none(line):
    assert not any(each.guess for each in find_dates(line))
