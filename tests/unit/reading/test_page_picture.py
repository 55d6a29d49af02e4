"""A page as a picture: upright, of moderate size, with marks where they belong."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.documents.drawing import draw_receipt, encode, write_pdf
from tests.documents.samples import TILL_RECEIPT

from expensed.errors import Corrupt, NoSuchPage, UnsupportedKind
from expensed.model.reading import Mark
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.page_picture import LONGEST_CROP, LONGEST_SIDE, draw_page

OPTIONS = ReadingOptions()
RECEIPT = draw_receipt(TILL_RECEIPT)


def drawn(*arguments, **options):
    return Image.open(io.BytesIO(draw_page(*arguments, **options)))


def test_a_picture_keeps_its_size_and_a_large_one_is_made_smaller():
    assert drawn(encode(RECEIPT), 1, OPTIONS).size == RECEIPT.size
    large = RECEIPT.resize((RECEIPT.width * 6, RECEIPT.height * 6))
    assert max(drawn(encode(large), 1, OPTIONS).size) == LONGEST_SIDE


def test_a_page_that_lay_on_its_side_is_set_upright():
    lying = RECEIPT.rotate(90, expand=True)
    assert drawn(encode(lying), 1, OPTIONS, turns=3).size == RECEIPT.size


def test_marks_are_drawn_on_their_page_only_where_they_say():
    plain = np.asarray(drawn(encode(RECEIPT, "PNG"), 1, OPTIONS))
    marks = [Mark(1, (0.25, 0.25, 0.5, 0.5), "amount"), Mark(2, (0.7, 0.7, 0.9, 0.9), "date")]
    marked = np.asarray(drawn(encode(RECEIPT, "PNG"), 1, OPTIONS, marks=marks))
    rows, columns = np.nonzero((plain != marked).any(axis=2))
    assert abs(columns.min() / RECEIPT.width - 0.25) < 0.02
    assert abs(columns.max() / RECEIPT.width - 0.5) < 0.02
    assert abs(rows.max() / RECEIPT.height - 0.5) < 0.02


def test_each_page_of_a_pdf_and_a_tiff_can_be_had_and_no_other():
    pdf = write_pdf([[(60, 60, "one")], [(60, 60, "two")]])
    tiff = encode(RECEIPT, "TIFF", save_all=True, append_images=[RECEIPT])
    for data in (pdf, tiff):
        assert drawn(data, 2, OPTIONS).size[1] > 100
        with pytest.raises(NoSuchPage):
            draw_page(data, 3, OPTIONS)


def test_a_part_is_drawn_with_what_stands_beside_it_and_never_large():
    part = drawn(encode(RECEIPT), 1, OPTIONS, crop=(0.6, 0.5, 0.7, 0.52))
    assert part.width > 4 * part.height
    assert part.width <= LONGEST_CROP
    large = RECEIPT.resize((RECEIPT.width * 6, RECEIPT.height * 6))
    assert max(drawn(encode(large), 1, OPTIONS, crop=(0.0, 0.0, 1.0, 1.0)).size) == LONGEST_CROP


def test_a_part_of_a_page_that_lay_on_its_side_is_that_of_the_upright_page():
    lying = RECEIPT.rotate(90, expand=True)
    upright, turned = (
        np.asarray(drawn(encode(picture, "PNG"), 1, OPTIONS, turns=turns, crop=(0.1, 0.1, 0.9, 0.2)))
        for picture, turns in ((RECEIPT, 0), (lying, 3))
    )
    assert np.array_equal(upright, turned)


@pytest.mark.parametrize(("data", "error"), [(b"\xff\xd8\xff\xe0 broken", Corrupt), (b"words", UnsupportedKind)])
def test_what_cannot_be_drawn_is_refused_with_a_sentence(data, error):
    with pytest.raises(error):
        draw_page(data, 1, OPTIONS)
