"""The schema in words: the names of all settings, the values each allows, and values as TOML."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from expensed.config.schema import Section, Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the schema."""

    section: str
    key: str
    field: FieldInfo

    @property
    def name(self) -> str:
        """`section.key`."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return f"EXPENSED_{self.section}__{self.key}".upper()

    @property
    def description(self) -> str:
        """The setting's description, on one line."""
        return " ".join((self.field.description or "").split())

    @property
    def parts(self) -> Mapping[str, FieldInfo]:
        """The settings of each table in it, by key; none if it is not a table of tables."""
        kinds = typing.get_args(self.field.annotation) if typing.get_origin(self.field.annotation) is dict else ()
        return typing.cast(type[Section], kinds[1]).model_fields if kinds else {}

    @property
    def is_secret(self) -> bool:
        """Whether its value may hold a secret and must not be repeated in messages."""
        extra = self.field.json_schema_extra
        return isinstance(extra, dict) and bool(extra.get("secret"))


def sections() -> Mapping[str, type[Section]]:
    """Return the sections by name, in the order of the schema."""
    return {name: typing.cast(type[Section], field.annotation) for name, field in Settings.model_fields.items()}


def all_settings() -> Iterator[Setting]:
    """Yield every setting, in the order of the schema."""
    for section, model in sections().items():
        for key, field in model.model_fields.items():
            yield Setting(section, key, field)


def allowed_values(field: FieldInfo) -> str:
    """Return what a setting accepts, to complete the sentence "must be ..."."""
    kind = field.annotation
    if typing.get_origin(kind) is Literal:
        return "one of " + ", ".join(typing.get_args(kind))
    if kind is bool:
        return "true or false"
    if kind is int:
        return "a whole number " + _bounds(field)
    if kind is float:
        return "a number " + _bounds(field)
    if typing.get_origin(kind) is tuple:
        return "a list of names" + (", as in " + as_toml(field.default) if field.default else "")
    if kind is Path:
        return "the path of a folder, as text"
    extra = field.json_schema_extra
    return str(extra["allowed"]) if isinstance(extra, dict) and "allowed" in extra else "text"


def _bounds(field: FieldInfo) -> str:
    bound = {name: getattr(part, name) for part in field.metadata for name in ("gt", "ge", "le") if hasattr(part, name)}
    low = f"above {as_toml(bound['gt'])}, at most" if "gt" in bound else f"from {as_toml(bound['ge'])} to"
    return f"{low} {as_toml(bound['le'])}"


def parse_variable(text: str, field: FieldInfo) -> object:
    """Convert the text of an environment variable to the setting's type; leave text that does not fit to the schema.

    A list is JSON (`["eng", "deu"]`) or separated by commas, a table is JSON.
    """
    kind = typing.get_origin(field.annotation) or field.annotation
    try:
        if kind in (int, float):
            return int(text) if kind is int else float(text)
        if kind is dict:
            return json.loads(text)
        if kind is tuple:
            return json.loads(text) if text.lstrip().startswith("[") else [part.strip() for part in text.split(",")]
    except ValueError:
        pass
    return text


def as_toml(value: object) -> str:
    """Return a value as a settings file has it; Python's repr if TOML has no such value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}" if value >= 100_000 else str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Section):
        return as_toml(value.model_dump(exclude_defaults=True))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_key(name)} = {as_toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, SecretStr):
        return as_toml(value.get_secret_value())
    return repr(value)


def as_key(name: object) -> str:
    """Return the key of a table as a settings file has it, in quotation marks if it needs them."""
    return str(name) if re.fullmatch(r"[A-Za-z0-9_-]+", str(name)) else as_toml(str(name))


def shown(setting: Setting, value: object) -> str:
    """Return the value as TOML, with stars in place of its secrets."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if setting.is_secret and isinstance(text, str) and text:
        text = "***" if setting.field.annotation is SecretStr else _without_password(text)
    return as_toml(text)


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    login, at, host = parts.netloc.rpartition("@")
    hidden = "***@" if at and login else ""
    return parts._replace(netloc=hidden + host, query="***" if parts.query else "").geturl()
