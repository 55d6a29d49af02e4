"""`expensed undo`: takes back what was done to documents, and lists it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import click
from msgspec import UNSET

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_documents
from expensed.cli.http.bodies import Undoing
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import find_document_id
from expensed.cli.http.paging import as_query, read_journal
from expensed.cli.http.wording import tell_hint
from expensed.cli.options import json_option, limit_option
from expensed.cli.screen.json_output import print_json
from expensed.model.text import one_line
from expensed.report.journal import Journal, JournalEntry, RefusedEntry, Undone
from expensed.report.status import read_local
from expensed.shown_commands import undoing_command

_ASK_FOR_TIME = "must be a time such as 14:30 (today), 2024-01-15 or '2024-01-15 14:30'"


def _read_time(ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Return a time as the daemon takes it, with the local zone if it names none; without a day, it is today's."""
    if text is None:
        return None
    try:
        today = datetime.now().astimezone().date()
        is_of_today = ":" in text[:3]
        moment = datetime.combine(today, time.fromisoformat(text)) if is_of_today else datetime.fromisoformat(text)
        return moment.astimezone().isoformat()
    except (ValueError, OverflowError):
        raise click.BadParameter(_ASK_FOR_TIME) from None


@click.command()
@config_option
@click.argument("name", metavar="[ID]", required=False, shell_complete=complete_documents())
@click.option(
    "--since",
    metavar="TIME",
    callback=_read_time,
    help="Everything since then: 14:30 (today), 2024-01-15 or '2024-01-15 14:30'.",
)
@click.option("--entry", metavar="N", type=click.IntRange(min=1), help="This entry of the list; also an undo itself.")
@click.option(
    "--lesson",
    metavar="N",
    type=click.IntRange(min=1),
    help="All that this lesson did and that no person has looked at.",
)
@click.option("--list", "lists", is_flag=True, help="Undo nothing; list what was done, latest first.")
@limit_option
@json_option
def undo(
    config_file: Path | None,
    name: str | None,
    since: str | None,
    entry: int | None,
    lesson: int | None,
    lists: bool,
    limit: int,
    as_json: bool,
) -> int:
    """Take back the last thing that you did: a filing, a correction, a discard, or putting something back.

    With ID, the last thing that was done to that document, also by expensed itself: what it has filed goes to review.
    Called again, it takes back the thing before that. An undo is an entry of the list like any other, and --entry takes
    it back, too. The bytes of a document are never touched; it lies again where it lay, if that name is still free.
    """
    if sum(each is not None for each in (name, since, entry, lesson)) > 1:
        raise click.UsageError("Give one of ID, --since, --entry and --lesson.")
    if lists and (entry is not None or lesson is not None):
        raise click.UsageError("--list goes with ID or --since.")
    client = Client(load(config_file).settings)
    document_id = None if name is None else find_document_id(client, name)
    if lists:
        _list(read_journal(client, as_query(document=document_id, since=since), limit), as_json=as_json)
        return 0
    wanted = Undoing(
        document_id=document_id or UNSET,
        since=since or UNSET,
        entry=entry or UNSET,
        lesson=lesson or UNSET,
    )
    return _undo(client, wanted, as_json=as_json)


def _list(entries: Iterator[JournalEntry], *, as_json: bool) -> None:
    found = tuple(entries)
    if as_json:
        print_json(Journal(entries=found, next=None))
        return
    for entry in found:
        click.echo(describe_entry(entry))
    if not found:
        click.echo("Nothing has been done yet.")


def describe_entry(entry: JournalEntry) -> str:
    """Return an entry as one line."""
    when = read_local(entry.at)
    undone = f" (taken back by {entry.undone_by})" if entry.undone_by is not None else ""
    return f"{entry.number:>6}  {when:%Y-%m-%d %H:%M}  {one_line(entry.file)}: {one_line(entry.sentence)}{undone}"


def _undo(client: Client, wanted: Undoing, *, as_json: bool) -> int:
    """Have everything undone, in as many requests as it takes, and say what was; return the exit code."""
    undone = undo_rest(client, wanted, client.post("/api/undo", wanted, Undone), tell=not as_json)
    if as_json:
        print_json(undone)
    return 1 if undone.refused else 0


def undo_rest(client: Client, wanted: Undoing, first: Undone, *, tell: bool) -> Undone:
    """Have the rest undone after a first answer, in as many requests as it takes; return all that was, and say it."""
    answers = [first]
    while True:
        if tell:
            _tell(answers[-1])
        if answers[-1].next is None:
            break
        wanted = replace(wanted, before=answers[-1].next)
        answers.append(client.post("/api/undo", wanted, Undone))
    undone = tuple(each for answer in answers for each in answer.undone)
    refused = tuple(each for answer in answers for each in answer.refused)
    waiting = tuple(each for answer in answers for each in answer.waiting)
    if tell and not (undone or refused or waiting):
        click.echo("There was nothing to take back.")
    return Undone(undone=undone, refused=refused, waiting=waiting, next=None)


def _tell(answer: Undone) -> None:
    for entry in answer.undone:
        click.echo(f"{one_line(entry.document_id)}: took back: {one_line(entry.sentence)}")
        if entry.undone_by is not None:
            click.echo(f"  To have it again: {undoing_command('--entry', str(entry.undone_by))}")
    for waiting in answer.waiting:
        click.echo(f"Entry {waiting.entry} is taken back as soon as possible. {waiting.last_error or ''}".strip())
    for refused in answer.refused:
        _tell_refused(refused)


def _tell_refused(refused: RefusedEntry) -> None:
    click.echo(f"Entry {refused.entry} was not taken back: {one_line(refused.error)}", err=True)
    click.echo(f"  {tell_hint(refused.hint, refused.code, 'undo')}", err=True)
