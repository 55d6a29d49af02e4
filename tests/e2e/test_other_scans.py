"""Another scan or photo of a paper: set aside, named, and filed all the same if a person says so."""

from __future__ import annotations

import json
import shlex

import numpy as np
from PIL import Image
from tests.documents.drawing import draw_purchase, encode, lay_on_table
from tests.e2e import papers
from tests.e2e.house import House

from expensed.shown_commands import command


def photo(degrees: float, quality: int = 40) -> bytes:
    """Return a photo of that receipt: turned, on a table, darker, saved poorly."""
    laid = lay_on_table(draw_purchase().convert("L"), degrees=degrees)
    return encode(laid.point(lambda value: int(value * 0.85)), quality=quality)


def test_a_turned_and_saved_again_copy_is_a_duplicate_that_names_the_first(house: House) -> None:
    house.start()
    house.drop("scan.png", encode(draw_purchase(), "PNG"))
    house.wait_quiet(1)
    first, path = house.find_id("scan.png"), house.find_path("scan.png")
    house.drop("photo.jpg", photo(3))
    house.drop("upside down.jpg", photo(180, quality=60))
    house.wait_quiet(3)
    assert house.states()["photo.jpg"] == house.states()["upside down.jpg"] == "duplicate", house.describe()
    assert house.find_path("scan.png") == path
    note = (house.archive / "_duplicates/photo.jpg.why.txt").read_text()
    assert f"It shows the same paper as {path} (document {first}), in another scan: it has the same time" in note
    assert "same bytes" not in note
    sidecar = json.loads((house.archive / "_duplicates/photo.jpg.json").read_text())
    assert sidecar["duplicate_of"] == sidecar["result"]["same_paper"]["document"] == first
    shown = house.get(f"/api/documents/{house.find_id('photo.jpg')}")
    assert shown["duplicate_of"] == shown["data"]["duplicate_of"] == first
    assert len(house.get(f"/api/documents/{first}")["duplicates"]) == 2
    uploaded = house.upload("again.jpg", photo(90))
    read = house.post(f"/api/extract/{uploaded['file_id']}", {"async": False})
    assert read["data"]["duplicate_of"] == first
    assert house.check().returncode == 0


def test_receipts_of_one_till_over_one_sum_on_one_day_are_both_filed(house: House) -> None:
    house.start()
    house.drop("one.png", encode(draw_purchase(), "PNG"))
    house.wait_quiet(1)
    house.drop("two.png", encode(draw_purchase("0048239", "11:52"), "PNG"))
    house.drop("three.png", encode(draw_purchase("0048305", "16:07", cash=50), "PNG"))
    house.wait_quiet(3)
    assert set(house.states().values()) == {"filed"}, house.describe()


def test_a_person_files_another_scan_all_the_same_as_its_note_says(house: House) -> None:
    house.start()
    lines = papers.receipt_lines(1)
    house.drop("one.pdf", papers.pdf(lines))
    house.wait_quiet(1)
    house.drop("two.pdf", papers.pdf(lines) + b"\n")
    house.drop("twin.pdf", papers.pdf(lines))
    house.wait_quiet(3)
    assert house.states() == {"one.pdf": "filed", "two.pdf": "duplicate", "twin.pdf": "duplicate"}
    assert f"{command()} file" not in (house.archive / "_duplicates/twin.pdf.why.txt").read_text()
    note = (house.archive / "_duplicates/two.pdf.why.txt").read_text()
    (line,) = [line for line in note.splitlines() if f"{command()} file " in line]
    done = house.run(*shlex.split(line[line.index(command()) :].removeprefix(command())))
    assert done.returncode == 0, done.stderr
    house.wait_quiet(3)
    assert house.states()["two.pdf"] == "filed"
    assert not list((house.archive / "_duplicates").glob("two*"))
    assert "_2." in house.find_path("two.pdf")
    assert house.get(f"/api/documents/{house.find_id('two.pdf')}")["duplicate_of"] is None
    assert house.check().returncode == 0


def test_two_scans_dropped_at_once_are_one_expense_whichever_is_read_first(house: House) -> None:
    house.start()
    lines = papers.receipt_lines(3)
    for number in range(4):
        house.drop(f"{number}.pdf", papers.pdf(lines) + b"\n" * number)
    house.wait_quiet(4)
    assert sorted(house.states().values()) == ["duplicate"] * 3 + ["filed"], house.describe()


def test_a_first_that_is_discarded_is_no_first(house: House) -> None:
    house.start()
    lines = papers.receipt_lines(4)
    house.drop("one.pdf", papers.pdf(lines))
    house.wait_quiet(1)
    house.post(f"/api/documents/{house.find_id('one.pdf')}/discard", {"not_an_expense": True})
    house.wait_quiet(1)
    house.drop("two.pdf", papers.pdf(lines) + b"\n")
    house.wait_quiet(2)
    assert house.states() == {"one.pdf": "discarded", "two.pdf": "filed"}


def test_other_scans_are_known_in_a_rebuilt_ledger(house: House) -> None:
    house.start()
    lines = papers.receipt_lines(5)
    house.drop("one.pdf", papers.pdf(lines))
    house.drop("two.pdf", papers.pdf(lines) + b"\n")
    house.wait_quiet(2)
    before = house.states()
    house.stop()
    for file in house.state.glob("ledger*"):
        file.unlink()
    assert house.run("rebuild").returncode == 0
    house.start()
    assert house.states() == before
    house.drop("three.pdf", papers.pdf(lines) + b"\n\n")
    house.wait_quiet(3)
    assert house.states()["three.pdf"] == "duplicate"


def shrink(picture: Image.Image, share: float) -> bytes:
    """Return a copy of a picture with this share of its width, saved poorly."""
    size = int(picture.width * share), int(picture.height * share)
    return encode(picture.resize(size, Image.Resampling.LANCZOS), quality=60)


def test_a_copy_that_is_hardly_legible_is_known_by_its_picture_but_waits_if_another_date_was_read(house: House) -> None:
    house.start()
    paper = lay_on_table(draw_purchase().convert("L"), degrees=1)
    rng = np.random.default_rng(7)
    grain = Image.fromarray(rng.integers(0, 256, (paper.height // 4, paper.width // 4), np.uint8)).resize(paper.size)
    first = Image.blend(paper, grain, 0.25)
    house.drop("photo.png", encode(first, "PNG"))
    house.wait_quiet(1)
    house.drop("small.jpg", shrink(first, 0.2))
    house.wait_quiet(2)
    assert house.states()["small.jpg"] == "duplicate", house.describe()
    note = (house.archive / "_duplicates/small.jpg.why.txt").read_text()
    assert f"(document {house.find_id('photo.png')}), in another scan: it has the same picture" in note
    house.drop("misread.jpg", shrink(first, 0.3))
    house.wait_quiet(3)
    assert house.states()["misread.jpg"] == "review", house.describe()
    assert house.find_id("photo.png") in (house.archive / "_review/misread.jpg.why.txt").read_text()
