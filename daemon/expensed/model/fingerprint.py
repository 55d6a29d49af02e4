"""Fingerprints of documents: a few hashes by which another scan of the same paper is found at a first look.

Each key is the hash of two numbers that follow each other on the paper, such as a date and a time, or a total and what
was paid: a price alone is on thousands of papers, two in this order on few. Of all keys the smallest are kept (the
bottom-k sketch of Cohen and Kaplan, 2007), so that two readings of one paper keep mostly the same ones.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

MOST_KEYS = 16
"""Keys of one document. With 24, no more copies were found."""
FEWEST = 6
"""With fewer pairs of numbers, pairs of words count too."""
LONGEST_TEXT = 200_000
"""Characters of a text that are looked at."""
_GLYPHS = str.maketrans("oqdilszgb|", "0001152981")
"""Letters that engines take for digits, and digits for them."""
_GLYPH = r"[oqdilszgb|](?![^\W\d_oqdilszgb])"
_NUMBER = re.compile(rf"(?:\d|(?<![^\W\d_]){_GLYPH})(?:[.,:/'-]?(?:\d|{_GLYPH}))+")
"""Letters count as digits only where they belong to no word."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIVIDERS = re.compile(r"\D+")


def find_numbers(line: str) -> Iterator[str]:
    """Yield the numbers of three digits or more in a line of text, as ASCII digits with what divides them."""
    for found in _NUMBER.findall(plain(line)):
        if 2 * sum(map(str.isdigit, found)) >= sum(map(str.isalnum, found)):
            number = found.translate(_GLYPHS)
            if len(bare(number)) > 2:
                yield number


def bare(number: str) -> str:
    """Return the digits of a number alone."""
    return _DIVIDERS.sub("", number)


def plain(line: str) -> str:
    """Return a line in lower case, with digits of any script as ASCII."""
    line = unicodedata.normalize("NFKC", line).casefold()
    return line if line.isascii() else "".join(map(_plain_digit, line))


def _plain_digit(glyph: str) -> str:
    digit = unicodedata.decimal(glyph, None)
    return glyph if digit is None else str(digit)


def make_fingerprint(text: str) -> tuple[int, ...]:
    """Return the keys of a document's text, at most `MOST_KEYS`, each of 32 bits, smallest first."""
    lines = text[:LONGEST_TEXT].splitlines()
    keys = set(_hash_pairs([bare(number) for line in lines for number in find_numbers(line)]))
    if len(keys) < FEWEST:
        words = list(chain.from_iterable(_WORD.findall(plain(line)) for line in lines))
        keys.update(_hash_pairs([word.translate(_GLYPHS) for word in words]))
    return tuple(sorted(keys)[:MOST_KEYS])


def _hash_pairs(tokens: Sequence[str]) -> Iterator[int]:
    for one, other in pairwise(tokens):
        yield zlib.crc32(f"{one} {other}".encode())
