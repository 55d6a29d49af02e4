"""What a started process inherits: an allow-list of variables, so that no token or password of ours reaches it."""

from __future__ import annotations

import os

_NAMES = frozenset({
    "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LD_PRELOAD", "LOGNAME", "PATH", "TESSDATA_PREFIX", "TMPDIR", "TZ",
    "USER", "VIRTUAL_ENV", "PYTHONDEVMODE", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED",
    "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONSAFEPATH", "PYTHONUNBUFFERED",
    "PYTHONUTF8", "PYTHONWARNINGS",
})  # fmt: skip
_PREFIX = "LC_"


def clean_environment(**added: str) -> dict[str, str]:
    """Return the environment for a child: what of ours it may know, and what is `added`."""
    kept = {name: value for name, value in os.environ.items() if name in _NAMES or name.startswith(_PREFIX)}
    return kept | added
