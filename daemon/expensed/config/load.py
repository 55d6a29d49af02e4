"""The settings in force: defaults, then the file, then the environment, with the origin of each value.

All mistakes are collected and raised together, one per line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from expensed.config.describe import Setting, all_settings, allowed_values, as_key, parse_variable, sections, shown
from expensed.config.schema import Settings
from expensed.config.toml_file import FILE_VARIABLE, SYSTEM_FILE, Source, find_file, read_file
from expensed.errors import ConfigError, SetupError
from expensed.model.text import one_line

PREFIX = "EXPENSED_"
_KEY = "[key]"
"""What pydantic adds to the place of a table's key."""


class Row(NamedTuple):
    """One setting as `expensed config` shows it; secrets are replaced with stars."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings, the file they came from (None: none was found), and each value's origin by dotted name.

    An origin is `default`, `FILE:line` or the name of an environment variable. `warnings` are sentences for people.
    """

    settings: Settings
    file: Path | None
    origins: Mapping[str, str]
    warnings: Sequence[str] = ()

    def rows(self) -> Iterator[Row]:
        """Yield every setting, in the order of the schema, with its value as TOML."""
        for setting in all_settings():
            value = getattr(getattr(self.settings, setting.section), setting.key)
            yield Row(setting.name, one_line(shown(setting, value)), self.origins[setting.name])


def load_settings(
    config_file: Path | None, environ: Mapping[str, str], cwd: Path, *, system_file: Path = SYSTEM_FILE
) -> LoadedSettings:
    """Return the settings in force for a command started in `cwd`; `config_file` is the file given with `-c`.

    Relative folders, whatever their origin, start at the folder that holds `config/`, or else at the settings file's
    own folder; without a file, at `cwd`. Raises ConfigError that lists every mistake, or SetupError if folders
    overlap.
    """
    cwd = cwd.absolute()
    file = find_file(config_file, environ, cwd, system_file)
    source, unreadable = _read_source(file)
    variables, unknown = _read_environment(environ)
    given = _merge(source.values, variables, environ)
    origins = {setting.name: _origin(setting, source, variables) for setting in all_settings()}
    mistakes, settings = unreadable + unknown, None
    try:
        settings = Settings.at(_base(file, cwd), **given)
    except ValidationError as error:
        found = [_explain(details, given, origins, source) for details in error.errors(include_url=False)]
        # A default is not to blame for a value that the unreadable file might have set.
        mistakes += [line for line in found if not (unreadable and line.startswith("default:"))]
    except SetupError:
        if not mistakes:
            raise
    if mistakes or settings is None:
        raise ConfigError(_list_mistakes(mistakes))
    return LoadedSettings(settings, file, origins, list(_warn_of_variables(environ)))


def _read_source(file: Path | None) -> tuple[Source, list[str]]:
    """Return the file's content, and why it cannot be read, if so."""
    try:
        return read_file(file) if file else Source(), []
    except ConfigError as error:
        return Source(file), [error.message]


def _base(file: Path | None, cwd: Path) -> Path:
    if file is None:
        return cwd
    return file.parent.parent if file.parent.name == "config" else file.parent


def _read_environment(environ: Mapping[str, str]) -> tuple[dict[str, Setting], list[str]]:
    """Return the settings overridden by the environment, by variable, and a mistake for each unknown variable."""
    known = {setting.variable: setting for setting in all_settings()}
    ours = sorted(name for name in environ if name.startswith(PREFIX) and "__" in name)
    mistakes = [
        f"{name}: there is no such setting{_did_you_mean(name, list(known))}" for name in ours if name not in known
    ]
    return {name: known[name] for name in ours if name in known}, mistakes


def _warn_of_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a warning for each variable that looks like a setting but is none.

    It is not a mistake, because other programs make such variables, too: Kubernetes does for a service of that name.
    """
    known = [setting.variable for setting in all_settings()]
    for name in sorted(environ):
        if name.startswith(PREFIX) and "__" not in name and name != FILE_VARIABLE:
            yield f"The variable {one_line(name)} is not a setting{_did_you_mean(name, known) or '.'}"


def _merge(
    values: Mapping[str, Any],  # TOML may hold anything
    variables: Mapping[str, Setting],
    environ: Mapping[str, str],
) -> dict[str, Any]:  # for pydantic to check
    merged = {name: dict(value) if isinstance(value, dict) else value for name, value in values.items()}
    for name, setting in variables.items():
        section = merged.setdefault(setting.section, {})
        if isinstance(section, dict):
            section[setting.key] = parse_variable(environ[name], setting.field)
    return merged


def _origin(setting: Setting, source: Source, variables: Mapping[str, Setting]) -> str:
    if setting.variable in variables:
        return setting.variable
    section = source.values.get(setting.section)
    if isinstance(section, dict) and setting.key in section:
        return source.origin(setting.section, setting.key)
    return "default"


def _explain(
    details: ErrorDetails,
    given: Mapping[str, Any],  # TOML may hold anything
    origins: Mapping[str, str],
    source: Source,
) -> str:
    """Return one mistake as `ORIGIN: NAME ...`."""
    names = [part for part in details["loc"] if isinstance(part, str) and part != _KEY]
    setting = next((setting for setting in all_settings() if [setting.section, setting.key] == names[:2]), None)
    if setting is None:
        return f"{source.origin(*names)}: {_explain_unknown(names, details['input'])}"
    path = names if setting.parts else names[:2]
    field = setting.parts.get(path[-1]) if len(path) > 3 else setting.field
    origin = origins[setting.name] if origins[setting.name] in ("default", setting.variable) else source.origin(*path)
    name = ".".join(map(as_key, path))
    if field is None:
        return f"{origin}: {name}: there is no such setting{_did_you_mean(path[-1], list(setting.parts))}"
    if details["type"] == "value_error":
        complaint = str(details["ctx"]["error"])
    else:
        complaint = "must be " + (_describe_table(setting) if len(path) == 3 else allowed_values(field))
    is_whole_table = bool(setting.parts) and len(path) == 2
    value = _look_up(given, path, setting.field.default)
    stated = "" if setting.is_secret or is_whole_table else f" = {shown(setting, value)}"
    return f"{origin}: {name}{stated} {complaint}"


def _describe_table(setting: Setting) -> str:
    return f"a table with any of {', '.join(setting.parts)}"


def _look_up(given: Mapping[str, object], path: Sequence[str], default: object) -> object:  # TOML may hold anything
    value: object = given
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return default
        value = value[name]
    return value


def _explain_unknown(names: list[str], value: object) -> str:
    if len(names) == 1 and names[0] in sections():
        return f"{names[0]} must be a section, [{names[0]}], with its settings below"
    if len(names) == 1 and isinstance(value, dict):
        return f"[{names[0]}]: there is no such section{_did_you_mean(names[0], list(sections()))}"
    near = [setting.name for setting in all_settings() if setting.key == names[-1]]
    if near:
        return f"{'.'.join(names)}: there is no such setting; did you mean {near[0]}?"
    candidates = [setting.name for setting in all_settings() if setting.section == names[0]]
    return f"{'.'.join(names)}: there is no such setting{_did_you_mean('.'.join(names), candidates)}"


def _did_you_mean(name: str, candidates: list[str]) -> str:
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(candidates)}" if 0 < len(candidates) <= 12 else ""


def _list_mistakes(mistakes: list[str]) -> str:
    title = "A setting is wrong:" if len(mistakes) == 1 else f"{len(mistakes)} mistakes in the settings:"
    return "\n".join([title, *(f"  {one_line(mistake)}" for mistake in mistakes)])
