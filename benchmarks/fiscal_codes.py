"""Measures how many fiscal codes decode, and whether what they hold is exact: drawn receipts, three qualities.

    PYTHONPATH=. nice .venv/bin/python -m benchmarks.fiscal_codes [--count 50] [--only Serbia]

Each receipt bears one code of one dialect. The best quality is what a printer makes, at three pixels a module; the
middle one is a careful photo, the worst a poor one. A code that decodes must give the day, the total, the currency and
the seller that it was written with; one that does not decode must give nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

import segno
from tests.documents.fiscal_codes import WRITERS
from tests.documents.fiscal_receipts import QUALITIES, draw_sample, is_exact, read_sample


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--only", default="")
    chosen = options.parse_args()
    print(f"{'dialect':26}{'modules':>8}" + "".join(f"{each.name:>10}" for each in QUALITIES) + f"{'wrong':>8}")
    wrong, looked, spent = 0, 0, 0.0
    for writer in WRITERS:
        samples = [writer(random.Random(number)) for number in range(chosen.count)]
        if chosen.only.lower() not in samples[0].dialect.lower():
            continue
        counts, mistakes = [], 0
        for quality in QUALITIES:
            decoded = 0
            for number, sample in enumerate(samples):
                picture = draw_sample(sample, quality, random.Random(number))
                started = time.process_time()
                found = read_sample(picture)
                spent, looked = spent + time.process_time() - started, looked + 1
                decoded += found is not None
                mistakes += found is not None and not is_exact(found, sample)
            counts.append(decoded)
        modules = segno.make_qr(samples[0].text, error="m", boost_error=False).symbol_size(border=0)[0]
        shown = "".join(f"{100 * each / chosen.count:9.0f}%" for each in counts)
        print(f"{samples[0].dialect:26}{modules:8}{shown}{mistakes:8}", flush=True)
        wrong += mistakes
    print(f"{looked} receipts, {1000 * spent / max(looked, 1):.1f} ms each to look for codes, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
