"""JSON on standard output, for scripts."""

from __future__ import annotations

import click

from expensed.model.json_text import encode_text

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def print_json(value: object) -> None:
    """Print a value as one line of JSON."""
    click.echo(encode_text(value))
