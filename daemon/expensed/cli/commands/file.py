"""`expensed file`: tells the daemon what a person says about a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_categories, complete_documents
from expensed.cli.http.bodies import Filing, Moved, Said
from expensed.cli.http.client import Client, name_in_path
from expensed.cli.http.find_task import find_document_id
from expensed.cli.http.line_edits import OF_ITEM, OF_TAX, edit_lines, parse_edits
from expensed.errors import Conflict, RequestError
from expensed.model.categories import CATEGORIES
from expensed.model.expense import Expense
from expensed.model.states import DocumentState
from expensed.shown_commands import filing_command

ALREADY_FILED = "already-filed"
FILEABLE = (DocumentState.REVIEW, DocumentState.READ, DocumentState.UPLOADED, DocumentState.FILED)
"""States of documents that can be filed or corrected, those that wait first."""


@click.command()
@config_option
@click.argument("name", metavar="ID", shell_complete=complete_documents(*FILEABLE))
@click.option("--vendor", help="The business that was paid.")
@click.option("--amount", help="The amount charged, e.g. 12.34 or '12,34 EUR'.")
@click.option("--date", help="The day of purchase, e.g. 2024-01-31 or 31.1.2024.")
@click.option("--currency", help="Three letters, e.g. EUR.")
@click.option(
    "--category",
    shell_complete=complete_categories,
    help=f"One of these, or a word of it: {', '.join(CATEGORIES)}; or one of your settings.",
)
@click.option("--payer", help="Who paid.")
@click.option("--project", help="What it was spent on.")
@click.option(
    "--item",
    "items",
    metavar="N:FIELD=VALUE",
    multiple=True,
    help="A field of item N, as `expensed show` numbers them, e.g. 3:total=4.50; 3:remove removes it, and the number"
    f" behind the last adds one. Fields: {', '.join(OF_ITEM)}.",
)
@click.option(
    "--tax",
    "taxes",
    metavar="N:FIELD=VALUE",
    multiple=True,
    help=f"The same of a tax, e.g. 1:rate=19. Fields: {', '.join(OF_TAX)}.",
)
def file(
    config_file: Path | None, name: str, items: tuple[str, ...], taxes: tuple[str, ...], **said: str | None
) -> None:
    """File a document that waits in review, or correct one that is filed. What you leave out stays as it was.

    ID is the document's; the name of the dropped file also works if only one document has that name.
    """
    client = Client(load(config_file).settings)
    expense: dict[str, Said] = {key: value for key, value in said.items() if value is not None}
    of_items, of_taxes = parse_edits(items, "--item", OF_ITEM), parse_edits(taxes, "--tax", OF_TAX)
    document_id = find_document_id(client, name)
    if of_items or of_taxes:
        known = client.get(f"/api/documents/{name_in_path(document_id)}", Known).data
        if of_items:
            expense["items"] = edit_lines(known.items, of_items, "--item", OF_ITEM)
        if of_taxes:
            expense["taxes"] = edit_lines(known.taxes, of_taxes, "--tax", OF_TAX)
    answer = _file_or_correct(client, document_id, expense)
    if answer.path:
        click.echo(f"{document_id}: filed as {answer.path}")
    else:
        click.echo(f"{document_id}: it will be filed as soon as possible. {answer.last_error or ''}".strip())


@dataclass(frozen=True, slots=True)
class Known:
    """The field used of a document."""

    data: Expense


def _file_or_correct(client: Client, document_id: str, expense: Mapping[str, Said]) -> Moved:
    try:
        return client.post("/api/process", Filing(document_id, expense), Moved)
    except RequestError as error:
        if error.code != ALREADY_FILED:
            raise
        if not expense:
            correction = filing_command(document_id, ("amount",))
            raise Conflict(error.message, hint=f"To correct it, give the right values: {correction}") from None
        return client.patch(f"/api/documents/{name_in_path(document_id)}", expense, Moved)
