"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from expensed.cli.completions import complete_categories
from expensed.model.states import DocumentState

Command = TypeVar("Command", bound=Callable[..., object])
LIMIT = 20

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def document_filters(command: Command) -> Command:
    """Add --vendor, --category, --from and --to, which arrive as `filters`: see `as_query`."""
    for option in (
        click.option("--to", metavar="DATE", help="Documents of this day, month or year, or before."),
        click.option(
            "--from", "from_", metavar="DATE", help="Documents of this day, month (2024-03) or year (2024), or later."
        ),
        click.option("--category", shell_complete=complete_categories, help="One of the categories, or a word of it."),
        click.option("--vendor", metavar="WORDS", help="Words of the vendor's name."),
    ):
        command = option(command)
    return command


def state_option(help_text: str = "Documents in this state.") -> Callable[[Command], Command]:
    """Return the option --state with the states of documents."""
    return click.option("--state", type=click.Choice([state.value for state in DocumentState]), help=help_text)


limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="At most this many."
)
