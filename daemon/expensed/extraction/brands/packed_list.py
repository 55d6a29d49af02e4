"""Read the packed lists of brands and of kinds of shops: names, a blank line, then sorted lines that refer to them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
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
    names, _, lines = zlib.decompress(packed(name).read_bytes()).decode().partition("\n\n")
    return PackedList(names.split("\n"), lines.split("\n"))


def packed(name: str) -> Traversable:
    """Return the file of a list."""
    return files("expensed.extraction.brands").joinpath(f"data/{name}.txt.z")
