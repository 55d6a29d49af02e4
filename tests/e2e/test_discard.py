"""Discarding documents and putting them back, as a person does."""

from __future__ import annotations

import json
import shlex

from tests.e2e import papers
from tests.e2e.house import House

from expensed.shown_commands import command


def drop(house: House, name: str, number: int) -> None:
    """Drop the receipt of that number."""
    house.drop(f"{name}.pdf", papers.pdf(papers.receipt_lines(number)))


def drop_doubtful(house: House, name: str, number: int) -> None:
    """Drop a receipt that may be the same as the one of that number: neither time nor number tells."""
    lines = [line.removesuffix(" 10:24") for line in papers.receipt_lines(number)]
    house.drop(f"{name}.pdf", papers.pdf(lines[:-1]))


def advised(house: House, note: str, word: str) -> list[str]:
    """Return the arguments of the command with this word that a note advises."""
    lines = (house.archive / note).read_text().splitlines()
    (found,) = [line for line in lines if f" {word}" in line and command() in line]
    return shlex.split(found[found.index(command()) :].removeprefix(command()))


def test_a_suspected_duplicate_is_discarded_as_its_note_says_and_put_back(shared_house: House) -> None:
    house = shared_house
    drop(house, "one", 1)
    house.wait_for(one="filed")
    drop_doubtful(house, "other", 1)
    house.wait_for(other="review")
    first, second = house.find_id("one.pdf"), house.find_id("other.pdf")
    done = house.run(*advised(house, "_review/other.pdf.why.txt", "--duplicate-of"))
    assert (done.returncode, done.stdout) == (0, f"{second}: discarded, now _discarded/other.pdf\n"), done.stderr
    house.wait_for(one="filed", other="discarded")
    assert not (house.archive / "_review/other.pdf").exists()
    sidecar = json.loads((house.archive / "_discarded/other.pdf.json").read_text())
    assert sidecar["kind"] == "discarded"
    assert {key: sidecar["discarded"][key] for key in ("reason", "duplicate_of", "state", "path")} == {
        "reason": "duplicate", "duplicate_of": first, "state": "review", "path": "_review/other.pdf",
    }  # fmt: skip
    assert f"the same expense as {first}" in (house.archive / "_discarded/other.pdf.why.txt").read_text()
    assert house.get("/api/stats")["documents"]["discarded"] == house.get("/api/stats")["today"]["discarded"] > 0
    done = house.run(*advised(house, "_discarded/other.pdf.why.txt", "--undo"))
    assert (done.returncode, done.stdout) == (0, f"{second}: put back as _review/other.pdf\n"), done.stderr
    house.wait_for(other="review")
    assert "--duplicate-of" in (house.archive / "_review/other.pdf.why.txt").read_text()
    assert not list((house.archive / "_discarded").glob("other*"))


def test_what_was_filed_failed_or_seen_before_goes_and_comes_back_to_where_it_was(shared_house: House) -> None:
    house = shared_house
    drop(house, "a", 2)
    house.wait_for(a="filed")
    drop(house, "twin", 2)
    house.drop("broken.pdf", b"%PDF-1.4\nthis is no document at all\nstartxref\n9\n%%EOF\n")
    house.wait_for(twin="duplicate", broken="failed")
    files = ("a.pdf", "twin.pdf", "broken.pdf")
    before = {file: house.find_path(file) for file in files}
    for file in files[::-1]:
        assert house.post(f"/api/documents/{house.find_id(file)}/discard", {"not_an_expense": True})["http"] == 200
    house.wait_for(a="discarded", twin="discarded", broken="discarded")
    assert {house.find_path(file) for file in files} == {f"_discarded/{file}" for file in files}
    assert "a.pdf" not in house.run("export").stdout
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    for file in files:
        assert house.post(f"/api/documents/{house.find_id(file)}/undiscard", {})["http"] == 200
    house.wait_for(a="filed", twin="duplicate", broken="failed")
    assert {file: house.find_path(file) for file in files} == before
    assert house.run("retry", "broken.pdf").returncode == 0
    house.wait_for(broken="failed")


def test_discarded_bytes_that_come_again_wait_for_a_person(shared_house: House) -> None:
    house = shared_house
    drop(house, "before", 3)
    house.wait_for(before="filed")
    before = house.find_id("before.pdf")
    assert house.run("discard", "before.pdf", "--not-an-expense").returncode == 0
    drop(house, "again", 3)
    house.wait_for(again="review")
    note = (house.archive / "_review/again.pdf.why.txt").read_text()
    assert f"as not an expense (document {before})" in note
    refused = house.post(f"/api/documents/{before}/undiscard", {})
    assert (refused["http"], "has the same bytes" in refused["error"]) == (409, True)
    again = house.find_id("again.pdf")
    refused = house.post(f"/api/documents/{again}/discard", {"duplicate_of": before})
    assert (refused["http"], "would not be counted at all" in refused["error"]) == (409, True)
    house.post("/api/process", {"file_id": again, "expense_data": {}})
    house.wait_for(before="discarded", again="filed")


def test_an_upload_that_was_never_filed_is_discarded_and_comes_back_into_review(shared_house: House) -> None:
    house = shared_house
    file_id = house.upload("up.pdf", papers.pdf(papers.receipt_lines(4)))["file_id"]
    moved = house.post(f"/api/documents/{file_id}/discard", {"not_an_expense": True})
    assert (moved["http"], moved["state"], moved["path"]) == (200, "discarded", "_discarded/up.pdf")
    house.wait_for(up="discarded")
    assert not [path for path in house.claimed() if path.name == "up.pdf"]
    moved = house.post(f"/api/documents/{file_id}/undiscard", {})
    assert (moved["http"], moved["state"], moved["path"]) == (200, "review", "_review/up.pdf")
