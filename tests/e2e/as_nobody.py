"""Runs the daemon as an unprivileged user: `unshare --mount python as_nobody.py FOLDER... ` (root only).

If the interpreter, the project or the test's folder is behind a directory that others may not enter (a home, a
private temporary folder), that directory is replaced, in this process's own mount namespace, by an empty one that holds
just what is needed. Nothing changes for anyone else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOBODY = 65534


def open_way(needed: list[Path]) -> None:
    """Make every needed path accessible to others."""
    while blocked := {closed for path in needed if (closed := find_closed(path))}:
        closed = min(blocked, key=lambda path: len(path.parts))
        inside = [path for path in needed if closed in path.parents]
        held = {path: os.open(path, os.O_PATH) for path in inside}
        mount("-t", "tmpfs", "-o", "mode=755", "none", str(closed))
        for path, descriptor in held.items():
            path.mkdir(parents=True, exist_ok=True)
            mount("--no-canonicalize", "--bind", f"/proc/{os.getpid()}/fd/{descriptor}", str(path))


def find_closed(path: Path) -> Path | None:
    """Return the outermost directory above `path` that others may not enter."""
    return next((above for above in reversed(path.parents) if not above.stat().st_mode & 0o001), None)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def main() -> None:
    """Become the user nobody, then run the daemon."""
    project = str(Path(__file__).parents[2])
    needed = {Path(name).resolve() for name in (sys.base_prefix, sys.prefix, project, *sys.argv[1:])}
    outermost = [path for path in needed if not needed & set(path.parents)]
    open_way(outermost)
    os.chdir(sys.argv[1])
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.environ["HOME"] = sys.argv[1]
    os.execv(sys.executable, [sys.executable, "-m", "expensed", "run"])


if __name__ == "__main__":
    main()
