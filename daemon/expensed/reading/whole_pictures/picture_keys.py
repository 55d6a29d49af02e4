"""Keys by which the same picture is found at a first look, even where nothing can be read on it.

They are the bands of a perceptual hash (Zauner, 2010), of the low frequencies of the picture at 32 by 32 pixels: what
is half as large, noisy, blurred or saved again has mostly the same ones. A turned or cropped picture has others.
"""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from expensed.formats.known_formats import ROWS, Decoder
from expensed.formats.sniff import sniff_format

_BANDS = 4
"""Keys of one picture, each the hash of sixteen bits."""
_SIDE = 32


def make_picture_keys(data: bytes) -> tuple[int, ...]:
    """Return the keys of a picture file, each of 32 bits; none if it is no picture or cannot be decoded here."""
    if ROWS[sniff_format(data)].decoder in (Decoder.PDF, Decoder.XML):
        return ()
    picture = _decode(data)
    if picture is None:
        return ()
    small = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[1:9, 1:9]
    bands = np.packbits(low > np.median(low)).reshape(_BANDS, 2)
    return tuple(zlib.crc32(f"picture {place}: ".encode() + band.tobytes()) for place, band in enumerate(bands))


def _decode(data: bytes) -> cv2.typing.MatLike | None:
    """Return a picture in shades of grey, at an eighth of its size if that is large enough; None if it is none."""
    content = np.frombuffer(data, np.uint8)
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_REDUCED_GRAYSCALE_8)
        if picture is not None and min(picture.shape) >= 2 * _SIDE:
            return picture
    except cv2.error:
        pass  # it has less than eight pixels a side
    try:
        return cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None  # larger than OpenCV decodes
