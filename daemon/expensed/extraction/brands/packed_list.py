"""Read the packed lists of brands and of kinds of shops: names, a blank line, then sorted lines that refer to them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class PackedList(NamedTuple):
    """A list as `benchmarks/lists.py` writes it."""

    names: Sequence[str]
    """Brands or trades, by their place."""
    lines: Sequence[str]
    """Sorted, so that they can be looked up by bisection."""


@cache
def read_packed(name: str) -> PackedList:
    """Return the list in `data/NAME.txt.z`."""
    packed = files("expensed.extraction.brands").joinpath(f"data/{name}.txt.z").read_bytes()
    names, _, lines = zlib.decompress(packed).decode().partition("\n\n")
    return PackedList(names.split("\n"), lines.split("\n"))
