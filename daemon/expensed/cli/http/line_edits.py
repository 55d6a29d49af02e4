"""Corrections of single items and taxes, as in `--item 3:total=4.50`, made of the lines that the daemon knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import click
from msgspec import UNSET

from expensed.model.breakdown import Item, TaxLine

Sent = str | Decimal | bool | None
"""A value of a line: as the daemon knows it, or as it was typed, for the daemon to parse."""
OF_ITEM = (
    "kind", "description", "quantity", "unit", "unit_price", "discount", "total", "tax_rate", "tax_mark", "category",
)  # fmt: skip
OF_TAX = ("name", "rate", "mark", "net", "tax", "gross", "is_included")
REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class LineEdit:
    """One field of one line, which are counted from 1, and its right value; without a field, the line is removed."""

    number: int
    field: str | None
    value: str


def parse_edits(typed: Iterable[str], option: str, fields: Sequence[str]) -> list[LineEdit]:
    """Read what was typed after an option; UsageError if it is none of `fields`, or not of that form."""
    return [_parse(text, option, fields) for text in typed]


def _parse(text: str, option: str, fields: Sequence[str]) -> LineEdit:
    number, _, rest = text.partition(":")
    field, has_value, value = rest.partition("=")
    field = field.strip().replace("-", "_")
    example = f"as in {option} 3:{fields[1]}=... or {option} 3:{REMOVE}"
    if not number.strip().isdecimal() or int(number) < 1 or not field:
        raise click.UsageError(f"{option} {text!r} must name a line by its number, {example}.")
    if field == REMOVE and not has_value:
        return LineEdit(int(number), None, "")
    if field not in fields:
        raise click.UsageError(f"{option} {text!r} must name one of the fields {', '.join(fields)}, or {REMOVE}.")
    if not has_value:
        raise click.UsageError(f"{option} {text!r} must give a value, {example}.")
    return LineEdit(int(number), field, value)


def edit_lines(
    lines: Sequence[Item | TaxLine], edits: Sequence[LineEdit], option: str, fields: Sequence[str]
) -> list[Mapping[str, Sent]]:
    """Return all lines as they are to be; a number behind the last one adds a line. UsageError if one is left out."""
    edited: dict[int, dict[str, Sent]] = {number: _as_sent(line, fields) for number, line in enumerate(lines, 1)}
    for edit in sorted(edits, key=lambda edit: edit.number):
        if edit.number > len(edited) + (edit.field is not None):
            are = f"is {len(lines)} line" if len(lines) == 1 else f"are {len(lines)} lines"
            raise click.UsageError(f"{option} {edit.number}: there {are}; {len(lines) + 1} adds one.")
        if edit.field is not None:
            edited.setdefault(edit.number, {})[edit.field] = edit.value
    removed = {edit.number for edit in edits if edit.field is None}
    return [line for number, line in edited.items() if number not in removed]


def _as_sent(line: Item | TaxLine, fields: Sequence[str]) -> dict[str, Sent]:
    values = {each.name: getattr(line, each.name) for each in dataclasses.fields(line)}
    return {name: values[name] for name in fields if values[name] is not UNSET}
