"""The categories, and the words that point to them, which are in `data/words.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from tomllib import loads

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
def load_words(name: str = "words") -> Mapping[str, str]:
    """Return by category the words of a file: `words` of goods and names, or `signs` of forms."""
    found: dict[str, str] = loads(
        files("expensed.extraction.category").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    )
    return found
