"""The commented settings file, made from the schema: `python -m expensed.config.sample_file` prints it.

Every setting is in it with its default, commented out, so that an upgrade can improve a default.
"""

from __future__ import annotations

import textwrap
import typing
from collections.abc import Iterator

from expensed.config.describe import Setting, all_settings, allowed_values, as_toml, sections

HEADER = """\
All settings of expensed, each commented out with its default. To change one, remove the `#` from its line
and restart the daemon. `expensed config` shows the values in force and where they come from.

The first of these files applies: -c FILE, $EXPENSED_CONFIG, ./config/expensed.toml, /etc/expensed/expensed.toml.
An environment variable overrides the file: EXPENSED_INBOX__RESCAN_S=60 sets rescan_s of [inbox].
Relative folders start at the folder that holds config/; if this file is elsewhere, at its own folder.

Generated from the schema by `make config`."""
WIDTH = 112


def render_sample() -> str:
    """Return the text of config/expensed.toml."""
    lines = [*_comment(HEADER), *(line for name in sections() for line in _render_section(name))]
    return "\n".join(lines) + "\n"


def _render_section(name: str) -> Iterator[str]:
    yield from ("", "", f"[{name}]  # {sections()[name].__doc__}")
    for setting in all_settings():
        if setting.section == name:
            yield ""
            yield from _comment(setting.description + _allowed(setting))
            yield f"#{setting.key} = {as_toml(setting.field.get_default())}"


def _allowed(setting: Setting) -> str:
    """Return bounds and choices as a sentence; nothing if the description is enough."""
    if setting.field.annotation in (int, float) or typing.get_origin(setting.field.annotation) is typing.Literal:
        return f" Allowed: {allowed_values(setting.field)}."
    return ""


def _comment(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for part in textwrap.wrap(line, WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]:
            yield f"# {part}".rstrip()


if __name__ == "__main__":
    print(render_sample(), end="")
