"""`expensed run`, except that the process stops (SIGSTOP) at one boundary, each time, while a certain file exists.

STOP_AT: the boundary's name. STOP_WHILE: the path of the file. Whoever waits for the stop sends SIGCONT.
"""

from __future__ import annotations

import os
import signal
import sys

from expensed.boundaries import watch_boundaries


def main() -> int:
    """Run the daemon under the watch."""
    name, condition = os.environ.pop("STOP_AT"), os.environ.pop("STOP_WHILE")

    def on_boundary(passed: str) -> None:
        if passed == name and os.path.exists(condition):
            os.kill(os.getpid(), signal.SIGSTOP)

    watch_boundaries(on_boundary)
    from expensed.__main__ import main as run

    sys.argv[1:] = ["run"]
    return run()


if __name__ == "__main__":
    sys.exit(main())
