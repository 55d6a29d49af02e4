"""Stack traces that are safe to show to clients: modules and lines, but no folders of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_SOURCE_ROOT = re.compile(r'(?<=File ")/[^"\n]*/(?:daemon|site-packages|python3\.\d+)/')
_FOLDERS = re.compile(r"""(?<![\w.:/])/(?:[^\s'"/:,]+/)+""")


def hide_folders(trace: str, roots: Iterable[Path]) -> str:
    """Return a stack trace without folders; `roots` are removed whatever characters are in their names."""
    trace = _SOURCE_ROOT.sub("", trace)
    for root in sorted((str(root) for root in roots), key=len, reverse=True):
        trace = trace.replace(f"{root}/", "").replace(root, root.rpartition("/")[2])
    return _FOLDERS.sub("", trace)
