"""Changed copies of one picture, and pictures of other papers of the same till."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from tests.documents.drawing import draw_purchase, draw_receipt, encode, lay_on_table
from tests.documents.drawing import write_pdf as draw_pdf

from expensed.model.states import Likeness
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.picture_keys import make_picture_keys
from expensed.reading.whole_pictures.same_picture import compare_pictures

TABLE = 90
receipt = partial(draw_purchase, with_coffee=False)
Change = Callable[[Image.Image], Image.Image]
CHANGES: dict[str, Change] = {
    "turned a little": lambda picture: picture.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE),
    "upside down": lambda picture: picture.rotate(172, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE),
    "half": lambda picture: picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS),
    "double": lambda picture: picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.35),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.6),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(1)),
    "noisy": lambda picture: add_grain(picture, 18, seed=1),
    "slanted": lambda picture: picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        (0.97, 0.02, 5, 0.01, 0.98, 4, -2e-5, -3e-5),
        Image.Resampling.BICUBIC,
    ),
}


def add_grain(picture: Image.Image, strength: float, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, strength, (picture.height, picture.width))
    return Image.fromarray(np.clip(np.asarray(picture, float) + noise, 0, 255).astype(np.uint8))


def photo(paper: Image.Image, seed: int = 7) -> Image.Image:
    """Return a photo of a paper, with creases and a table that no other photo has."""
    rough = np.random.default_rng(seed).normal(0, 40, (paper.height // 6, paper.width // 6))
    texture = Image.fromarray((128 + rough).clip(0, 255).astype(np.uint8)).resize(paper.size, Image.Resampling.BICUBIC)
    creased = np.asarray(paper, float) * 0.8 + (np.asarray(texture, float) - 128) / 3
    laid = lay_on_table(Image.fromarray(creased.clip(0, 255).astype(np.uint8)), degrees=3)
    return add_grain(laid, 2, seed)


def compare(one: Image.Image, other: Image.Image) -> Likeness:
    return compare_pictures(encode(one, "PNG"), encode(other, quality=80), ReadingOptions())


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_of_a_photo_is_the_same_picture(change: str) -> None:
    assert compare(photo(receipt()), CHANGES[change](photo(receipt()))) is Likeness.SURE


def test_saved_again_poorly_it_is_the_same_picture() -> None:
    one = photo(receipt())
    again = encode(one, quality=30)
    assert compare_pictures(encode(one, "PNG"), again, ReadingOptions()) is Likeness.SURE


def test_a_part_of_a_photo_is_the_same_picture_by_its_grain() -> None:
    one = photo(receipt())
    assert compare(one, one.crop((30, 330, one.width - 40, one.height - 10))) is Likeness.SURE


@pytest.mark.parametrize("change", ["turned a little", "upside down", "double", "darker", "noisy"])
def test_a_scan_without_grain_shows_the_same_print_at_most(change: str) -> None:
    assert compare(receipt(), CHANGES[change](receipt())) is Likeness.UNSURE


def test_a_scan_without_grain_of_which_a_line_is_cut_off_shows_nothing() -> None:
    one = receipt()
    assert compare(one, one.crop((0, 0, one.width, one.height - 70))) is Likeness.DIFFERENT


@pytest.mark.parametrize(
    "other",
    [receipt("0048214"), receipt(time="10:25"), receipt("0048239", "11:52"), receipt(cash=50)],
    ids=["number", "minute", "number and time", "cash"],
)
def test_one_digit_makes_another_paper_even_on_the_same_ground(other: Image.Image) -> None:
    for change in ("turned a little", "noisy", "brighter"):
        assert compare(receipt(), CHANGES[change](other)) is Likeness.DIFFERENT
        assert compare(photo(receipt()), CHANGES[change](photo(other))) is Likeness.DIFFERENT


def test_two_photos_of_papers_with_the_same_print_are_not_one_picture() -> None:
    assert compare(photo(receipt(), seed=1), photo(receipt(), seed=2)) is not Likeness.SURE


def test_too_small_to_tell_digits_apart_nothing_is_sure() -> None:
    small = receipt().resize((180, 120), Image.Resampling.LANCZOS)
    assert compare(receipt("0048218"), small) is Likeness.DIFFERENT


def test_only_pictures_of_one_page_are_compared() -> None:
    pages = io.BytesIO()
    receipt().save(pages, "TIFF", save_all=True, append_images=[receipt()])
    pdf = draw_pdf([[(40, 40, "TOTAL 10.00")]])
    for other in (pages.getvalue(), pdf):
        assert compare_pictures(other, other, ReadingOptions()) is Likeness.DIFFERENT
    blank = encode(Image.new("L", (400, 600), 255), "PNG")
    assert compare_pictures(blank, blank, ReadingOptions()) is Likeness.DIFFERENT


@pytest.mark.parametrize("change", ["half", "double", "brighter", "darker", "blurred", "noisy"])
def test_a_copy_shares_keys_of_the_picture(change: str) -> None:
    keys = make_picture_keys(encode(photo(receipt()), "PNG"))
    again = make_picture_keys(encode(CHANGES[change](photo(receipt())), quality=60))
    assert len(set(keys) & set(again)) >= 2
    assert all(0 <= key < 1 << 32 for key in keys)


def test_other_pictures_have_other_keys_and_other_files_none() -> None:
    keys = set(make_picture_keys(encode(photo(receipt(), seed=3), "PNG")))
    other = draw_receipt(["^OTHER SHOP", "one | 1.00", "two | 2.00", "three | 3.00"]).convert("L")
    assert len(keys & set(make_picture_keys(encode(photo(other, seed=4), "PNG")))) < 2
    assert make_picture_keys(draw_pdf([[(40, 40, "TOTAL 10.00")]])) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 40), (3000, 1), (33, 2)])
def test_a_picture_of_a_few_pixels_has_keys_too(size):
    assert len(make_picture_keys(encode(Image.new("RGB", size, "white"), "PNG"))) == 4
