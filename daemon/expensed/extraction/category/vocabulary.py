"""The categories, and the words that point to them, which are in `data/words.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from expensed.extraction.word_lists import load_word_lists

OTHER = "Other"
CATEGORIES = (
    "Meals & Entertainment",
    "Groceries",
    "Travel & Lodging",
    "Transport & Fuel",
    "Office Supplies",
    "Software & Services",
    "Equipment & Hardware",
    "Utilities & Telecom",
    "Rent & Facilities",
    "Health & Medical",
    "Clothing & Personal",
    "Home & Retail",
    "Books & Education",
    "Professional Services",
    "Insurance & Fees",
    OTHER,
)


@cache
def load_words(name: str = "words") -> Mapping[str, Sequence[str]]:
    """Return by category the words of a file: `words` of goods and names, or `signs` of forms."""
    return load_word_lists("category", f"data/{name}")
