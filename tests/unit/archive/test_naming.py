"""Names in the archive: whatever the paper says, the result is harmless."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.archive.naming import Letters, cut_stem, fill_template, make_harmless, name_extension, slug_vendor
from expensed.archive.plan import plan_beside, plan_filing, plan_return
from expensed.model.expense import Facts
from expensed.model.money import write_amount
from expensed.model.states import Outcome
from expensed.model.text import display_name

TEMPLATE = "{year}/{category}/{date}_{vendor}_{amount}-{currency}"
ANY_TEXT = st.text(max_size=300)
ANY_NAME = st.binary(min_size=1, max_size=255).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


def test_a_receipt_gets_the_name_from_the_readme() -> None:
    facts = Facts(
        vendor="Adobe Systems",
        amount=Decimal("52.99"),
        date=date(2024, 1, 15),
        category="Software & Services",
        currency="USD",
    )
    plan = plan_filing(Outcome.FILED, "scan.PDF", "application/pdf", facts, TEMPLATE)
    assert next(plan.paths()) == "2024/Software & Services/2024-01-15_Adobe-Systems_52.99-USD.pdf"


@pytest.mark.parametrize(
    ("category", "folder"),
    [("Rent / shop", "Rent _ shop"), ("_review", "review"), ("..", "unnamed"), ("con", "_con"), ("a\u202eb", "a_b"),
     ("{vendor}", "{vendor}"), ("買い物", "買い物")],
)  # fmt: skip
def test_a_category_of_any_name_is_a_folder_of_its_own(category: str, folder: str) -> None:
    facts = Facts(vendor="A", category=category, date=date(2024, 1, 2))
    plan = plan_filing(Outcome.FILED, "a.pdf", "application/pdf", facts, "{category}/{vendor}")
    assert (plan.folder, plan.stem) == (folder, "A")


def test_a_taken_name_gets_a_number() -> None:
    paths = plan_filing(Outcome.FAILED, "scan.pdf", None, None, TEMPLATE).paths()
    assert [next(paths) for _ in range(3)] == ["_failed/scan.pdf", "_failed/scan_2.pdf", "_failed/scan_3.pdf"]


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("52.99", "USD", "52.99"),
        ("52.9", "EUR", "52.90"),
        ("1200", "JPY", "1200"),
        ("3.5", "KWD", "3.500"),
        ("-12", "EUR", "-12.00"),
        ("12.345", "EUR", "12.345"),
        ("7", None, "7.00"),
        ("1E+3", "EUR", "1000.00"),
    ],
)
def test_amounts_are_written_with_their_currencys_decimals(amount: str, currency: str | None, written: str) -> None:
    assert write_amount(Decimal(amount), currency) == written


def is_harmless(name: str) -> bool:
    """No separator, nothing hidden, no control or direction character, no device, at most 255 bytes of UTF-8."""
    return (
        bool(name)
        and "/" not in name
        and "\\" not in name
        and name[0] not in ".-~ "
        and name[-1] not in ". "
        and len(name.encode()) <= 255
        and not any(unicodedata.category(character)[0] == "C" for character in name)
        and not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)
    )


@given(ANY_NAME)
def test_any_file_name_becomes_harmless(name: str) -> None:
    assert is_harmless(make_harmless(name))


@pytest.mark.parametrize(
    "vendor", ["../../etc", "CON", "x" * 4000, "A\x00\x1b[2J", "\u202egnp.exe", "", "日本", "-rf", "{vendor}", "a/b\\c"]
)
def test_a_hostile_vendor_stays_in_its_folder(vendor: str) -> None:
    facts = Facts(vendor=vendor, amount=Decimal("1e30"), date=date(9999, 12, 31), category=vendor, currency=vendor)
    plan = plan_filing(Outcome.FILED, "x.pdf", "application/pdf", facts, "{year}/{category}/{vendor}")
    year, category, name = next(plan.paths()).split("/")
    assert year == "9999"
    assert is_harmless(category)
    assert is_harmless(name)


@given(ANY_TEXT, st.one_of(st.none(), ANY_TEXT), st.one_of(st.none(), ANY_TEXT), ANY_NAME)
def test_a_plan_has_the_shape_of_its_template_and_room_for_its_companions(
    vendor: str, category: str | None, currency: str | None, original: str
) -> None:
    facts = Facts(vendor=vendor, category=category, currency=currency)
    for kind in Outcome:
        plan = plan_filing(kind, original, None, facts, TEMPLATE)
        path = next(path for number, path in enumerate(plan.paths()) if number == 1000)
        folders, name = path.split("/")[:-1], path.rpartition("/")[2]
        assert len(folders) == (2 if kind is Outcome.FILED else 1)
        assert all(map(is_harmless, [*folders, name]))
        assert len(f"{name}.why.txt".encode()) <= 255


def test_the_ending_follows_the_content() -> None:
    assert name_extension("image/jpeg", "scan.JPE") == ".jpg"
    assert name_extension(None, "letter.docx") == ".docx"
    assert name_extension(None, "no-ending") == ""
    assert name_extension(None, "odd.end ing") == ""


def test_a_vendor_of_any_script_gets_a_readable_slug() -> None:
    assert slug_vendor("Café Zürich & Söhne") == "Cafe-Zurich-Sohne"
    assert slug_vendor("***") == "Unknown"


@pytest.mark.parametrize(
    ("vendor", "auto", "ascii_only", "unicode"),
    [
        ("全家便利商店", "全家便利商店", "Quan-Jia-Bian-Li-Shang-Dian", "全家便利商店"),
        ("Café Zürich", "Cafe-Zurich", "Cafe-Zurich", "Café-Zürich"),
        ("ร้านกาแฟ & Co.", "ร้านกาแฟ-Co", "raankaaaef-Co", "ร้านกาแฟ-Co"),
        ("Кафе «Пушкин»", "Кафе-Пушкин", "Kafe-Pushkin", "Кафе-Пушкин"),
        ("ＡＢＣ 7", "ABC-7", "ABC-7", "ABC-7"),
        ("名" * 200, "名" * 26, None, "名" * 26),
    ],
)
def test_a_name_keeps_its_script_unless_the_settings_say_otherwise(
    vendor: str, auto: str, ascii_only: str | None, unicode: str
) -> None:
    assert slug_vendor(vendor) == auto
    assert slug_vendor(vendor, "unicode") == unicode
    assert slug_vendor(vendor, "ascii").isascii()
    assert ascii_only in (None, slug_vendor(vendor, "ascii"))


@given(ANY_TEXT, st.sampled_from(get_args(Letters)))
def test_whatever_a_vendor_is_called_its_name_is_harmless_and_short(vendor: str, letters: Letters) -> None:
    name = slug_vendor(vendor, letters)
    assert is_harmless(make_harmless(name))
    assert len(name.encode()) <= 80
    assert not name.startswith("-")


def test_a_template_without_folders_is_fine() -> None:
    folder, stem = fill_template("{vendor}-{month}-{day}", Facts(vendor="A B", date=date(2024, 2, 3)))
    assert (folder, stem) == ("", "A-B-02-03")


@given(ANY_NAME)
def test_a_display_name_is_one_line_of_valid_unicode(name: str) -> None:
    shown = display_name(name)
    assert shown.encode()
    assert not any(unicodedata.category(character)[0] == "C" for character in shown)


def test_a_stem_is_cut_between_characters() -> None:
    stem = cut_stem("ä" * 300, ".pdf")
    assert len(stem.encode()) <= 255 - len(".pdf.why.txt_99999")
    assert set(stem) == {"ä"}


def test_a_later_paper_of_a_purchase_gets_the_first_ones_name_and_its_own_extension() -> None:
    first = plan_return("2024/Other/2024-01-15_Adobe_52.99-USD.pdf")
    plan = plan_beside(first, "photo.JPG", "image/jpeg", 3)
    start = "2024/Other/2024-01-15_Adobe_52.99-USD"
    paths = plan.paths()
    assert [next(paths), next(paths)] == [f"{start}_3.jpg", f"{start}_4.jpg"]
    assert plan.holds(f"{start}_2.jpg")
    assert not plan.holds("2024/Other/2024-02-15_Adobe_52.99-USD_3.jpg")
