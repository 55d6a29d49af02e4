"""`expensed adopt`: mark a folder as this ledger's, after saying what lies in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS, list_claims
from expensed.disk.marked_folder import Mark, MarkedFolder, PlaceName, read_mark
from expensed.errors import Conflict, SetupError
from expensed.event_bus import Bus
from expensed.ledger.store import Ledger
from expensed.pipeline.context import ledger_path, name_places
from expensed.pipeline.upkeep.marks import compare_with_ledger, find_sidecars, mark


@click.command()
@config_option
@click.argument("place", type=click.Choice([name.value for name in PlaceName]))
@click.option("--force", is_flag=True, help="Also if the folder bears the mark of another ledger.")
def adopt(config_file: Path | None, place: str, force: bool) -> None:
    """Make a folder this ledger's: the inbox, the archive or the state folder that the settings name.

    Use it after you have moved or replaced a folder on purpose. Documents that the ledger knows and that are not in the
    folder then count as removed. A running daemon notices at its next rescan.
    """
    asyncio.run(_adopt(load(config_file).settings, PlaceName(place), force=force))


async def _adopt(settings: Settings, name: PlaceName, *, force: bool) -> None:
    ledger = Ledger(ledger_path(settings), Bus())
    await ledger.open_read_only()
    try:
        places = name_places(settings, ledger)
        (folder,) = (each for each in places.all if each.name is name)
        click.echo(f"{folder.path}: {await _describe(folder, ledger)}")
        _mark(folder, force=force)
    finally:
        await ledger.close()


def _mark(folder: MarkedFolder, *, force: bool) -> None:
    try:
        found = read_mark(folder.path, folder.name)
        if found == Mark(place=folder.name, ledger=folder.ledger):
            click.echo(f"It is this ledger's {folder.name} already.")
            return
        if found is not None and not force:
            raise Conflict(
                f"{folder.path} is the {found.place} of another ledger ({found.ledger}).",
                hint="To make it this ledger's from now on, repeat with --force.",
            )
        mark(folder)
    except OSError as error:
        raise SetupError(
            f"{folder.path} cannot be marked: {error.strerror}.",
            hint="Create it, or give expensed's user write access.",
        ) from error
    click.echo(f"It is now the {folder.name} of ledger {folder.ledger}.")


async def _describe(folder: MarkedFolder, ledger: Ledger) -> str:
    """Describe what lies in the folder."""
    if not folder.path.is_dir():
        return "there is no such folder."
    match folder.name:
        case PlaceName.STATE:
            return "it holds the ledger."
        case PlaceName.INBOX:
            count = len(list_claims(folder.path / CLAIMS))
            return f"it holds {count or 'no'} claimed {'file' if count == 1 else 'files'}."
        case PlaceName.ARCHIVE:
            found, sampled = await compare_with_ledger(folder.path, ledger)
            count = sum(1 for _ in find_sidecars(folder.path))
            known = f"{found} of {sampled} filed documents looked for are where the ledger says"
            return f"it holds {count or 'no'} documents of expensed's; {known if sampled else 'the ledger knows none'}."
