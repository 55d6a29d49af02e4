"""How long it takes to find other scans of a paper among many documents, and what the keys cost on disk.

    PYTHONPATH=. .venv/bin/python -m benchmarks.duplicates_lookup [COUNT ...]

A ledger of COUNT documents (10,000, 100,000 and a million) is filled with keys as real ones are: most are its own,
some are those of its shop, whose sizes follow a power law, and four are bands of its picture. Then 500 documents are
looked up by text and picture, half of them known papers with a third of their keys lost. The file has been closed in
between, but the system may still have it in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from expensed.event_bus import Bus
from expensed.ledger.duplicates.fingerprints import list_sharing
from expensed.ledger.store import Ledger
from expensed.model.fingerprint import MOST_KEYS
from expensed.pipeline.duplicates.same_paper import MOST_COMPARED
from expensed.pipeline.duplicates.same_picture import FEWEST_KEYS, MOST_LOOKED_AT

OF_THE_SHOP = 4
"""Keys that all receipts of one shop share."""
BANDS = 4
"""Keys of a picture, each of one of 65,536 values."""
LOOKUPS = 500
AT_ONCE = 10_000


def make_keys(number: int, count: int) -> list[int]:
    """Return the keys of the document with this number among `count`."""
    chance = random.Random(number)
    shop = random.Random(int(count * chance.random() ** 3 / 30))  # the largest shop has some percent of all documents
    of_shop = [shop.getrandbits(32) for _ in range(OF_THE_SHOP)]
    return of_shop + [chance.getrandbits(32) for _ in range(MOST_KEYS - OF_THE_SHOP)]


def make_picture_keys(number: int) -> list[int]:
    """Return the keys of the picture of the document with this number."""
    chance = random.Random(-number)
    return [1 << 33 | band << 16 | chance.getrandbits(16) for band in range(BANDS)]


def fill(path: Path, count: int) -> float:
    """Put documents and their keys into a ledger; return how many seconds the last ones took for each thousand."""
    took_s, filled = 0.0, 1
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        columns = "number, id, origin, name, file, state, sha256, size, mtime_ns, place, path, outcome, result, text"
        result = '{"confidence": 90}'
        for start in range(1, count + 1, AT_ONCE):
            began = time.monotonic()
            numbers = range(start, min(start + AT_ONCE, count + 1))
            connection.executemany(
                f"INSERT INTO documents ({columns}, created_at, updated_at)"
                " VALUES (?, ?, 'drop', ?, ?, 'filed', ?, 1, 1, 'archive', ?, 'filed', ?, ?, '', '')",
                [(number, f"d{number}", b"n", "n", f"{number:x}", b"p", result, "a word") for number in numbers],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO fingerprints VALUES (?, ?)",
                [
                    (key, number)
                    for number in numbers
                    for key in (*make_keys(number, count), *make_picture_keys(number))
                ],
            )
            connection.commit()
            took_s, filled = time.monotonic() - began, len(numbers)
    return took_s / filled * 1000


async def measure(count: int, folder: Path) -> None:
    """Print a row of figures for a ledger of this many documents."""
    path = folder / f"{count}.sqlite3"
    ledger = Ledger(path, Bus())
    await ledger.open()
    await ledger.close()
    fill_s = fill(path, count)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'fingerprints'").fetchone()
    ledger = Ledger(path, Bus())
    await ledger.open()
    chance, times, found = random.Random(15), list[float](), 0
    for turn in range(LOOKUPS):
        known = chance.randrange(1, count + 1)
        keys = make_keys(known if turn % 2 else -turn - 1, count)
        kept = chance.sample(keys, MOST_KEYS * 2 // 3)
        async with ledger.transaction() as tx:
            began = time.perf_counter()
            others = await list_sharing(tx, kept, 0, MOST_COMPARED)
            await list_sharing(tx, make_picture_keys(known), 0, MOST_LOOKED_AT, FEWEST_KEYS)
            times.append(time.perf_counter() - began)
        found += bool(turn % 2 and others and others[0].number == known)
    await ledger.close()
    path.unlink()
    middle, late, most = statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times)
    print(
        f"{count:>9,}  {middle * 1e3:7.2f}  {late * 1e3:7.2f}  {most * 1e3:7.2f}  {found:4} of {LOOKUPS // 2}"
        f"  {size / count:6.0f}  {fill_s:8.2f}",
        flush=True,
    )


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    print("documents   median      p95      max  found       bytes each  s per 1000 filled")
    with tempfile.TemporaryDirectory() as folder:
        for count in parser.parse_args().count:
            asyncio.run(measure(count, Path(folder)))


if __name__ == "__main__":
    main()
