"""`expensed discard`: sets a document aside that is no expense of its own, or puts it back."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import UNSET

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_documents
from expensed.cli.http.bodies import Discarding, Moved
from expensed.cli.http.client import Client, name_in_path
from expensed.cli.http.find_task import find_document_id
from expensed.model.states import DocumentState


@click.command()
@config_option
@click.argument("name", metavar="ID", shell_complete=complete_documents())
@click.option(
    "--duplicate-of",
    metavar="ID",
    shell_complete=complete_documents(DocumentState.FILED, DocumentState.REVIEW),
    help="The document that shows the same expense.",
)
@click.option("--not-an-expense", is_flag=True, help="It is not an expense at all.")
@click.option("--undo", is_flag=True, help="Put it back where it was.")
def discard(config_file: Path | None, name: str, duplicate_of: str | None, not_an_expense: bool, undo: bool) -> None:
    """Discard a document: it moves to _discarded and is no longer counted.

    Nothing is deleted, and --undo puts the document back where it was (an upload that was never filed, into review).
    ID is the document's; the name of the dropped file also works if only one document has that name.
    """
    if sum((duplicate_of is not None, not_an_expense, undo)) > 1:
        raise click.UsageError("Give one of --duplicate-of, --not-an-expense and --undo.")
    client = Client(load(config_file).settings)
    document_id = find_document_id(client, name)
    here = f"/api/documents/{name_in_path(document_id)}"
    if undo:
        said, answer = "put back as", client.post(f"{here}/undiscard", {}, Moved)
    else:
        other = UNSET if duplicate_of is None else find_document_id(client, duplicate_of)
        request = Discarding(duplicate_of=other, not_an_expense=not_an_expense or UNSET)
        said, answer = "discarded, now", client.post(f"{here}/discard", request, Moved)
    if answer.path:
        click.echo(f"{document_id}: {said} {answer.path}")
    else:
        click.echo(f"{document_id}: it will be moved as soon as possible. {answer.last_error or ''}".strip())
