"""`expensed run`, except that the process ends at once at one boundary.

CRASH_AT: `NAME:N`, the N-th time that boundary is passed. CRASH_RECORD: a file that gets the
name of every boundary passed.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

from expensed.boundaries import watch_boundaries

CRASHED = 77


def main() -> int:
    """Run the daemon under the watch."""
    target, _, count = os.environ.pop("CRASH_AT", "").partition(":")
    record = os.environ.pop("CRASH_RECORD", "")
    passed: Counter[str] = Counter()

    def on_boundary(name: str) -> None:
        passed[name] += 1
        if record:
            with open(record, "a", encoding="ascii") as file:
                file.write(name + "\n")
        if name == target and passed[name] == int(count):
            os._exit(CRASHED)

    watch_boundaries(on_boundary)
    from expensed.__main__ import main as run

    sys.argv[1:] = ["run"]
    return run()


if __name__ == "__main__":
    sys.exit(main())
