"""Labels that the first engine has not seen: where they are looked for."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from expensed.model.reading import Lean, Page, Word
from expensed.reading.scripts.lost_labels import find_lost_labels

PAGE = Page(1, 1000, 1000, (), "image")
LEVEL = Lean(0.0, 0.0)


def word(text, left, top, right, bottom):
    return Word(text, 1, (left, top, right, bottom), 0.9)


def find(*words, lean=LEVEL, right_to_left=False):
    return [blank.box for blank in find_lost_labels(PAGE, words, lean, right_to_left=right_to_left)]


def column(length):
    """Return sums below each other, all the same way down the page."""
    return [word(f"{n}.00", 0.7, n / length, 0.9, (n + 0.5) / length) for n in range(length)]


SHOP = word("दुकान", 0.1, 0.1, 0.4, 0.14)


def test_a_label_is_looked_for_on_the_left_of_a_sum_that_stands_alone():
    (box,) = find(SHOP, word("रु. 569.00", 0.7, 0.5, 0.9, 0.54))
    assert box == pytest.approx((0.1, 0.5, 0.684, 0.54))


def test_a_label_is_looked_for_on_the_right_in_a_script_that_runs_right_to_left():
    (box,) = find(word("متجر", 0.6, 0.1, 0.9, 0.14), word("569.00", 0.1, 0.5, 0.3, 0.54), right_to_left=True)
    assert box == pytest.approx((0.316, 0.5, 0.9, 0.54))


def test_nothing_is_looked_for_beside_a_sum_with_a_label_or_another_number():
    assert not find(SHOP, word("कुल", 0.1, 0.5, 0.2, 0.54), word("569.00", 0.7, 0.5, 0.9, 0.54))
    assert not find(SHOP, word("13598", 0.7, 0.5, 0.9, 0.54))


def test_the_label_of_a_sum_on_a_page_that_leans_is_looked_for_where_its_row_runs():
    (box,) = find(SHOP, word("569.00", 0.7, 0.5, 0.9, 0.54), lean=Lean(0.05, 0.05))
    assert (box[1] + box[3]) / 2 == pytest.approx(0.52 - 0.05 * (0.8 - 0.392), abs=0.001)
    assert not find(
        SHOP, word("कुल", 0.1, 0.465, 0.2, 0.505), word("569.00", 0.7, 0.5, 0.9, 0.54), lean=Lean(0.05, 0.05)
    )


def test_labels_are_looked_for_beside_the_last_sums_in_their_order():
    sums = column(20)
    tops = [top for _, top, _, _ in find(SHOP, *sums)]
    assert tops == pytest.approx([each.box[1] for each in sums[-8:]])


def test_a_page_full_of_sums_is_searched_in_no_time():
    pairs = [replace(each, box=(0.1 + shift, *each.box[1:])) for shift in (0.0, 0.4) for each in column(4_000)]
    started = time.process_time()
    assert not find(*pairs)
    assert time.process_time() - started < 2


def test_nothing_is_looked_for_on_a_page_without_width():
    assert not find_lost_labels(
        replace(PAGE, width=0), [SHOP, word("569.00", 0.7, 0.5, 0.9, 0.54)], LEVEL, right_to_left=False
    )
