"""Wears a clean print: pale ink, a turned and bent sheet on a table, uneven light, blur, noise, and JPEG."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Grey = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """How much of each, for one picture."""

    turn: float
    """Degrees."""
    slant: float
    """How far each corner is off, as a share of the side."""
    ink: float
    """The grey of the letters, 0 to 255."""
    fading: float
    """How much paler the ink is where the print head is worn, 0 to 1."""
    shade: float
    """How much darker the far side lies, 0 to 1."""
    blur: float
    """The radius in pixels."""
    noise: float
    """The deviation in steps of 255."""
    quality: int
    """Of the JPEG, in percent."""
    table: float
    """The grey of what the sheet lies on."""


def draw_wear(chance: random.Random) -> Wear:
    """Draw the wear of one picture; measured so that a Latin receipt is no easier than a scanned one."""
    return Wear(
        turn=chance.uniform(-3, 3) * (2 if chance.random() < 0.15 else 1),
        slant=chance.uniform(0, 0.035),
        ink=chance.uniform(35, 140),
        fading=chance.uniform(0, 0.7),
        shade=chance.uniform(0.05, 0.4),
        blur=chance.uniform(0.5, 1.6),
        noise=chance.uniform(2, 12),
        quality=chance.randint(40, 85),
        table=chance.choice((60, 100, 150, 225, 235)),
    )


def wear_out(paper: Image.Image, wear: Wear, chance: random.Random) -> bytes:
    """Return the worn paper as a JPEG."""
    grain = np.random.default_rng(chance.getrandbits(64))
    sheet = _fade(np.asarray(np.asarray(paper) / 255, np.float32), wear, grain)
    lying = _lay(sheet, wear, grain)
    lit = lying * _light(lying.shape, wear, grain)
    blurred = cv2.GaussianBlur(lit, (0, 0), wear.blur)
    noisy = blurred + wear.noise * grain.standard_normal(blurred.shape, np.float32)
    picture = np.clip(noisy, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, wear.quality))
    if not done:
        raise ValueError("OpenCV could not write the JPEG")
    return data.tobytes()


def _fade(print_: Grey, wear: Wear, grain: np.random.Generator) -> Grey:
    """Return the sheet, 0 to 255: pale ink on off-white paper, paler in columns and patches, with specks left out."""
    height, width = print_.shape
    columns = _smooth(grain.random((1, width)), (width, height), 12)
    patches = _smooth(grain.random((max(2, height // 160), max(2, width // 160))), (width, height), 0)
    strength = 1 - wear.fading * np.clip(0.4 * columns + 0.9 * patches - 0.25, 0, 1)
    specks = grain.random((height, width), np.float32) > 0.04 * wear.fading
    ink = (1 - print_) * strength * specks
    return np.asarray(242 - ink * (242 - wear.ink), np.float32)


def _smooth(values: npt.NDArray[np.float64], size: tuple[int, int], blur: float) -> Grey:
    """Enlarge random values to width and height, between 0 and 1."""
    smooth = np.asarray(values, np.float32)
    if blur:
        smooth = np.asarray(cv2.GaussianBlur(smooth, (0, 0), blur), np.float32)
        smooth = (smooth - smooth.min()) / max(float(np.ptp(smooth)), 1e-6)
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _lay(sheet: Grey, wear: Wear, grain: np.random.Generator) -> Grey:
    """Lay the sheet on a table, turned and seen from a slant; all of it stays within the picture."""
    height, width = sheet.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    shift = grain.uniform(-1, 1, (4, 2)) * wear.slant * min(width, height)
    angle = np.radians(wear.turn)
    turning = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    seen = ((corners + shift) @ turning).astype(np.float32)
    border = grain.uniform(0.02, 0.08) * width
    seen += border - seen.min(axis=0)
    size = np.ceil(seen.max(axis=0) + border).astype(int)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    target = (int(size[0]), int(size[1]))
    return np.asarray(
        cv2.warpPerspective(
            sheet, matrix, target, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=wear.table
        ),
        np.float32,
    )


def _light(shape: tuple[int, ...], wear: Wear, grain: np.random.Generator) -> Grey:
    """Return the share of light at each pixel: falling off towards one side, and a soft shadow."""
    height, width = shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = grain.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)) / 1.4 + 0.5
    shadow = _smooth(grain.random((4, 4)), (width, height), 0)
    return np.asarray(1 - wear.shade * (0.6 * slope + 0.4 * np.clip(shadow, 0, 1)), np.float32)
