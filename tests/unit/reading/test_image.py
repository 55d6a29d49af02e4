"""The paper is found on a table, whatever the table looks like, and nothing written is cut away."""

import numpy as np
import pytest
from tests.documents.drawing import draw_receipt
from tests.documents.samples import TILL_RECEIPT

from expensed.reading.image import crop_to_paper


def wood(shape, random):
    planks = 95 + 45 * np.sin(np.arange(shape[1]) / 9.0)[None, :] + random.normal(0, 22, shape)
    return np.clip(planks, 0, 255)


def stone(shape, random):
    grains = np.kron(random.integers(20, 215, (shape[0] // 8 + 1, shape[1] // 8 + 1)), np.ones((8, 8)))
    return grains[: shape[0], : shape[1]]


def slate(shape, random):
    return np.clip(random.normal(60, 5, shape), 0, 255)


@pytest.mark.parametrize("table", [slate, wood, stone], ids=lambda table: table.__name__)
def test_a_receipt_is_cut_out_of_the_table_around_it(table):
    sheet = np.asarray(draw_receipt(TILL_RECEIPT), dtype=np.uint8)
    high, wide = sheet.shape
    picture = table((high * 2, wide * 2), np.random.default_rng(3)).astype(np.uint8)
    left, top = wide // 2, high // 3
    picture[top : top + high, left : left + wide] = np.minimum(sheet, 235)
    crop, box = crop_to_paper(picture)
    assert crop.size < 1.6 * sheet.size
    ink = np.argwhere(sheet < 100)
    assert box[0] <= left + ink[:, 1].min()
    assert box[1] <= top + ink[:, 0].min()
    assert box[2] >= left + ink[:, 1].max()
    assert box[3] >= top + ink[:, 0].max()


def test_of_a_page_with_a_bright_and_a_grey_half_nothing_written_is_cut_away():
    sheet = np.asarray(draw_receipt(TILL_RECEIPT), dtype=np.uint8).copy()
    half = sheet.shape[0] // 2
    sheet[half:] = (sheet[half:] * 0.7).astype(np.uint8)
    ink = np.argwhere(sheet < 60)
    _, box = crop_to_paper(sheet)
    assert box[1] <= ink[:, 0].min()
    assert box[3] >= ink[:, 0].max()
