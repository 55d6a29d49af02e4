"""`expensed review`: one document after the other that waits for a person, with a key for each answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.review.session import Session
from expensed.cli.screen.keys import Keyboard
from expensed.cli.screen.pictures import Pictures, detect_pictures


@click.command()
@config_option
@click.option(
    "--pictures",
    "wanted",
    type=click.Choice(["auto", *(each.value for each in Pictures)]),
    default="auto",
    help="How the place of a value on the paper is shown; auto: where the terminal is known to show pictures.",
)
def review(config_file: Path | None, wanted: str) -> None:
    """Go through the documents in review, one after the other, with a key for each answer.

    Each is shown with what is doubtful, what it probably is and what else it might be. Enter files it as shown, a
    number takes another value, e types one, d and x discard it, s skips it, u undoes; ? explains all keys.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "This asks a person for single keys, so it needs a terminal. Without one, GET /api/review lists what waits,"
            " and `expensed file ID` and `expensed discard ID` settle it."
        )
    client = Client(load(config_file).settings)
    how = detect_pictures(os.environ) if wanted == "auto" else Pictures(wanted)
    with Keyboard(sys.stdin.fileno()) as keyboard:
        session = Session(client, keyboard, how)
        session.run()
    click.echo(session.sum_up())
