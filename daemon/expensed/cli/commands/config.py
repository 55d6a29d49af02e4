"""`expensed config`: the settings in force and where each comes from."""

from __future__ import annotations

from pathlib import Path

import click

from expensed.cli.app import config_option, load


@click.command()
@config_option
def config(config_file: Path | None) -> None:
    """Show the settings in force and where each comes from."""
    rows = list(load(config_file).rows())
    name_width = max(len(row.name) for row in rows)
    value_width = min(60, max(len(row.value) for row in rows))
    for row in rows:
        click.echo(f"{row.name:<{name_width}}  {row.value:<{value_width}}  {row.origin}")
