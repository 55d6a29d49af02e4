"""`expensed forget`: has a lesson teach nothing any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.commands.undo import undo_rest
from expensed.cli.completions import complete_lessons
from expensed.cli.http.bodies import Undoing
from expensed.cli.http.client import Client
from expensed.cli.options import json_option
from expensed.cli.screen.json_output import print_json
from expensed.model.text import one_line
from expensed.report.lessons import Forgotten


@dataclass(frozen=True, slots=True)
class Request:
    """The body of POST /api/lessons/N/forget."""

    undo: bool


@click.command()
@config_option
@click.argument("number", metavar="N", type=click.IntRange(min=1), shell_complete=complete_lessons)
@click.option("--undo", is_flag=True, help="Also take back what it did and no person has looked at.")
@json_option
def forget(config_file: Path | None, number: int, undo: bool, as_json: bool) -> int:
    """Forget a lesson, by the number that `expensed learned` shows.

    It changes no further document. What it has filed already goes to review with --undo, and else stays as it is. The
    document that taught it keeps its data, and teaches again if you say something else of it. `expensed undo` brings
    the lesson back, too.
    """
    client = Client(load(config_file).settings)
    answer = client.post(f"/api/lessons/{number}/forget", Request(undo), Forgotten)
    if not as_json:
        told = answer.lesson.vendor or answer.lesson.category
        click.echo(f"Lesson {number} is forgotten{f': {one_line(told)}' if told else ''}.")
    if answer.undone is not None:
        undone = undo_rest(client, Undoing(lesson=number), answer.undone, tell=not as_json)
        answer = replace(answer, undone=undone)
    if as_json:
        print_json(answer)
    return 1 if answer.undone is not None and answer.undone.refused else 0
