"""JSON on standard output, for scripts."""

from __future__ import annotations

import click

from expensed.model.json_text import encode_text


def print_json(value: object) -> None:
    """Print a value as one line of JSON."""
    click.echo(encode_text(value))
