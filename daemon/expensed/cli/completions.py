"""What a shell offers when a person presses the tab key: documents, lessons and sellers, categories."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from expensed.cli.http.client import Client
from expensed.cli.http.paging import read_documents, read_lessons
from expensed.config.load import load_settings
from expensed.errors import ExpensedError
from expensed.model.categories import CATEGORIES
from expensed.model.states import DocumentState
from expensed.report.status import describe_expense
from expensed.report.vendors import Vendors
from expensed.web.schema.typed_input import parse_category

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
PATIENCE_S = 1.0
"""A person is waiting at the prompt."""
OFFERED = 200
"""The newest documents of each state."""


def complete_documents(*states: DocumentState) -> Complete:
    """Return a completion with the ids of documents in these states; without states, in any."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return _find(ctx.params.get("config_file"), states, incomplete)
        except ExpensedError:
            return []

    return complete


def _find(config_file: Path | None, states: Sequence[DocumentState], incomplete: str) -> list[CompletionItem]:
    settings = load_settings(config_file, os.environ, Path.cwd()).settings
    client = Client(settings, patience_s=PATIENCE_S)
    try:
        queries = [{"state": state.value} for state in states] or [{}]
        found = [document for query in queries for document in read_documents(client, query, OFFERED)]
    finally:
        client.close()
    return [
        CompletionItem(document.document_id, help=f"{document.state.value}: {describe_expense(document)}")
        for document in found
        if document.document_id.startswith(incomplete)
    ]


def complete_lessons(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the numbers of the newest lessons that are not forgotten, with their sellers."""
    try:
        settings = load_settings(ctx.params.get("config_file"), os.environ, Path.cwd()).settings
        with closing(Client(settings, patience_s=PATIENCE_S)) as client:
            found = list(read_lessons(client, OFFERED))
    except ExpensedError:
        return []
    return [
        CompletionItem(str(each.number), help=f"{each.vendor or each.category or ''}: {each.file}")
        for each in found
        if each.forgotten_at is None and str(each.number).startswith(incomplete)
    ]


def complete_vendors(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the names of sellers."""
    try:
        settings = load_settings(ctx.params.get("config_file"), os.environ, Path.cwd()).settings
        with closing(Client(settings, patience_s=PATIENCE_S)) as client:
            found = client.get("/api/vendors", Vendors, limit=str(OFFERED)).vendors
    except ExpensedError:
        return []
    names = [each.name for each in found if each.name.casefold().startswith(incomplete.casefold())]
    return [CompletionItem(name) for name in names]


def complete_categories(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the first words of the categories, which mostly are enough and, unlike `&`, mean nothing to a shell."""
    try:
        known = load_settings(ctx.params.get("config_file"), os.environ, Path.cwd()).settings.categories.known.names
    except ExpensedError:
        known = CATEGORIES
    names = (name for name in known if name.casefold().startswith(incomplete.casefold()))
    return [CompletionItem(_shorten(name, known), help=name) for name in names]


def _shorten(name: str, known: Sequence[str]) -> str:
    """Return the first word of a category's name if it means no other category, else the name."""
    first = name.partition(" ")[0]
    try:
        return first if parse_category(first, known) == name else name
    except ValueError:
        return name
