"""Decode picture files to upright grey pixels: header checks first, every frame of a TIFF, EXIF orientation.

The guard against decompression bombs is `max_pixels`, checked on the header; Pillow's own is switched off because it
would refuse what the setting allows. Pillow fails on broken files in a dozen ways; `document` translates them.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import ExifTags, Image, ImageFile, ImageOps

from expensed.errors import Corrupt, TooLarge
from expensed.formats.known_formats import ROWS, Format
from expensed.reading.engines.engine import Pixels, as_pixels
from expensed.reading.engines.memory import make_room
from expensed.reading.options import ReadingOptions

CUT_OFF = "The picture is cut off: only a part of it could be read."
_DRAFT_SIDE = 2400
"""A JPEG is decoded at 1/2, 1/4 or 1/8 of its size if its longest side keeps this many pixels."""
_GREY, _COLOURED = 3e-6, 18e-6
"""Megabytes that decoding takes for each pixel, with the copies made on the way to grey."""
_SEEN = 128
"""Opacity, of 255, from which on a pixel counts as seen."""
_MUCH = 0.2
_SOME = 0.005
"""Share of the seen pixels; ink on a sheet that was cut out of its ground takes more."""
_LIGHT = 180

Image.MAX_IMAGE_PIXELS = None


def decode_pictures(
    data: bytes, kind: Format, options: ReadingOptions, warn: list[str]
) -> Iterator[tuple[Pixels, float, float]]:
    """Yield the pages of a picture file, upright and grey, with their full upright width and height in pixels.

    Appends a sentence to `warn` for a picture that is cut off. Raises TooLarge; Pillow's errors pass through.
    """
    with _open(data, kind) as picture:
        with _quietly():
            frames = _count_frames(picture, options.max_pages) if ROWS[kind].is_paged else 1
        for number in range(frames):
            with _quietly():
                picture.seek(number)
            width, height = picture.size
            check_size(width, height, options.max_pixels)
            yield _decode(picture, data, kind, number, warn)


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raise TooLarge if the picture has more pixels than allowed, Corrupt if it has none."""
    if width < 1 or height < 1:
        raise Corrupt("The picture has no pixels.")
    if width * height > max_pixels:
        raise TooLarge(
            f"The picture has {width} x {height} pixels; at most {max_pixels} are read (reading.max_pixels)."
        )


def grey(picture: Image.Image) -> Pixels:
    """Convert any Pillow picture to upright grey pixels; transparent areas become white.

    Light writing on a transparent ground, which a white one would swallow, becomes dark.
    """
    picture = _transposed(picture)
    if picture.mode.startswith(("I;16", "I", "F")):
        return _stretched(np.asarray(picture, dtype=np.float32))
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        if _is_light_on_nothing(layer):
            return as_pixels(255 - _laid_on(layer, "black"))
        return _laid_on(layer, "white")
    return as_pixels(np.asarray(picture if picture.mode == "L" else picture.convert("L")))


def _laid_on(layer: Image.Image, colour: str) -> Pixels:
    ground = Image.new("RGBA", layer.size, colour)
    return as_pixels(np.asarray(Image.alpha_composite(ground, layer).convert("L")))


def _is_light_on_nothing(layer: Image.Image) -> bool:
    """Whether much of a picture is transparent, and all that is not is light: writing, or else a blank sheet."""
    seen = np.asarray(layer.getchannel("A")) >= _SEEN
    if not seen.any() or seen.mean() > 1 - _MUCH:
        return False
    return float(np.quantile(np.asarray(layer.convert("L"))[seen], _SOME)) >= _LIGHT


def _open(data: bytes, kind: Format) -> Image.Image:
    plug_ins = ROWS[kind].pillow
    if "HEIF" in plug_ins:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    with _quietly():
        return Image.open(io.BytesIO(data), formats=plug_ins)


@contextmanager
def _quietly() -> Iterator[None]:
    """Silence Pillow's warnings about broken metadata; whatever matters is raised as an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _count_frames(picture: Image.Image, max_pages: int) -> int:
    for number in range(1, max_pages + 1):
        try:
            picture.seek(number)
        except EOFError:
            return number
    raise TooLarge(f"The file has more than {max_pages} pages (reading.max_pages).")


def _decode(
    picture: Image.Image, data: bytes, kind: Format, number: int, warn: list[str]
) -> tuple[Pixels, float, float]:
    width, height = picture.size
    picture.draft("L", _draft_size(width, height))
    make_room((_GREY if picture.mode == "L" else _COLOURED) * math.prod(picture.size))
    with _quietly():
        try:
            picture.load()
            pixels = grey(picture)
        except (OSError, SyntaxError, EOFError):
            pixels = _decode_what_is_there(data, kind, number)
            warn.append(CUT_OFF)
    if (pixels.shape[1] > pixels.shape[0]) != (width > height):
        width, height = height, width
    return pixels, float(width), float(height)


def _decode_what_is_there(data: bytes, kind: Format, number: int) -> Pixels:
    with _truncated_allowed(), _open(data, kind) as again:
        again.seek(number)
        return grey(again)


def _draft_size(width: int, height: int) -> tuple[int, int]:
    ratio = min(1.0, _DRAFT_SIDE / max(width, height))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def _transposed(picture: Image.Image) -> Image.Image:
    try:
        picture.load()
        is_upright = picture.getexif().get(ExifTags.Base.Orientation, 1) == 1
        return picture if is_upright else ImageOps.exif_transpose(picture)  # which copies it in any case
    except Exception:  # noqa: BLE001 - EXIF broken in any of Pillow's ways must not cost the picture
        return picture


def _stretched(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Pixels:
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    return as_pixels((finite - low) * (255.0 / max(high - low, 1e-6)))


@contextmanager
def _truncated_allowed() -> Iterator[None]:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
