"""`expensed inspect`: what the worker is doing, can do and has done, like `celery inspect`; fetched over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.options import json_option
from expensed.cli.screen.json_output import print_json
from expensed.model.json_text import encode_lines
from expensed.model.states import Step
from expensed.model.text import one_line
from expensed.report.answers import TaskRow, Yes
from expensed.report.numbers import Stats


@click.group()
def inspect() -> None:
    """Show what the worker is doing, can do and has done."""


@inspect.command()
@config_option
@json_option
def active(config_file: Path | None, as_json: bool) -> None:
    """Show the tasks that are being worked on right now."""
    client = Client(load(config_file).settings)
    worker = client.get("/api/stats", Stats).worker
    _tell(client, as_json, Active(active=worker.active), map(_describe, worker.active))


@inspect.command()
@config_option
@json_option
def registered(config_file: Path | None, as_json: bool) -> None:
    """Show the kinds of task that the worker handles."""
    client = Client(load(config_file).settings)
    names = client.get("/api/stats", Stats).worker.registered
    _tell(client, as_json, Registered(registered=names), (f"* {name}" for name in names))


@inspect.command()
@config_option
@json_option
def stats(config_file: Path | None, as_json: bool) -> None:
    """Show all counters."""
    client = Client(load(config_file).settings)
    numbers = client.get("/api/stats", Stats)
    lines = [line for line in encode_lines(numbers).splitlines() if '"success"' not in line]
    _tell(client, as_json, numbers, lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """The output of `expensed inspect active --json`."""

    success: Yes = True
    active: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The output of `expensed inspect registered --json`."""

    success: Yes = True
    registered: tuple[Step, ...]


def _describe(task: TaskRow) -> str:
    return f"* {task.step.value}  {task.task_id}  {one_line(task.file)}: {task.status} (attempt {task.attempt})"


def _tell(client: Client, as_json: bool, content: object, lines: Iterable[str]) -> None:
    if as_json:
        print_json(content)
        return
    click.echo(f"-> expensed@{client.address.removeprefix('http://')}: OK")
    for line in list(lines) or ["- empty -"]:
        click.echo(f"    {line}")
