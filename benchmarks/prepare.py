"""Write the prepared forms of the tables that a child process loads for its first document.

.venv/bin/python -m benchmarks.prepare
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec

from expensed.extraction.brands.known_brands import make_backwards
from expensed.extraction.brands.packed_list import packed
from expensed.extraction.country.facts import COUNTRIES, TILLS, read_countries
from expensed.extraction.country.words import make_index
from expensed.extraction.date.labels import LABELS, make_labels
from expensed.extraction.kind.words import TITLES, make_latin
from expensed.extraction.prepared import prepare

FOLDER = Path(str(files("expensed.extraction"))) / "tables"


def prepared_tables() -> dict[str, bytes]:
    """Return the content of each prepared file by its name."""
    return {
        "brands_backwards.json": prepare(make_backwards(), packed("brands")),
        "countries.json": prepare(read_countries(), COUNTRIES),
        "country_words.json": prepare(make_index(), COUNTRIES, TILLS),
        "date_labels.json": prepare(make_labels(), LABELS),
        "kind_words.json": prepare(msgspec.to_builtins(make_latin(), order="deterministic"), TITLES),
    }


def main() -> None:
    """Write them all, none from an older one."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, content in prepared_tables().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
