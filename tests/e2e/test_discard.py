"""Discarding documents and putting them back, as a person does."""

from __future__ import annotations

import json
import shlex

from tests.e2e import papers
from tests.e2e.house import House

from expensed.shown_commands import command

LINES = papers.receipt_lines(1)
FILED_AS = "2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"


def find_id(house: House, file: str) -> str:
    return str(house.rows("SELECT id FROM documents WHERE file = ?", file)[0]["id"])


def places(house: House) -> list[str]:
    """Return every document's path in the archive."""
    return sorted(path for paths in house.archived().values() for path in paths)


def advised(house: House, note: str, word: str) -> list[str]:
    """Return the arguments of the command with this word that a note advises."""
    lines = (house.archive / note).read_text().splitlines()
    (found,) = [line for line in lines if f" {word}" in line and command() in line]
    return shlex.split(found[found.index(command()) :].removeprefix(command()))


def test_a_suspected_duplicate_is_discarded_as_its_note_says_and_put_back(house: House) -> None:
    house.start()
    house.drop("a.pdf", papers.pdf(LINES))
    house.wait_quiet(1)
    house.drop("b.pdf", papers.pdf(LINES) + b"\n")
    house.wait_quiet(2)
    first, second = find_id(house, "a.pdf"), find_id(house, "b.pdf")
    done = house.run(*advised(house, "_review/b.pdf.why.txt", "--duplicate-of"))
    assert (done.returncode, done.stdout) == (0, f"{second}: discarded, now _discarded/b.pdf\n"), done.stderr
    assert places(house) == [FILED_AS, "_discarded/b.pdf"]
    sidecar = json.loads((house.archive / "_discarded/b.pdf.json").read_text())
    assert sidecar["kind"] == "discarded"
    assert {key: sidecar["discarded"][key] for key in ("reason", "duplicate_of", "state", "path")} == {
        "reason": "duplicate", "duplicate_of": first, "state": "review", "path": "_review/b.pdf",
    }  # fmt: skip
    assert f"the same expense as {first}" in (house.archive / "_discarded/b.pdf.why.txt").read_text()
    assert house.run("export", "--format", "csv").stdout.count("\n") == 2
    assert "1 filed, 1 discarded" in house.run("status").stdout
    assert house.check().returncode == 0, house.check().stdout
    done = house.run(*advised(house, "_discarded/b.pdf.why.txt", "--undo"))
    assert (done.returncode, done.stdout) == (0, f"{second}: put back as _review/b.pdf\n"), done.stderr
    assert places(house) == [FILED_AS, "_review/b.pdf"]
    assert "--duplicate-of" in (house.archive / "_review/b.pdf.why.txt").read_text()
    assert not list((house.archive / "_discarded").iterdir())
    assert house.check().returncode == 0, house.check().stdout


def test_what_was_filed_failed_or_seen_before_goes_and_comes_back_to_where_it_was(house: House) -> None:
    house.start()
    house.drop("a.pdf", papers.pdf(LINES))
    house.wait_quiet(1)
    house.drop("twin.pdf", papers.pdf(LINES))
    house.drop("broken.docx", b"no receipt at all\n")
    house.wait_quiet(3)
    before = places(house)
    for file in ("twin.pdf", "broken.docx", "a.pdf"):
        assert house.run("discard", file, "--not-an-expense").returncode == 0
    assert places(house) == ["_discarded/a.pdf", "_discarded/broken.docx", "_discarded/twin.pdf"]
    assert not (house.archive / "2024").exists(), "empty folders that expensed made are removed"
    assert set(house.states().values()) == {"discarded"}
    assert house.run("export").stdout.count("\n") == 1
    for file in ("a.pdf", "broken.docx", "twin.pdf"):
        done = house.run("discard", "--undo", file)
        assert done.returncode == 0, done.stderr
    assert places(house) == before
    assert house.states() == {"a.pdf": "filed", "twin.pdf": "duplicate", "broken.docx": "failed"}
    assert house.check().returncode == 0, house.check().stdout
    assert house.run("retry", "broken.docx").returncode == 0
    house.wait_quiet(3)
    assert house.states()["broken.docx"] == "failed"


def test_discarded_bytes_that_come_again_wait_for_a_person(house: House) -> None:
    house.start()
    house.drop("a.pdf", papers.pdf(LINES))
    house.wait_quiet(1)
    assert house.run("discard", "a.pdf", "--not-an-expense").returncode == 0
    house.drop("again.pdf", papers.pdf(LINES))
    house.wait_quiet(2)
    assert house.states() == {"a.pdf": "discarded", "again.pdf": "review"}
    note = (house.archive / "_review/again.pdf.why.txt").read_text()
    assert f"as not an expense (document {find_id(house, 'a.pdf')})" in note
    refused = house.run("discard", "--undo", "a.pdf")
    assert (refused.returncode, "has the same bytes" in refused.stderr) == (1, True)
    refused = house.run("discard", "again.pdf", "--duplicate-of", "a.pdf")
    assert (refused.returncode, "would not be counted at all" in refused.stderr) == (1, True)
    assert house.run("file", "again.pdf").returncode == 0
    assert places(house) == [FILED_AS, "_discarded/a.pdf"]


def test_an_upload_that_was_never_filed_is_discarded_and_comes_back_into_review(house: House) -> None:
    house.start()
    file_id = house.upload("up.pdf", papers.pdf(LINES))["file_id"]
    moved = house.post(f"/api/documents/{file_id}/discard", {"not_an_expense": True})
    assert (moved["http"], moved["state"], moved["path"]) == (200, "discarded", "_discarded/up.pdf")
    assert not house.claimed()
    moved = house.post(f"/api/documents/{file_id}/undiscard", {})
    assert (moved["http"], moved["state"], moved["path"]) == (200, "review", "_review/up.pdf")
    assert house.check().returncode == 0, house.check().stdout
