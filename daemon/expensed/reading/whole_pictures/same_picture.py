"""Tell whether two files hold the same picture of a paper: turned, cropped, scaled, darkened, saved again.

Points of both (SIFT; Lowe, 2004) give the homography between them (MAGSAC; Barath, 2020), by which one is laid over the
other. Two purchases at one till share their layout, so wherever there is ink, both must then show the same, to the
single digit. If the grain of paper and ground is the same, too, it is one picture, because no other has that. If there
is none to see, as on white scans, the print is the same, provided that all of it is in view and large enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from expensed.formats.known_formats import ROWS, Decoder
from expensed.formats.sniff import sniff_format
from expensed.model.states import Likeness
from expensed.reading.options import ReadingOptions
from expensed.reading.pictures import decode_pictures

ROOM_MB = 150
"""What a comparison takes."""
Grey = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]
LONGEST_SIDE = 1400
"""Pixels of the pictures that are compared; enough to read a till receipt on a screen."""
_LONGEST_FOR_POINTS = 700
_MOST_POINTS = 1000
_ALIKE = 0.85
"""Cosine of two descriptors that may be of one point."""
_FEWEST_POINTS = 12
"""Pictures of different papers agree on up to nine."""
_OFF = 2.0
"""Pixels by which points of one place may differ."""
_WINDOW = 9
_MARGIN = 13
"""Pixels at the edges of pictures, where the one may still show what the other does not."""
_DARKER = 0.15
"""By how much ink is at least darker than what surrounds it."""
_FAINT = 0.06
"""Variance around ink that is compared, in that around most ink; a quarter of the contrast."""
_DIFFERENT = 0.5
"""Correlation of ink that is not the same: a changed digit is below, noise and JPEG stay above."""
_SPOT = 6
"""Pixels of different ink that count, of a window's 81: a changed digit has twice as many, two purchases thousands."""
_IN_VIEW, _COMPARED = 0.99, 0.97
"""Shares of the letters; one line of a till receipt is some two percent."""
_LEGIBLE = 8.0
"""Height of letters in pixels from which on a window tells digits apart."""
_SAME_GRAIN = 0.5
"""Correlation of grain; of two papers on one scanner it is up to 0.4."""
_GRAIN = (1.25, 5.0)
"""Between these sigmas, in half of the pixels, lies what counts as grain: above noise and JPEG, below shadows."""
_LEAST_GRAIN = 0.05
"""Variance of grain in shades of grey."""
_BLOCK = 24
_FEWEST_BLOCKS = 8


@dataclass(frozen=True, slots=True)
class Sight:
    """What two pictures laid over each other show."""

    points: int
    """How many points agree upon how they lie; nothing else is known below `_FEWEST_POINTS`."""
    different: int = 0
    """Pixels of ink that differ."""
    in_view: float = 0.0
    """Share of the letters of either picture that the other shows, too."""
    compared: float = 0.0
    """Share of these letters that could be compared."""
    height: float = 0.0
    """How high most letters are, in pixels of the coarser one."""
    grain: float = 0.0
    """Correlation of what is not ink; 0 if there is too little."""

    @property
    def likeness(self) -> Likeness:
        """SURE if they are one picture; UNSURE if they show the same print, which two papers may do."""
        if self.points < _FEWEST_POINTS or self.different >= _SPOT:
            return Likeness.DIFFERENT
        if self.grain >= _SAME_GRAIN:
            return Likeness.SURE
        is_whole = self.in_view >= _IN_VIEW and self.compared >= _COMPARED and self.height >= _LEGIBLE
        return Likeness.UNSURE if is_whole else Likeness.DIFFERENT


def compare_pictures(data: bytes, other: bytes, options: ReadingOptions) -> Likeness:
    """Return whether two picture files of one page hold the same picture; see `Sight.likeness`.

    DIFFERENT for other files. Raises as `read_document` does.
    """
    one, two = _decode(data, options), _decode(other, options)
    return Likeness.DIFFERENT if one is None or two is None else compare(one, two).likeness


def _decode(data: bytes, options: ReadingOptions) -> Grey | None:
    """Return the only page of a picture file; None if there are more, or it is none."""
    kind = sniff_format(data)
    if ROWS[kind].decoder in (Decoder.PDF, Decoder.XML):
        return None
    frames = decode_pictures(data, kind, options, [])
    pixels, _, _ = next(frames)
    return pixels if next(frames, None) is None else None


def compare(one: Grey, other: Grey) -> Sight:
    """Return what two upright or turned grey pictures show when the other is laid over the one."""
    one, other = _shrink(one, LONGEST_SIDE), _shrink(other, LONGEST_SIDE)
    onto, points = _register(one, other)
    if onto is None or points < _FEWEST_POINTS:
        return Sight(points)
    laid = _lay(one, other, onto)
    if laid is None:
        return Sight(0)
    return _look(points, *laid)


def _shrink(picture: Grey, longest: int) -> Grey:
    return _scale(picture, min(1.0, longest / max(picture.shape)))


def _scale(picture: Grey, factor: float) -> Grey:
    if factor == 1:
        return picture
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)


def _find_points(picture: Grey) -> tuple[Plane, Plane]:
    """Return places (n x 2) and descriptors (n x 128, of length 1; RootSIFT, Arandjelovic 2012) of a picture."""
    factor = min(2.0, _LONGEST_FOR_POINTS / max(picture.shape))
    scaled = _scale(picture, factor)
    sift = cv2.SIFT.create(nfeatures=_MOST_POINTS, contrastThreshold=0.02, enable_precise_upscale=True)
    found, told = sift.detectAndCompute(scaled, None)
    if not found:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    places = np.array([point.pt for point in found], np.float32)
    ratio = np.array(picture.shape[::-1], np.float32) / np.array(scaled.shape[::-1], np.float32)
    described = np.sqrt(told / (told.sum(1, keepdims=True) + 1e-6))
    return np.asarray((places + 0.5) * ratio - 0.5, np.float32), np.asarray(described, np.float32)


def _register(one: Grey, other: Grey) -> tuple[Matrix | None, int]:
    """Return the homography that lays the other picture over the one, and how many points agree upon it."""
    (places, told), (others, others_told) = _find_points(one), _find_points(other)
    if min(len(places), len(others)) < _FEWEST_POINTS:
        return None, 0
    alike = others_told @ told.T
    best = alike.argmax(1)
    own = np.arange(len(others))
    matched = (alike.argmax(0)[best] == own) & (alike[own, best] > _ALIKE)
    if matched.sum() < _FEWEST_POINTS:
        return None, 0
    off = _OFF * max(1.0, max(one.shape) / _LONGEST_FOR_POINTS)
    onto, fits = cv2.findHomography(
        others[matched], places[best[matched]], cv2.USAC_MAGSAC, off, maxIters=3000, confidence=0.999
    )
    return (None, 0) if onto is None else (np.asarray(onto, np.float64), int(fits.sum()))


def _lay(one: Grey, other: Grey, onto: Matrix) -> tuple[Grey, Grey, Grey, float] | None:
    """Return both pictures as seen in the coarser one's scale, what both show, and the share of letters there.

    None if they cannot be laid over each other.
    """
    high, wide = other.shape
    corners = np.array([[[0, 0], [wide, 0], [wide, high], [0, high]]], np.float32)
    placed = cv2.perspectiveTransform(corners, onto)[0]
    if not np.isfinite(placed).all() or not cv2.isContourConvex(placed):
        return None
    grown = float(np.sqrt(cv2.contourArea(placed) / (wide * high)))
    if not 1 / 20 < grown < 20:
        return None
    coarser = min(1.0, 1 / grown)
    one = _scale(one, coarser)
    onto, grown = np.diag([coarser, coarser, 1.0]) @ onto, grown * coarser
    if grown < 1:
        other = _scale(other, grown)
        onto = onto @ np.diag([1 / grown, 1 / grown, 1.0])
    size = (one.shape[1], one.shape[0])
    placed_other = cv2.warpPerspective(other, onto, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    seen = np.asarray(cv2.warpPerspective(_frame(other), onto, size, flags=cv2.INTER_NEAREST), np.uint8) & _frame(one)
    size = (other.shape[1], other.shape[0])
    back = np.asarray(cv2.warpPerspective(_frame(one), np.linalg.inv(onto), size, flags=cv2.INTER_NEAREST), np.uint8)
    in_view = min(_share(_find_letters(each)[0] & _frame(each), there) for each, there in ((one, seen), (other, back)))
    return one, np.asarray(placed_other, np.uint8), seen, in_view


def _frame(picture: Grey) -> Grey:
    """Return a mask of a picture without its margin."""
    frame = np.zeros(picture.shape, np.uint8)
    frame[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = 1
    return frame


def _share(letters: Grey, seen: Grey) -> float:
    """Return how much of the letters is seen, 0 to 1; 0 if there are none."""
    return float((letters & seen).sum() / max(1, letters.sum()))


def _find_ink(picture: Grey) -> Grey:
    """Return a mask of pixels that are clearly darker than what surrounds them."""
    ground = cv2.GaussianBlur(cv2.dilate(picture, np.ones((_WINDOW, _WINDOW))), (0, 0), _WINDOW / 2)
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.2)
    return np.asarray(smooth < (1 - _DARKER) * ground, np.uint8)


def _look(points: int, one: Grey, other: Grey, seen: Grey, in_view: float) -> Sight:
    """Return what two pictures of one size show where both are in view."""
    near = np.asarray(cv2.dilate(_find_ink(one) | _find_ink(other), np.ones((3, 3))), np.uint8)
    alike, spread = _correlate(*(_smooth(each) for each in _even_out(one, other, near & seen)))
    bare, ink = spread[(near == 0) & (seen > 0)][::7], spread[(near & seen) > 0][::7]
    noise = float(np.median(bare)) if bare.size else 0.0
    usual = float(np.percentile(ink, 75)) if ink.size else 0.0
    strong = np.asarray((spread > max(100.0, 4 * noise, _FAINT * usual)) & (seen > 0), np.uint8)
    letters, height = _find_letters(one)
    return Sight(
        points,
        different=int(((near & strong) > 0)[alike < _DIFFERENT].sum()),
        in_view=in_view,
        compared=_share(letters & seen, strong),
        height=height,
        grain=_compare_grain(one, other, near & np.asarray(spread > max(36.0, 2 * noise), np.uint8), seen),
    )


def _even_out(one: Grey, other: Grey, ink: Grey) -> tuple[Plane, Plane]:
    """Return both pictures, the darker one as bright as the other, with what is clipped there clipped, too."""
    fit = (ink > 0) & (np.minimum(one, other) > 4) & (np.maximum(one, other) < 246)
    gain = float(np.median(other[fit] / one[fit])) if fit.any() else 1.0
    plane, others = one.astype(np.float32), other.astype(np.float32)
    return np.minimum(plane * max(1.0, gain), 255), np.minimum(others * max(1.0, 1 / gain), 255)


def _smooth(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 0.8), np.float32)


def _correlate(one: Plane, other: Plane) -> tuple[Plane, Plane]:
    """Return the correlation of two planes around each pixel, and the greater variance there."""

    def mean(plane: Plane) -> Plane:
        return np.asarray(cv2.boxFilter(plane, -1, (_WINDOW, _WINDOW)), np.float32)

    own, others = mean(one), mean(other)
    spread = np.maximum(mean(one * one) - own * own, 0)
    other_spread = np.maximum(mean(other * other) - others * others, 0)
    both = mean(one * other) - own * others
    return both / np.sqrt(spread * other_spread + 25), np.maximum(spread, other_spread)


def _find_letters(picture: Grey) -> tuple[Grey, float]:
    """Return a mask of what may be letters, alone or joined, and their median height in pixels; 0 if there are none."""
    _, numbers, pieces, _ = cv2.connectedComponentsWithStats(_find_ink(picture), connectivity=8)
    wide, high = pieces[:, cv2.CC_STAT_WIDTH], pieces[:, cv2.CC_STAT_HEIGHT]
    are_letters = (high >= 4) & (wide >= 2) & (wide < 12 * high) & (high < max(picture.shape) / 16)
    are_letters[0] = False
    height = float(np.median(high[are_letters])) if are_letters.any() else 0.0
    return np.asarray(are_letters[numbers], np.uint8), height


def _compare_grain(one: Grey, other: Grey, ink: Grey, seen: Grey) -> float:
    """Return how alike two pictures are between their ink, in the middle of their blocks; 0 if there are too few."""
    light, dark = (np.asarray(cv2.GaussianBlur(of(one, other), (0, 0), 2)) for of in (np.maximum, np.minimum))
    clipped = ((light > 251) | (dark < 3)).astype(np.uint8)
    hidden = cv2.dilate(ink | clipped | (1 - seen), np.ones((5, 5)))
    one, other, hidden = (
        np.asarray(cv2.resize(each, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        for each in (one, other, hidden * 255)
    )
    bare = (hidden == 0).astype(np.float32)
    fine_bare, coarse_bare = (cv2.GaussianBlur(bare, (0, 0), sigma) for sigma in _GRAIN)
    told = bare * (coarse_bare > 0.3)

    def band(picture: Grey) -> Plane:
        fine, coarse = (cv2.GaussianBlur(picture * bare, (0, 0), sigma) for sigma in _GRAIN)
        return np.asarray((fine / (fine_bare + 1e-6) - coarse / (coarse_bare + 1e-6)) * told, np.float32)

    def total(plane: Plane) -> Plane:
        rows, columns = (length // _BLOCK for length in plane.shape)
        blocks = plane[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
        return np.asarray(blocks.sum((1, 3)), np.float32)

    own, others = band(one), band(other)
    count, spread, other_spread = total(told), total(own * own), total(others * others)
    grained = (count > _BLOCK * _BLOCK / 8) & (np.minimum(spread, other_spread) > _LEAST_GRAIN * count)
    if grained.sum() < _FEWEST_BLOCKS:
        return 0.0
    return float(np.median(total(own * others)[grained] / np.sqrt(spread * other_spread)[grained]))
