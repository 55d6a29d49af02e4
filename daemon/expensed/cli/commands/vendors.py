"""`expensed vendors`: the sellers of what is filed, and making names mean the same seller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from msgspec import UNSET, UnsetType

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_vendors
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query
from expensed.cli.http.wording import tell_hint
from expensed.cli.options import json_option, limit_option
from expensed.cli.screen.json_output import print_json
from expensed.model.text import one_line
from expensed.report.vendors import Merged, Separated, Vendors, VendorShown
from expensed.shown_commands import merging_command


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The body of POST /api/vendors/merge."""

    names: tuple[str, ...]
    into: str
    move: bool = False
    before: int | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Separation:
    """The body of POST /api/vendors/separate."""

    name: str


move_option = click.option("--move", is_flag=True, help="Also correct what is filed, which moves it to its new name.")


@click.group(invoke_without_command=True)
@click.pass_context
def vendors(context: click.Context) -> None:
    """List the sellers of what is filed, and say which names mean the same one.

    Without a subcommand: `vendors list`. What is read from then on gets the right name. What is filed keeps its
    name and place, unless you say --move.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_all)


@vendors.command("list")
@config_option
@click.argument("words", metavar="[LETTERS]", required=False)
@limit_option
@json_option
def list_all(
    config_file: Path | None = None, words: str | None = None, limit: int = 100, as_json: bool = False
) -> None:
    """List sellers, those with most documents first, and names that probably mean one.

    With LETTERS, only those whose names contain them.
    """
    found = Client(load(config_file).settings).get(
        "/api/vendors", Vendors, **as_query(q=words, limit=str(min(limit, 500)))
    )
    if as_json:
        print_json(found)
        return
    for line in _describe(found):
        click.echo(line)


def _describe(found: Vendors) -> Iterator[str]:
    yield from map(describe_vendor, found.vendors)
    if not found.vendors:
        yield "Nothing is filed yet."
    if found.total > len(found.vendors):
        yield f"{found.total - len(found.vendors)} more; --limit shows them."
    if found.offers:
        yield "\nThese may be the same seller:"
    for offer in found.offers:
        yield f"  {one_line(offer.name)} and {one_line(offer.into)}: {one_line(offer.reason)}"
        yield f"    {merging_command(offer.name, offer.into)}"


def describe_vendor(vendor: VendorShown) -> str:
    """Return a seller as one line."""
    also = f" (also {', '.join(map(one_line, vendor.aliases))})" if vendor.aliases else ""
    days = "" if vendor.first is None else f", {vendor.first} to {vendor.last}"
    what = f": {', '.join(vendor.categories)}{days}" if vendor.categories else ""
    return f"{vendor.documents:>6}  {one_line(vendor.name)}{also}{what}"


@vendors.command()
@config_option
@click.argument("old", shell_complete=complete_vendors)
@click.argument("new", shell_complete=complete_vendors)
@move_option
@json_option
def rename(config_file: Path | None, old: str, new: str, move: bool, as_json: bool) -> int:
    """Call the seller OLD NEW from now on."""
    return _merge(config_file, Request(names=(old,), into=new, move=move), as_json=as_json)


@vendors.command()
@config_option
@click.argument("names", metavar="FROM... INTO", nargs=-1, required=True, shell_complete=complete_vendors)
@move_option
@json_option
def merge(config_file: Path | None, names: Sequence[str], move: bool, as_json: bool) -> int:
    """Have the names FROM mean the seller INTO."""
    *others, into = names
    if not others:
        raise click.UsageError("Give at least two names: FROM... INTO.")
    return _merge(config_file, Request(names=tuple(others), into=into, move=move), as_json=as_json)


@vendors.command()
@config_option
@click.argument("name", shell_complete=complete_vendors)
@click.argument("alias", shell_complete=complete_vendors)
@json_option
def alias(config_file: Path | None, name: str, alias: str, as_json: bool) -> int:
    """Have ALIAS, a name that may be read on papers to come, mean the seller NAME."""
    return _merge(config_file, Request(names=(alias,), into=name), as_json=as_json)


@vendors.command()
@config_option
@click.argument("name", metavar="ALIAS", shell_complete=complete_vendors)
def separate(config_file: Path | None, name: str) -> None:
    """Have ALIAS mean a seller of its own again; what was moved stays where it is."""
    Client(load(config_file).settings).post("/api/vendors/separate", Separation(name), Separated)
    click.echo(f"{one_line(name)} means a seller of its own again.")


def _merge(config_file: Path | None, wanted: Request, *, as_json: bool) -> int:
    """Have names mean one seller, in as many requests as it takes, and say what was done; return the exit code."""
    client = Client(load(config_file).settings)
    answers = [client.post("/api/vendors/merge", wanted, Merged)]
    while (following := answers[-1].next) is not None:
        answers.append(client.post("/api/vendors/merge", replace(wanted, before=following), Merged))
    merged = Merged(
        name=wanted.into,
        moved=tuple(each for answer in answers for each in answer.moved),
        refused=tuple(each for answer in answers for each in answer.refused),
        waiting=tuple(each for answer in answers for each in answer.waiting),
        next=None,
    )
    if as_json:
        print_json(merged)
    else:
        _tell(merged, wanted)
    return 1 if merged.refused else 0


def _tell(merged: Merged, wanted: Request) -> None:
    names = " and ".join(map(one_line, wanted.names))
    click.echo(f"What is read as {names} is called {one_line(merged.name)} from now on.")
    for moved in merged.moved:
        click.echo(f"{one_line(moved.document_id)}: now {one_line(moved.path)}")
    for waiting in merged.waiting:
        click.echo(f"{one_line(waiting.document_id)}: it will be moved as soon as possible. {waiting.last_error or ''}")
    for refused in merged.refused:
        click.echo(f"{one_line(refused.document_id)} was not moved: {one_line(refused.error)}", err=True)
        click.echo(f"  {tell_hint(refused.hint, refused.code, 'vendors')}", err=True)
