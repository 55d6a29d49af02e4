"""What is exported, read by the real programs: bean-check, and hledger with the rules beside the CSV."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House

DATES = ("2024-05-02", "2023-12-31", "2024-03-14")
"""In the order in which they are dropped."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a filed receipt a date, one document in review and a failed one."""
    house = House(tmp_path_factory.mktemp("books") / "house")
    try:
        house.start()
        fill(house)
        yield house
    finally:
        house.clear()


def fill(house: House) -> None:
    for number, day in enumerate(DATES, 1):
        lines = [line.replace("2024-03-14", day) for line in papers.receipt_lines(number)]
        house.drop(f"{number}.pdf", papers.pdf(lines))
        house.wait_quiet(number)
    house.drop("odd.pdf", papers.pdf(["Thank you for your visit", "Please come again"]))
    house.drop("notes.pdf", b"no receipt at all\n")
    house.wait_quiet(len(DATES) + 2)
    assert sorted(house.states().values()) == ["failed", *["filed"] * len(DATES), "review"]


def run(*words: str | Path) -> str:
    """Run another program; return what it prints, which must not be a complaint."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def test_bookkeeping_programs_take_what_is_exported(house: House) -> None:
    books = house.root / "books"
    books.mkdir()

    own = books / "expenses.beancount"
    done = house.run("export", "--format", "beancount", "-o", str(own), "--account", "Assets:Card")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "What is not filed was left out: 1 in review, 1 failed." in done.stderr
    text = own.read_text()
    assert text.startswith("; Not here, because they are not filed: 1 in review, 1 failed.\n")
    documents = [line.split('"')[1] for line in text.splitlines() if line.startswith("  document: ")]
    assert len(documents) == len(DATES)
    assert all(Path(name).is_file() for name in documents)
    main = books / "main.beancount"
    main.write_text('include "expenses.beancount"\n')
    run(Path(sys.executable).with_name("bean-check"), main)
    house.run("export", "--format", "beancount", "-o", str(own), "--account", "Assets:Card", "--open", "categories")
    main.write_text('2020-01-01 open Assets:Card\ninclude "expenses.beancount"\n')
    run(Path(sys.executable).with_name("bean-check"), main)

    journal = books / "expenses.journal"
    house.run("export", "--format", "ledger", "-o", str(journal))
    run("hledger", "-f", journal, "check", "ordereddates")
    sums = books / "expenses.csv"
    assert house.run("export", "-o", str(sums)).returncode == 0
    assert [line[:10] for line in sums.read_text().splitlines()[1:]] == sorted(DATES)
    run("hledger", "-f", sums, "check", "ordereddates")
    balances = [run("hledger", "-f", file, "balance", "--no-total", "Expenses") for file in (journal, sums)]
    assert balances[0] == balances[1]
    assert balances[0].count("GBP") == len(DATES)
    (books / "expenses.csv.rules").write_text("# my own\n")
    again = house.run("export", "-o", str(sums))
    assert "expenses.csv.rules was there already" in again.stderr
    assert (books / "expenses.csv.rules").read_text() == "# my own\n"
    assert run("ledger", "-f", journal, "balance", "--flat", "Expenses").count("GBP") >= len(DATES)


def test_an_export_of_items_is_csv_with_a_line_an_item(house: House) -> None:
    sums = house.root / "items.csv"
    done = house.run("export", "--items", "-o", str(sums))
    assert done.returncode == 0, done.stderr
    assert sums.read_text().startswith("date,vendor,currency,item,kind,description,")
    assert not (house.root / "items.csv.rules").exists(), "hledger's rules are for documents"
    wrong = house.run("export", "--items", "--json")
    assert "--items goes with --format csv" in wrong.stderr


def test_an_export_takes_a_year_or_a_month_for_its_days(house: House) -> None:
    rows = house.run("export", "--json", "--from", "2024", "--to", "2024-03").stdout.splitlines()
    assert [json.loads(row)["date"] for row in rows] == ["2024-03-14"]
    wrong = house.run("export", "--from", "last year")
    assert "--from must be a date such as" in wrong.stderr
    assert "`expensed export --help`" in wrong.stderr
