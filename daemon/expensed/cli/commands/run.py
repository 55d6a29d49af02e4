"""`expensed run`: the daemon in the foreground."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.logs import configure_logging

log = logging.getLogger("expensed")


@click.command()
@config_option
def run(config_file: Path | None) -> None:
    """Watch the inbox and file what lands there, until stopped."""
    from expensed.service.daemon import run_daemon

    loaded = load(config_file)
    settings = loaded.settings
    configure_logging(settings.log.format, settings.log.level)
    if loaded.file is None:
        log.info(
            "no settings file found; inbox is %s, archive %s, state %s",
            settings.inbox.path, settings.archive.path, settings.state.path,
        )  # fmt: skip
    asyncio.run(run_daemon(settings))
