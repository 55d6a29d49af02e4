"""Documents found by their words, and what corrections teach, on a real SQLite file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, insert_document, list_categories, update_document
from expensed.ledger.migrate import find_migrations
from expensed.ledger.migrations import m0001_initial
from expensed.ledger.queries.search import MOST_WORDS, Search, match_expression, search_documents
from expensed.ledger.store import Ledger
from expensed.model.breakdown import Item
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root


def read_as(vendor: str | None) -> Expense:
    return Expense(vendor=vendor, confidence=0)


async def add(ledger: Ledger, name: str, vendor: str | None = None, text: str | None = None) -> int:
    async with ledger.transaction() as tx:
        place = Place(Root.INBOX, f".expensed/{name}/{name}")
        new = NewDocument(name, DocumentOrigin.DROP, name, name, "00", 1, 1, place)
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        await update_document(tx, number, result=read_as(vendor), text=text)
        return number


def sold(*items: str | None) -> Expense:
    return Expense(vendor="Obi", confidence=0, items=tuple(Item(description=item) for item in items))


async def find(ledger: Ledger, words: str) -> list[str]:
    return [document.id for document in await search_documents(ledger, Search(words=words))]


async def test_a_ledger_of_the_first_schema_is_searched_after_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    old = sqlite3.connect(path)
    for statement in m0001_initial.STATEMENTS:
        old.execute(statement)
    old.execute(
        "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, result, text,"
        " created_at, updated_at) VALUES ('old', 'drop', x'61', 'a.pdf', 'filed', '00', 1, 1, 'archive', x'61', ?,"
        " 'Brot und Milch', '', '')",
        [json.dumps({"vendor": "Bäckerei", "date": "2024-01-15", "category": "Other", "confidence": 92})],
    )
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    ledger = Ledger(path, Bus())
    await ledger.open()
    try:
        assert await find(ledger, "backerei milch") == ["old"]
        (found,) = await search_documents(ledger, Search(since="2024-01-15", until="2024-01-15", category="Other"))
        assert (found.id, found.turns) == ("old", None)
    finally:
        await ledger.close()


async def test_the_index_follows_every_change(ledger: Ledger) -> None:
    number = await add(ledger, "scan_1.pdf", "Bakery", "bread")
    await add(ledger, "scan_2.pdf", "Books")
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=read_as("Baker & Sons"), state=DocumentState.FILED)
        await update_document(tx, number, text="rolls", outcome=None)
        await update_document(tx, number, result=None, text=None)
        await update_document(tx, number, result=read_as("Baker & Sons"), text="rolls")
    assert await find(ledger, "baker sons rolls") == ["scan_1.pdf"]
    assert await find(ledger, "bread") == await find(ledger, "bakery") == []
    assert await find(ledger, "scan") == ["scan_2.pdf", "scan_1.pdf"]
    async with ledger.transaction() as tx:
        await tx.execute("INSERT INTO documents_words (documents_words, rank) VALUES ('integrity-check', 1)")
        await tx.execute("DELETE FROM documents WHERE number = ?", number)
        await tx.execute("INSERT INTO documents_words (documents_words, rank) VALUES ('integrity-check', 1)")
    assert await find(ledger, "rolls") == []


async def test_items_are_found_by_their_descriptions_as_they_are_now(ledger: Ledger) -> None:
    number = await add(ledger, "a.pdf", "Obi", "Bohrmaschine 99,00")
    await add(ledger, "b.pdf", "Obi")
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=sold("Cordless drill", None, "Sägeblatt"))
    assert await find(ledger, "sageb drill obi") == ["a.pdf"]
    async with ledger.transaction() as tx:
        await update_document(tx, number, state=DocumentState.FILED)
        await update_document(tx, number, result=sold("Hammer", "Cordless"))
    assert await find(ledger, "drill") == await find(ledger, "goods") == await find(ledger, "null") == []
    assert await find(ledger, "hammer cordless bohr") == ["a.pdf"]
    (found,) = await search_documents(ledger, Search(words="hammer", vendor="obi"))
    assert found.result is not None
    assert found.result.items == ()
    assert await search_documents(ledger, Search(vendor="hammer")) == []
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=None)
    assert await find(ledger, "hammer") == []
    assert await find(ledger, "bohr") == ["a.pdf"]


VOCABULARY = "SELECT term, doc, col, offset FROM {}_terms ORDER BY term, doc, col, offset"


async def test_the_index_holds_exactly_what_the_documents_do(ledger: Ledger) -> None:
    for number in range(5):
        await add(ledger, f"{number}.pdf", f"Vendor {number}", "some text")
    async with ledger.transaction() as tx:
        for number, read in enumerate((sold("a b"), sold(), sold("a", "c"), sold(None), sold("x")), 1):
            await update_document(tx, number, result=read)
        for number, read in enumerate((sold("b a"), sold("n"), sold("a", "c"), sold(None), sold()), 1):
            await update_document(tx, number, result=read, text="more text")
        await tx.execute("DELETE FROM documents WHERE number = 3")
        await tx.execute("CREATE VIRTUAL TABLE fresh USING fts5 (vendor, file, text, items, content = '',"
                         ' tokenize = "unicode61 remove_diacritics 2", prefix = "1 2 3")')  # fmt: skip
        (fill,) = (each for each in dict(find_migrations())[11] if "SELECT number" in each)
        await tx.execute(fill.replace("INTO documents_words", "INTO fresh"))
        for table in ("documents_words", "fresh"):
            await tx.execute(f"CREATE VIRTUAL TABLE {table}_terms USING fts5vocab ('{table}', 'instance')")
        found, expected = [
            [tuple(row) for row in await tx.all(VOCABULARY.format(table))] for table in ("documents_words", "fresh")
        ]
    assert found == expected
    assert len(found) > 20


async def test_a_ledger_of_before_has_its_items_indexed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    old = sqlite3.connect(path)
    for version, statements in find_migrations():
        if version <= 10:
            for statement in statements:
                old.execute(statement)
    items = [{"kind": "goods", "description": "Cordless drill"}, {"kind": "goods", "description": None}]
    for name, told in (("new", {"items": items}), ("old", {})):
        result = {"vendor": "Bäckerei", "date": "2024-01-15", "category": "Other", "confidence": 92} | told
        old.execute(
            "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, result, text,"
            " created_at, updated_at) VALUES (?, 'drop', x'61', 'a.pdf', 'filed', '00', 1, 1, 'archive', x'61', ?,"
            " 'Brot und Milch', '', '')",
            [name, json.dumps(result)],
        )
    old.execute("PRAGMA user_version = 10")
    old.commit()
    old.close()
    ledger = Ledger(path, Bus())
    await ledger.open()
    try:
        assert await find(ledger, "backerei drill") == ["new"]
        assert await find(ledger, "milch") == ["old", "new"]
        async with ledger.transaction() as tx:
            await update_document(tx, 1, result=sold("Hammer"))
        assert await find(ledger, "drill") == []
        assert await find(ledger, "hammer milch") == ["new"]
    finally:
        await ledger.close()


async def fail_to_rename(ledger: Ledger, number: int) -> None:
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=read_as("Books"))
        raise ZeroDivisionError


async def test_what_did_not_come_to_its_commit_is_not_found(ledger: Ledger) -> None:
    number = await add(ledger, "a.pdf", "Bakery")
    with pytest.raises(ZeroDivisionError):
        await fail_to_rename(ledger, number)
    assert await find(ledger, "books") == []
    assert await find(ledger, "bakery") == ["a.pdf"]


def test_nothing_typed_is_nothing_looked_for() -> None:
    assert match_expression(None, " ") is match_expression("", None) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_a_query(words: str, vendor: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (vendor, file, text)")
    expression = match_expression(words, vendor)
    if expression is not None:
        connection.execute("SELECT * FROM words WHERE words MATCH ?", [expression]).fetchall()
    connection.close()


def test_a_very_long_query_is_cut() -> None:
    expression = match_expression("word " * 10_000, None)
    assert expression is not None
    assert expression.count("word") == MOST_WORDS


async def test_what_is_found_does_not_carry_its_text(ledger: Ledger) -> None:
    await add(ledger, "a", "Adobe", "a long text")
    (found,) = await search_documents(ledger, Search(words="long"))
    assert (found.text, found.result) == (None, read_as("Adobe"))


async def test_payer_and_project_are_found_by_their_words(ledger: Ledger) -> None:
    number = await add(ledger, "a.pdf", "Obi")
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=replace(sold("Hammer"), payer="Anna Müller", project="Roof"))
    assert await find(ledger, "roof muller hammer") == ["a.pdf"]
    async with ledger.transaction() as tx:
        await update_document(tx, number, result=replace(sold("Hammer"), payer="Berta"))
        await tx.execute("INSERT INTO documents_words (documents_words, rank) VALUES ('integrity-check', 1)")
    assert await find(ledger, "roof") == await find(ledger, "anna") == []
    assert await find(ledger, "berta hammer") == ["a.pdf"]


async def test_the_index_of_a_ledger_of_before_follows_the_first_payer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        for version, statements in find_migrations():
            if version <= 13:
                for statement in statements:
                    old.execute(statement)
        result = json.dumps({"vendor": "Obi", "confidence": 0, "items": [{"description": "Hammer"}]})
        old.execute(
            "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, result, text,"
            " created_at, updated_at) VALUES ('old', 'drop', x'61', 'a.pdf', 'filed', '00', 1, 1, 'archive', x'61', ?,"
            " 'words', '', '')",
            [result],
        )
        old.execute("PRAGMA user_version = 13")
        old.commit()
    ledger = Ledger(path, Bus())
    await ledger.open()
    try:
        assert await find(ledger, "hammer words") == ["old"]
        async with ledger.transaction() as tx:
            await update_document(tx, 1, result=Expense(vendor="Obi", confidence=0, payer="Anna"))
        assert await find(ledger, "anna words") == ["old"]
        assert await find(ledger, "hammer") == []
    finally:
        await ledger.close()


async def test_the_categories_in_use_are_listed_once_each(ledger: Ledger) -> None:
    assert await list_categories(ledger) == []
    for number, category in enumerate(("Hobby", None, "Groceries", "Hobby", "Zoo")):
        document = await add(ledger, f"{number}.pdf")
        async with ledger.transaction() as tx:
            await update_document(tx, document, result=Expense(category=category, confidence=0))
    assert await list_categories(ledger) == ["Groceries", "Hobby", "Zoo"]
