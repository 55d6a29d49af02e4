"""Draw a page for people: upright, of moderate size, with boxes around what was found on it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from expensed.errors import Corrupt, DocumentError, ExpensedError, NoSuchPage
from expensed.formats.known_formats import ROWS, Decoder, Format
from expensed.formats.sniff import sniff_format
from expensed.model.reading import Box, Mark
from expensed.reading.options import ReadingOptions
from expensed.reading.slope.tilt import turn_page

Grey = npt.NDArray[np.uint8]
LONGEST_SIDE = 1600
"""Pixels; enough to read a till receipt on a screen."""
LONGEST_CROP = 1000
_MOST_ENLARGED = 3.0
_ABOVE, _LEAST_ABOVE = 0.8, 6
"""What is shown above and below a part, in its heights and at least so many pixels."""
_BESIDE, _WIDE = 0.06, 0.6
"""What is shown beside it, and how wide that is together if there is room, in widths of the page: its label too."""
_COLOURS = ((180, 60, 20), (30, 120, 20), (20, 40, 190), (140, 20, 140), (20, 130, 160))
_LINE = 2
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw_page(
    data: bytes,
    number: int,
    options: ReadingOptions,
    turns: float = 0,
    marks: Sequence[Mark] = (),
    crop: Box | None = None,
) -> bytes:
    """Draw page `number` (from 1) as PNG, at most 1,600 pixels long, with the marks on that page.

    `turns`: the counter-clockwise quarter turns that the reading found to set it upright. `crop`: only this part of the
    upright page, with what stands around it and without marks. Raises NoSuchPage if there is no such page, otherwise as
    `read_document` does.
    """
    kind = sniff_format(data)
    row = ROWS[kind]
    if row.decoder is Decoder.XML:
        raise NoSuchPage("An e-invoice in XML has no pages to draw.", hint="`expensed extract` prints what it says.")
    try:
        is_pdf = row.decoder is Decoder.PDF
        pixels = _pdf_page(data, number, options) if is_pdf else _picture(data, kind, number, options)
    except ExpensedError:
        raise
    except Exception as error:  # decoders fail on broken files in every possible way
        raise Corrupt(f"The file is broken: it cannot be decoded as {row.media_type}.") from error
    upright = turn_page(pixels, turns)
    if crop is None:
        sheet = cv2.cvtColor(_moderate(upright), cv2.COLOR_GRAY2BGR)
        for index, mark in enumerate(each for each in marks if each.page == number):
            _draw(sheet, mark, _COLOURS[index % len(_COLOURS)])
    else:
        sheet = _cut(upright, crop)
    done, encoded = cv2.imencode(".png", sheet)
    if not done:
        raise DocumentError("The page could not be drawn.")
    return encoded.tobytes()


def _pdf_page(data: bytes, number: int, options: ReadingOptions) -> Grey:
    from expensed.reading.pdf.pages import open_pdf, render_page

    with open_pdf(data, options) as document:
        if not 1 <= number <= len(document):
            raise NoSuchPage(f"There is no page {number}; the document has {len(document)}.")
        return render_page(document, number)


def _picture(data: bytes, kind: Format, number: int, options: ReadingOptions) -> Grey:
    from expensed.reading.pictures import decode_pictures

    frames = decode_pictures(data, kind, options, [])
    for pixels, _, _ in itertools.islice(frames, number - 1, number):
        return pixels
    raise NoSuchPage(f"There is no page {number}.")


def _moderate(pixels: Grey) -> Grey:
    scale = LONGEST_SIDE / max(pixels.shape)
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _cut(upright: Grey, crop: Box) -> Grey:
    """Return a part of a page with what stands around it, small ones enlarged, large ones made smaller."""
    height, width = upright.shape
    left, top, right, bottom = (round(share * size) for share, size in zip(crop, (width, height) * 2, strict=True))
    above = max(_LEAST_ABOVE, round((bottom - top) * _ABOVE))
    beside = max(round(width * _BESIDE), (round(width * _WIDE) - (right - left)) // 2)
    part = upright[max(0, top - above) : bottom + above, max(0, left - beside) : right + beside]
    scale = min(_MOST_ENLARGED, LONGEST_CROP / max(part.shape))
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(np.ascontiguousarray(part), size, interpolation=how), dtype=np.uint8)


def _draw(sheet: Any, mark: Mark, colour: tuple[int, ...]) -> None:
    height, width = sheet.shape[:2]
    left, top = round(mark.box[0] * width) - _LINE, round(mark.box[1] * height) - _LINE
    right, bottom = round(mark.box[2] * width) + _LINE, round(mark.box[3] * height) + _LINE
    cv2.rectangle(sheet, (left, top), (right, bottom), colour, _LINE)
    (wide, high), _ = cv2.getTextSize(mark.label, _FONT, 0.5, 1)
    corner = (max(0, min(left, width - wide)), top - 4 if top > high + 6 else min(height - 2, bottom + high + 4))
    cv2.putText(sheet, mark.label, corner, _FONT, 0.5, colour, 1, cv2.LINE_AA)
