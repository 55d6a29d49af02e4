"""What a started process inherits: an allow-list of variables, so that no token or password of ours reaches it."""

from __future__ import annotations

import os
from collections.abc import Mapping

_NAMES = frozenset({
    "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LD_PRELOAD", "LOGNAME", "PATH", "TESSDATA_PREFIX", "TMPDIR", "TZ",
    "USER", "VIRTUAL_ENV",
})  # fmt: skip
_PREFIXES = ("LC_", "MALLOC_", "PYTHON")


def clean_environment(**added: str) -> dict[str, str]:
    """Return the environment for a child: what of ours it may know, and what is `added`."""
    return _keep(os.environ) | added


def _keep(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name in _NAMES or name.startswith(_PREFIXES)}
