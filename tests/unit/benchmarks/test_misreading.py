"""Words are misread as an engine misreads, and what the paper says stays tellable."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from benchmarks.misreading import Habits, Misreader, TrueWord, learn_habits, load_true_words, pair_lines
from tests.documents.readings import make_reading

from expensed.model.reading import Page, Word

ALWAYS = Misreader(Habits({"o": {"0": 1}, "m": {"n": 1}, "5": {"6": 1}, ".": {",": 1}}), 1.0, 0.0, 0.0)


def read(*lines, misreader=ALWAYS, seed=0):
    return [word.text for word in misreader.read(make_reading(*lines), Random(seed)).words]


def word(text, confidence=0.9):
    return Word(text, 1, (0.1, 0.1, 0.5, 0.2), confidence)


def test_what_was_read_as_what_is_counted():
    found = learn_habits([("Commission", word("connission", 0.7)), ("room", word("r0om")), ("room", word("r0om"))])
    assert found.confusions == {"m": {"n": 2}, "o": {"0": 2}}
    assert found.confidences == [0.7, 0.9, 0.9]


def test_what_was_seen_once_or_in_another_line_does_not_count():
    assert not learn_habits([("room", word("roon")), ("total", word("12.50"))]).confusions


def test_case_and_blanks_are_no_confusion():
    assert not learn_habits([("TOTAL DUE", word("Totaldue"))] * 2).confusions


def test_true_words_in_one_box_are_one_line():
    page = Page(1, 100, 100, (word("Net total"),), "image")
    inside = [TrueWord("total", (0.3, 0.1, 0.5, 0.2)), TrueWord("Net", (0.1, 0.1, 0.2, 0.2))]
    outside = TrueWord("12.50", (0.8, 0.1, 0.9, 0.2))
    assert [true for true, _ in pair_lines([*inside, outside], page)] == ["Nettotal"]


def test_true_words_are_loaded_from_either_kind_of_file(tmp_path):
    row = {"file": "img/a.jpg", "width": 100, "height": 200, "words": [["Net", [10, 20, 30, 40], "Total_key"]]}
    (tmp_path / "words.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "b.csv").write_text("10,20,30,20,30,40,10,40,Net, total\n")
    found = load_true_words(tmp_path, {"b.jpg": Page(1, 100, 200, (), "image")})
    box = (0.1, 0.1, 0.3, 0.2)
    assert found == {"a.jpg": [TrueWord("Net", box)], "b.jpg": [TrueWord("Net, total", box)]}


def test_letters_are_misread_in_their_case():
    assert read("Moom") == ["N00n"]


def test_a_letter_never_confused_is_taken_for_another_of_its_script_on_the_paper():
    (text,) = read("Δέλτα xyz")
    assert set(text.split()[0]) <= set("Δέλτα")


def test_a_number_said_once_stays():
    assert read("55.5 mm") == ["55.5 nn"]


@pytest.mark.parametrize("seed", range(5))
def test_a_number_said_twice_is_misread_in_one_place(seed):
    assert sorted(read("5.55", "$5.55", seed=seed)) in (["$5.55", "6,66"], ["$6,66", "5.55"])


def test_a_short_number_said_twice_by_chance_stays():
    assert read("5", "5") == ["5", "5"]


def test_no_letter_beside_a_number_becomes_a_digit():
    assert read("MO12.40", "12.50o") == ["NO12.40", "12.50o"]


def test_about_as_many_letters_are_misread_and_lines_dropped_as_asked_for():
    lines = ["room"] * 2_000
    found = Counter(read(*lines, misreader=replace(ALWAYS, misread=0.02, dropped=0.02)))
    assert 1_930 < found.total() < 1_990
    assert 110 < sum(found[text] for text in found if text != "room") < 200


def test_boxes_are_shifted_by_a_part_of_their_height():
    reading = make_reading("Total | 12.50")
    shifted = replace(ALWAYS, shift=0.1).read(reading, Random(0))
    for before, after in zip(reading.words, shifted.words, strict=True):
        height = before.box[3] - before.box[1]
        assert 0 < abs(after.box[1] - before.box[1]) <= 0.1 * height
        assert after.box[3] - after.box[1] == pytest.approx(height)


def test_the_engine_is_less_sure_of_a_line_that_it_misreads():
    unsure = replace(ALWAYS, habits=replace(ALWAYS.habits, confidences=[0.8]))
    found = unsure.read(make_reading("Moon", "12.40"), Random(0)).words
    assert [each.confidence for each in found] == [0.8, 1.0]


def test_the_same_seed_misreads_alike():
    lines = ["room for more"] * 30
    rarely = replace(ALWAYS, misread=0.05)
    assert read(*lines, misreader=rarely, seed=1) == read(*lines, misreader=rarely, seed=1)
    assert read(*lines, misreader=rarely, seed=1) != read(*lines, misreader=rarely, seed=2)
