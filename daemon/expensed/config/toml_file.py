"""One TOML file: finding it, reading it, and the line of each of its keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expensed.errors import ConfigError

SYSTEM_FILE = Path("/etc/expensed/expensed.toml")
FILE_VARIABLE = "EXPENSED_CONFIG"
"""Names the settings file; the only variable of expensed's that is not a setting."""
LOCAL_FILE = Path("config/expensed.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """The content of a settings file; empty without a file."""

    file: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # TOML may hold anything
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def origin(self, *names: str) -> str:
        """Return `FILE:line` of a key, or of the table that contains it."""
        while names and names not in self.lines:
            names = names[:-1]
        return f"{self.file}:{self.lines[names]}" if names else str(self.file)


def find_file(given: Path | None, environ: Mapping[str, str], cwd: Path, system_file: Path) -> Path | None:
    """Return the settings file in force: the given one, EXPENSED_CONFIG, the first that exists, or None."""
    if given is None and environ.get(FILE_VARIABLE):
        given = Path(environ[FILE_VARIABLE])
    if given is not None:
        return cwd / given
    return next((file for file in (cwd / LOCAL_FILE, system_file) if _exists(file)), None)


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except PermissionError:
        return False


def read_file(file: Path) -> Source:
    """Return the file's values with their lines; ConfigError if it cannot be read or is not TOML."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file}:{line}: is not UTF-8 text") from None
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(_syntax_error(file, text, str(error))) from None
    return Source(file, values, dict(_locate_keys(text)))


def _syntax_error(file: Path, text: str, message: str) -> str:
    """Return `FILE:line: what is wrong: the line` without its value, which may be a secret.

    Python 3.11 gives the place only in its message.
    """
    what, _, place = message.partition(" (at ")
    digits = place.removeprefix("line ").partition(",")[0]
    line = int(digits) if digits.isdigit() else text.rstrip("\n").count("\n") + 1
    content = "".join(text.split("\n")[line - 1].partition("=")[:2]).strip()
    return f"{file}:{line}: is not valid TOML: {what}: {content[:80]}"


def _locate_keys(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each key of a valid TOML text with the line on which its statement begins.

    A statement ends with the first line that makes it valid on its own, so strings and lists over several lines need
    no separate parser.
    """
    table: tuple[str, ...] = ()
    statement, first = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        first = first if statement else number
        statement += line + "\n"
        try:
            parsed = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        paths = list(_paths(parsed))
        if statement.lstrip().startswith("[") and paths:
            table = paths[-1]
            yield table, first
        else:
            yield from ((table + path, first) for path in paths)
        statement = ""


def _paths(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:  # TOML
    for key, value in values.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *path) for path in _paths(value))
