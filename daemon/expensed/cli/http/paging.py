"""Lists of the daemon, page by page, and the options by which commands narrow them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from expensed.cli.http.client import Client
from expensed.model.states import DocumentState

PAGE = 500
"""Rows that the daemon gives at once, at most."""
Command = TypeVar("Command", bound=Callable[..., Any])


def read_pages(
    client: Client, path: str, key: str, query: dict[str, str], limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a list, newest first, at most `limit` of them; the next page is asked for when it is needed."""
    left, query = limit, dict(query)
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = client.get(path, limit=str(size), **query)
        yield from page[key]
        if page["next"] is None:
            return
        query["before"] = str(page["next"])
        left = None if left is None else left - len(page[key])


def document_filters(command: Command) -> Command:
    """--vendor, --category, --from and --to, passed on as `filters` would be: see `as_query`."""
    for option in (
        click.option("--to", metavar="DATE", help="Documents of this day or before."),
        click.option("--from", "from_", metavar="DATE", help="Documents of this day or later."),
        click.option("--category", help="One of the categories."),
        click.option("--vendor", metavar="WORDS", help="Words of the vendor's name."),
    ):
        command = option(command)
    return command


def state_option(default: str | None = None) -> Callable[[Command], Command]:
    """--state with the states of documents."""
    return click.option(
        "--state",
        type=click.Choice([state.value for state in DocumentState]),
        default=default,
        show_default=default is not None,
        help="Documents in this state.",
    )


def as_query(**filters: str | None) -> dict[str, str]:
    """What was asked for, as the daemon's query takes it."""
    return {name.rstrip("_"): value for name, value in filters.items() if value is not None}
