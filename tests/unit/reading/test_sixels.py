"""A picture as sixels: read back by the rules of the format, it is the picture in shades of grey."""

import io
import re

import numpy as np
from PIL import Image

from expensed.reading.sixels import as_sixels


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def read_back(text):
    """Draw sixels as a terminal does."""
    (size,) = re.findall(r'^\x1bPq"1;1;(\d+);(\d+)', text)
    width, height = map(int, size)
    body = re.sub(r"#\d+;2;[\d;]+", "", text.split(f"{width};{height}", 1)[1].removesuffix("\x1b\\"))
    drawn = np.full((height + 6, width), 255, np.uint8)
    top = left = grey = 0
    for token in re.finditer(r"#(\d+)|!(\d+)(.)|([?-~])|([$-])", body):
        colour, count, repeated, single, move = token.groups()
        if colour:
            grey = int(colour) * 17
        elif move:
            left, top = 0, top + 6 * (move == "-")
        else:
            after = left + int(count or 1)
            for bit in range(6):
                if ord(repeated or single) - 63 >> bit & 1:
                    drawn[top + bit, left:after] = grey
            left = after
    return drawn[:height]


def test_what_a_terminal_draws_is_the_picture():
    pixels = (np.arange(20)[:, None] * 12 + np.arange(30)).astype(np.uint8)
    text = as_sixels(png(pixels), 30, 20)
    assert np.abs(read_back(text).astype(int) - pixels // 16 * 17).max() == 0


def test_it_is_as_large_as_fits():
    assert as_sixels(png(np.zeros((100, 400), np.uint8)), 200, 200).startswith('\x1bPq"1;1;200;50')


def test_what_is_no_picture_gives_nothing():
    assert as_sixels(b"words", 100, 100) == ""
