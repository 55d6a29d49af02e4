"""`expensed rebuild`: a new ledger, made from the archive, in place of a lost one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.model.states import DocumentState
from expensed.model.text import one_line

STEP = 1000
"""How many documents there are between two lines of progress."""


@click.command()
@config_option
@click.option("--force", is_flag=True, help="Even if the present ledger is whole.")
def rebuild(config_file: Path | None, force: bool) -> None:
    """Make a lost ledger again from the archive.

    Documents come back with all that was read and corrected; unfinished work, uploads that nobody has filed, and the
    history of tasks and of what was done do not, but files claimed in the inbox are taken again. What was done before
    cannot be undone then. The former ledger is moved aside, not deleted. No daemon may run meanwhile.
    """
    from expensed.service.rebuilding import rebuild as make_again

    report = asyncio.run(make_again(load(config_file).settings, force=force, tell=_tell))
    for remark in report.remarks:
        click.echo(f"note  {one_line(remark)}")
    counts = [f"{number} {state.value}" for state in DocumentState if (number := report.documents[state])]
    total = report.documents.total()
    click.echo(
        f"The ledger was made again with {total} document{'s' * (total != 1)}{': ' * bool(total)}{', '.join(counts)}."
    )
    if report.former is not None:
        click.echo(f"The former one is now {report.former}.")
    if report.claims:
        files, are = ("file that was", "is") if report.claims == 1 else ("files that were", "are")
        click.echo(f"{report.claims} {files} taken from the inbox {are} admitted again.")
    click.echo("Start the daemon again; `expensed check` then compares every document with the ledger.")


def _tell(done: int) -> None:
    if done % STEP == 0:
        click.echo(f"{done} documents ...", err=True)
