"""`expensed check`: whether bytes, sidecars and ledger agree; the ledger is opened read-only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.config.schema import Settings
from expensed.event_bus import Bus
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import count_unfinished
from expensed.pipeline.context import ledger_path
from expensed.pipeline.upkeep.audit import audit


@click.command()
@config_option
def check(config_file: Path | None) -> int:
    """Compare every document with the ledger. Exit status 1 if something is wrong."""
    return asyncio.run(_check(load(config_file).settings))


async def _check(settings: Settings) -> int:
    ledger = Ledger(ledger_path(settings), Bus())
    await ledger.open_read_only()
    wrong = 0
    try:
        async for finding in audit(settings, ledger):
            wrong += finding.is_wrong
            click.echo(f"{'WRONG' if finding.is_wrong else 'note '}  {finding.subject} {finding.sentence}")
        row = await ledger.one("SELECT count(*) AS n FROM documents")
        unfinished = sum((await count_unfinished(ledger)).values())
    finally:
        await ledger.close()
    if unfinished:
        click.echo(f"{unfinished} unfinished; the daemon finishes them, after its next start if it is not running.")
    click.echo(f"{row['n'] if row else 0} documents checked, {wrong or 'nothing'} wrong.")
    return 1 if wrong else 0
