"""Named points between two effects at which the process may die without harm.

In service they do nothing. The crash tests collect every name from the source and end the process at each of them.
"""

from __future__ import annotations

from collections.abc import Callable

_on_boundary: Callable[[str], None] | None = None


def boundary(name: str) -> None:
    """Pass the boundary `name`, a literal such as `admit.claimed` (the tests read the names from the source)."""
    if _on_boundary is not None:
        _on_boundary(name)


def watch_boundaries(call: Callable[[str], None] | None) -> None:
    """Call `call(name)` at each boundary from now on; None: at none."""
    global _on_boundary  # noqa: PLW0603 - one hook for the process, set by the crash tests before anything runs
    _on_boundary = call
