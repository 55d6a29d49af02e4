"""The books of 500 documents with several rates and items, read by bean-check, hledger and ledger, and by the CSV."""

from __future__ import annotations

import csv
import io
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from beancount import loader
from beancount.core.data import Transaction
from msgspec import UNSET
from tests.integration.web.rig import Site, run_site

from expensed.ledger.documents import NewDocument, insert_document, update_document
from expensed.model.breakdown import Item, ItemKind, TaxLine
from expensed.model.expense import Expense
from expensed.model.money import minor_units
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root

COUNT = 500
CURRENCIES = ("EUR", "EUR", "USD", "JPY", "KWD", "CHF")
RATES = tuple(map(Decimal, ("0", "2.6", "5", "5.5", "7", "8.1", "9.975", "19", "20", "25")))
CATEGORIES = (
    "Groceries",
    "Meals & Entertainment",
    "Software & Services",
    "Travel",
    "2. Wohnung: Miete/NK",
    "買い物; x",
)
HOSTILE = (
    "[1]",
    "x:: 1+",
    '"; {=3}',
    "a;b\n c",
    "=HYPERLINK(1)",
    "date:99, [2024-13-45]",
    "(x) ! * @ 5",
    "]x[1",
    "Ü 漢字",
)
VAT = "Assets:VAT:"
Sums = dict[tuple[str, str], Decimal]
"""By account and currency."""


@dataclass(frozen=True)
class Drawn:
    """One group of items at a rate, with the tax on them."""

    items: Sequence[Item]
    tax: TaxLine


def draw_group(chance: random.Random, rate: Decimal, decimals: int, sign: int, *, is_included: bool) -> Drawn:
    items = [
        Item(
            description=chance.choice([*HOSTILE, "Coffee", "Drill"]),
            kind=chance.choice([ItemKind.GOODS, ItemKind.GOODS, ItemKind.DEPOSIT]),
            total=Decimal(sign * chance.randint(-200, 9999)).scaleb(-decimals),
            tax_rate=rate if chance.random() < 0.9 else None,
            category=chance.choice(CATEGORIES) if chance.random() < 0.6 else UNSET,
        )
        for _ in range(chance.randint(1, 5))
    ]
    total = sum((item.total for item in items if item.total is not None), Decimal())
    tax = (total * rate / (100 + rate * is_included)).quantize(Decimal(1).scaleb(-decimals))
    return Drawn(items, TaxLine(rate=rate, tax=tax, net=total - tax * is_included))


def draw_expense(chance: random.Random) -> Expense:
    """Draw an expense whose items and taxes add up, unless one of its figures is then spoilt or lost."""
    currency = chance.choice(CURRENCIES)
    decimals, is_included = minor_units(currency), chance.random() < 0.6
    sign = -1 if chance.random() < 0.15 else 1
    rates = chance.sample(RATES, chance.randint(0, 4))
    groups = [draw_group(chance, rate, decimals, sign, is_included=is_included) for rate in rates]
    items = [item for group in groups for item in group.items]
    taxes = [group.tax for group in groups]
    tax = sum((each.tax for each in taxes if each.tax is not None), Decimal())
    amount = sum((each.total for each in items if each.total is not None), Decimal()) + tax * (not is_included)
    if chance.random() < 0.15 and items:
        items[0] = replace(items[0], total=chance.choice([None, Decimal("12345.67")]))
    if chance.random() < 0.15 and taxes:
        taxes[0] = replace(taxes[0], tax=chance.choice([None, 2 * amount, -amount]))
    if chance.random() < 0.1 and taxes:
        taxes[0] = replace(taxes[0], rate=None)
    return Expense(
        vendor=chance.choice([*HOSTILE, "Nordlicht", "Adobe"]),
        amount=amount if items else Decimal(chance.randint(1, 10**6)).scaleb(-decimals),
        date=date(2024, 1, 1) + timedelta(chance.randrange(366)),
        category=chance.choice([None, *CATEGORIES]),
        currency=currency,
        confidence=100,
        tax=tax if chance.random() < 0.8 and groups else None,
        items=tuple(items),
        taxes=tuple(taxes) if chance.random() < 0.9 else (),
        payer=chance.choice([None, None, "Anna", *HOSTILE]),
        project=chance.choice([None, None, "Roof", *HOSTILE]),
    )


async def fill(site: Site) -> None:
    chance = random.Random(14)
    async with site.ledger.transaction() as tx:
        for number in range(COUNT):
            name = chance.choice([f"scan [{number}].pdf", f"{number}.pdf"])
            place = Place(Root.ARCHIVE, f"2024/{name}")
            new = NewDocument(f"2024_{number}.pdf", DocumentOrigin.DROP, name, name, f"{number:064x}", 1, 1, place)
            found = await insert_document(tx, new, DocumentState.FILED)
            assert found is not None
            await update_document(tx, found, outcome=Outcome.FILED, result=draw_expense(chance))


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[Mapping[str, str]]:
    """What each format, and the CSV of items, says of the 500 documents."""
    export = {"tax_account": f"{VAT}{{rate}}", "split_items": True}
    async with run_site(tmp_path, export=export) as site, aiohttp.ClientSession(site.url) as http:
        await fill(site)
        texts = {}
        for query in ("csv", "csv&items=1", "beancount", "ledger", "hledger-rules"):
            async with http.get(f"/api/export?format={query}") as answer:
                assert answer.status == 200
                texts[query] = await answer.text()
        yield texts


def run(*words: str | Path) -> str:
    """Run another program; return what it prints, which must not be a complaint."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def add_up(postings: Iterable[tuple[str, str, Decimal]]) -> Sums:
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for account, currency, amount in postings:
        sums[account, currency] += amount
    return {key: value for key, value in sums.items() if value}


def read_beancount(path: Path) -> Sums:
    run(Path(sys.executable).with_name("bean-check"), path)
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    postings = [each for entry in entries if isinstance(entry, Transaction) for each in entry.postings]
    return add_up(
        (each.account, each.units.currency, each.units.number or Decimal())
        for each in postings
        if each.units is not None and isinstance(each.units.currency, str)
    )


def read_hledger(path: Path) -> Sums:
    run("hledger", "-f", path, "check", "ordereddates")
    listed = run("hledger", "-f", path, "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv")
    rows = csv.DictReader(io.StringIO(listed))
    return add_up((row["account"], row["commodity"], Decimal(row["balance"])) for row in rows)


def read_ledger(path: Path) -> Sums:
    listed = run("ledger", "-f", path, "register", "--format", "%(account)\t%(commodity)\t%(quantity(amount))\n")
    rows = (line.split("\t") for line in listed.splitlines())
    return add_up((account, currency, Decimal(number)) for account, currency, number in rows)


def as_in_beancount(sums: Sums) -> Sums:
    """Return sums by the names that beancount gives to the same accounts."""
    return {
        (re.sub(r"[^\w:]+", "-", account).replace("Expenses:買", "Expenses:Category-買"), currency): value
        for (account, currency), value in sums.items()
    }


def under(sums: Sums, account: str) -> Counter[str]:
    """Return the sums of an account and all below it by currency."""
    found: Counter[str] = Counter()
    for (name, currency), value in sums.items():
        if name.startswith(account):
            found[currency] += value  # type: ignore[assignment]  # a Counter of Decimals
    return found


def find_undivided(books: str, by: str) -> Iterator[str]:
    """Yield the ids of the documents whose entries say that they are not divided by tax, or by item."""
    for entry in books.split("\n\n"):
        if f"; not split by {by}: " in entry:
            yield entry.splitlines()[0].rpartition("^")[2]


def test_the_programs_read_the_same_books_and_the_csv_has_the_same_sums(
    books: Mapping[str, str], tmp_path: Path
) -> None:
    for name, kind in (("a.beancount", "beancount"), ("a.journal", "ledger"), ("a.csv", "csv")):
        (tmp_path / name).write_text(books[kind], encoding="utf-8", newline="")
    (tmp_path / "a.csv.rules").write_text(books["hledger-rules"], encoding="utf-8")
    found = read_beancount(tmp_path / "a.beancount")
    plain = read_hledger(tmp_path / "a.journal")
    assert plain == read_ledger(tmp_path / "a.journal")
    assert as_in_beancount(plain) == found

    rows = list(csv.DictReader(io.StringIO(books["csv"], newline="")))
    assert len(rows) == COUNT
    charged = add_up(("all", row["currency"], Decimal(row["amount"])) for row in rows)
    assert under(found, "Expenses:") + under(found, VAT) == under(charged, "all")
    assert under(found, "Assets:Unassigned") == {currency: -value for currency, value in under(charged, "").items()}
    by_csv = read_hledger(tmp_path / "a.csv")
    assert under(by_csv, "Expenses:") == under(charged, "all")

    undivided = set(find_undivided(books["beancount"], "tax"))
    assert 0 < len(undivided) < COUNT / 5
    taxed = [row for row in rows if row["document_id"] not in undivided]
    names = [name for name in rows[0] if re.fullmatch(r"tax (\S+ %|other)", name)]
    assert len(names) == len(RATES) + 1
    for name in names:
        account = VAT + name.removeprefix("tax ").removesuffix(" %").replace(".", "-").replace("other", "Other")
        sums = add_up((account, row["currency"], Decimal(row[name] or 0)) for row in taxed)
        assert {key: value for key, value in found.items() if key[0] == account} == sums
        assert sums or name == "tax 0 %"


def test_what_the_books_divide_by_item_is_what_the_csv_of_items_says(books: Mapping[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(books["csv&items=1"], newline="")))
    undivided = set(find_undivided(books["beancount"], "item"))
    assert 0 < len(undivided) < COUNT / 2
    by_document: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        words = re.findall(r"\w+", row["category"]) or ["Other"]
        by_document[row["document_id"]].add(f"Expenses:{'Category-' * ('買い物' in words)}{'-'.join(words)}")
    entries = [entry for entry in books["beancount"].split("\n\n") if " * " in entry.splitlines()[0]]
    assert len(entries) == COUNT
    divided = 0
    for entry in entries:
        number = entry.splitlines()[0].rpartition("^")[2]
        accounts = set(re.findall(r"^  (Expenses:\S+)  ", entry, re.MULTILINE))
        if number in undivided:
            assert len(accounts) == 1
        elif len(accounts) > 1:
            divided += 1
            assert len(accounts - by_document[number]) <= 1, "but for the document's own"
    assert divided > COUNT / 5
