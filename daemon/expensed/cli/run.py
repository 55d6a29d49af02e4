"""`expensed run`: the daemon in the foreground."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.logs import configure_logging


@click.command()
@config_option
def run(config_file: Path | None) -> None:
    """Watch the inbox and file what lands there, until stopped."""
    from expensed.service.daemon import run_daemon

    settings = load(config_file).settings
    configure_logging(settings.log.format, settings.log.level)
    asyncio.run(run_daemon(settings))
