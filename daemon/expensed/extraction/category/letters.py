"""Guess a category by the letters of names: pieces of words, learnt from names of brands and of kinds of shops.

It knows what no list has: `Bäckershop`, `Pharmazentrum`. `benchmarks/fit_category.py` makes its weights, eight bits
each.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from expensed.extraction.brands.keys import folded

SIZES = (3, 4, 5)
BUCKETS = 1 << 14
_MOST_LINES = 24


def hash_pieces(text: str) -> list[int]:
    """Return the buckets of the pieces of a text."""
    return [zlib.crc32(piece.encode()) % BUCKETS for piece in dict.fromkeys(_pieces(text))]


def _pieces(text: str) -> Iterator[str]:
    for word in "".join(sign if sign.isalpha() else " " for sign in folded(text)).split():
        bounded = f"<{word}>"
        if len(bounded) <= SIZES[-1]:
            yield bounded
        for size in SIZES:
            yield from (bounded[start : start + size] for start in range(len(bounded) - size + 1))
        if word[0] >= "\u2e80":
            yield from word


@cache
def _model() -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float32]]:
    folder = files("expensed.extraction.category").joinpath("data")
    about = json.loads(folder.joinpath("letters.json").read_text("utf-8"))
    table = np.frombuffer(zlib.decompress(folder.joinpath("letters.z").read_bytes()), dtype=np.int8)
    weights = table.reshape(BUCKETS, -1).astype(np.float32) * about["scale"]
    return tuple(about["categories"]), weights, np.array(about["bias"], dtype=np.float32)


def guess_by_letters(lines: Sequence[str]) -> dict[str, float]:
    """Return for each category how likely its letters are, as a mean over lines; 0 for an average category."""
    guesses = [guess for line in lines[:_MOST_LINES] if (guess := _guess(line)) is not None]
    if not guesses:
        return {}
    return dict(zip(_model()[0], map(float, np.mean(guesses, axis=0)), strict=True))


@lru_cache(maxsize=256)
def _guess(line: str) -> NDArray[np.float32] | None:
    _, weights, bias = _model()
    pieces = hash_pieces(line)
    if not pieces:
        return None
    odds = weights[pieces].sum(axis=0) / np.sqrt(len(pieces)) + bias
    guess: NDArray[np.float32] = odds - odds.mean()
    return guess
