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
from expensed.exports.entry import read_entry
from expensed.exports.formats import FORMATS
from expensed.exports.writer import DEFAULT_ACCOUNT, LEFT_OUT, Opened, Wishes
from expensed.model.json_text import decode
from expensed.model.states import DocumentState
from expensed.report.answers import DocumentRow
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
    account: str,
    opened: str,
    **filters: str | None,
) -> None:
    """Write documents as CSV, JSON lines or bookkeeping entries, in the order of their dates.

    Each expense goes to an account named after its category. What is left out is said on standard error: documents
    that are not filed and, in bookkeeping, those without a date, amount or currency; a comment names each of these.
    """
    settings = load(config_file).settings
    kind = "jsonl" if as_json else kind
    with Client(settings).stream_lines("/api/export", as_query(format="jsonl", **filters)) as (headers, lines):
        left_out = {} if filters["state"] else _read_left_out(headers)
        wishes = Wishes(account=account, opened=Opened(opened), folder=str(settings.archive.path), left_out=left_out)
        documents = Count(decode(line, DocumentRow) for line in lines)
        _write(FORMATS[kind].begin(wishes).write_all(documents), output)
    if kind == "csv" and output is not None:
        _write_rules(wishes, output)
    for sentence in _tell_left_out(left_out, documents.lacking if FORMATS[kind].is_bookkeeping else 0, documents.all):
        click.echo(f"expensed: {sentence}", err=True)


class Count:
    """Counts documents while passing them on: all of them, and those that cannot be bookkeeping entries."""

    def __init__(self, documents: Iterable[DocumentRow]) -> None:
        self.all = self.lacking = 0
        self._documents = documents

    def __iter__(self) -> Iterator[DocumentRow]:
        for document in self._documents:
            self.all += 1
            self.lacking += isinstance(read_entry(document), str)
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


def _tell_left_out(left_out: Mapping[DocumentState, int], lacking: int, count: int) -> Iterator[str]:
    if left_out:
        yield f"What is not filed was left out: {describe_states(left_out)}. `expensed status` lists it."
    if lacking:
        yield f"{lacking} of {count} documents were left out; the comments say which."
