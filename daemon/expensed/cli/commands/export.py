"""`expensed export`: writes documents for a spreadsheet, a script or bookkeeping, in the order of their dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query
from expensed.cli.options import document_filters, state_option
from expensed.config.schema import Settings
from expensed.exports.entry import Entry, read_entry
from expensed.exports.formats import CSV, FORMATS, OF_ITEMS, Format
from expensed.exports.writer import DEFAULT_ACCOUNT, LEFT_OUT, Opened, Wishes
from expensed.model.json_text import decode
from expensed.model.states import DocumentState
from expensed.report.answers import ExportedDocument
from expensed.report.status import describe_states

RULES = "hledger-rules"


@click.command()
@config_option
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), default="csv", show_default=True, help="What to write."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write. Beside a .csv, the rules are written with which hledger reads it, unless they are there.",
)
@click.option("--items", "of_items", is_flag=True, help="With csv: a line for each item, instead of for each document.")
@state_option(help_text="Documents in this state, instead of those that are filed.")
@document_filters
@click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="The account that paid, for bookkeeping.")
@click.option(
    "--open",
    "opened",
    type=click.Choice([each.value for each in Opened]),
    default=Opened.ALL.value,
    show_default=True,
    help="The accounts that a beancount export opens; those that your books open already must not be among them.",
)
def export(
    config_file: Path | None,
    kind: str,
    as_json: bool,
    output: Path | None,
    of_items: bool,
    account: str,
    opened: str,
    **filters: str | None,
) -> None:
    """Write documents as CSV, JSON lines or bookkeeping entries, in the order of their dates.

    Each expense goes to an account named after its category. What is left out is said on standard error: documents
    that are not filed and, in bookkeeping, those without a date, amount or currency; a comment names each of these.
    CSV has columns for each rate of tax. The settings `export.tax_account` and `export.split_items` have bookkeeping
    entries divided.
    """
    settings = load(config_file).settings
    kind = "jsonl" if as_json else kind
    if of_items and kind != CSV:
        raise click.UsageError("--items goes with --format csv; jsonl has the items of each document anyway.")
    form = OF_ITEMS if of_items else FORMATS[kind]
    sent = CSV if form is FORMATS[CSV] else "jsonl"  # the daemon knows which rates of tax the columns are for
    with Client(settings).stream_lines("/api/export", as_query(format=sent, **filters)) as (headers, lines):
        left_out = {} if filters["state"] else _read_left_out(headers)
        wishes = _make_wishes(settings, account, Opened(opened), left_out)
        documents = Count((decode(line, ExportedDocument) for line in lines), wishes)
        _write(map(bytes.decode, lines) if sent == CSV else form.begin(wishes).write_all(documents), output)
    if form is FORMATS[CSV] and output is not None:
        _write_rules(wishes, output)
    for sentence in (*_tell_left_out(left_out), *_tell_lacking(documents, form)):
        click.echo(f"expensed: {sentence}", err=True)


def _make_wishes(settings: Settings, account: str, opened: Opened, left_out: Mapping[DocumentState, int]) -> Wishes:
    return Wishes(
        account=account,
        opened=opened,
        folder=str(settings.archive.path),
        tax_account=settings.export.tax_account,
        splits_items=settings.export.split_items,
        left_out=left_out,
    )


class Count:
    """Counts documents while passing them on: all, those that cannot be entries, those divided less than wished."""

    def __init__(self, documents: Iterable[ExportedDocument], wishes: Wishes) -> None:
        self.all = self.lacking = self.undivided = self.without_items = 0
        self._documents = documents
        self._wishes = wishes

    def __iter__(self) -> Iterator[ExportedDocument]:
        for document in self._documents:
            entry = read_entry(document, self._wishes)
            self.all += 1
            self.lacking += isinstance(entry, str)
            self.undivided += isinstance(entry, Entry) and bool(entry.remarks)
            self.without_items += not document.items
            yield document


def _read_left_out(headers: Mapping[str, str]) -> dict[DocumentState, int]:
    return decode(headers.get(LEFT_OUT, "{}"), dict[DocumentState, int])


def _write(lines: Iterable[str], output: Path | None) -> None:
    """Write lines to a file, which is complete or not there, or to standard output."""
    if output is None:
        for line in lines:
            click.echo(line)
        return
    try:
        file: IO[str]
        with click.open_file(str(output), "w", encoding="utf-8", errors="replace", atomic=True) as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise click.FileError(str(output), hint=error.strerror) from error


def _write_rules(wishes: Wishes, output: Path) -> None:
    """Write hledger's rules beside the CSV; rules that are there may have been changed by hand, so they stay."""
    rules = output.with_name(f"{output.name}.rules")
    if rules.exists():
        click.echo(f"expensed: {rules} was there already and stays as it is.", err=True)
    else:
        _write(FORMATS[RULES].begin(wishes).write_head(), rules)


def _tell_left_out(left_out: Mapping[DocumentState, int]) -> Iterator[str]:
    if left_out:
        yield f"What is not filed was left out: {describe_states(left_out)}. `expensed status` lists it."


def _tell_lacking(documents: Count, form: Format) -> Iterator[str]:
    if form.is_bookkeeping and documents.lacking:
        yield f"{documents.lacking} of {documents.all} documents were left out; the comments say which."
    if form.is_bookkeeping and documents.undivided:
        yield f"{documents.undivided} of {documents.all} documents were not divided as set; the comments say why."
    if form is OF_ITEMS and documents.without_items:
        yield f"{documents.without_items} of {documents.all} documents have no items, and so no line."
