"""`expensed inspect`: what the worker does, knows and has done, as `celery inspect` tells it; asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.logs import one_line

_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.group()
def inspect() -> None:
    """Show what the worker does, knows and did."""


@inspect.command()
@config_option
@_json_option
def active(config_file: Path | None, as_json: bool) -> None:
    """The tasks that are being worked on right now."""
    client = Client(load(config_file).settings)
    worker = client.get("/api/stats")["worker"]
    _tell(client, as_json, {"active": worker["active"]}, map(_describe, worker["active"]))


@inspect.command()
@config_option
@_json_option
def registered(config_file: Path | None, as_json: bool) -> None:
    """The kinds of task that the worker knows."""
    client = Client(load(config_file).settings)
    names = client.get("/api/stats")["worker"]["registered"]
    _tell(client, as_json, {"registered": names}, (f"* {name}" for name in names))


@inspect.command()
@config_option
@_json_option
def stats(config_file: Path | None, as_json: bool) -> None:
    """Everything that is counted."""
    client = Client(load(config_file).settings)
    numbers = client.get("/api/stats")
    shown = {name: value for name, value in numbers.items() if name != "success"}
    _tell(client, as_json, shown, json.dumps(shown, indent=2, ensure_ascii=False).splitlines())


def _describe(task: Mapping[str, Any]) -> str:
    return (
        f"* {task['step']}  {task['task_id']}  {one_line(task['file'])}: {task['status']} (attempt {task['attempt']})"
    )


def _tell(client: Client, as_json: bool, content: Mapping[str, Any], lines: Iterator[str] | list[str]) -> None:
    if as_json:
        click.echo(json.dumps({"success": True, **content}, ensure_ascii=False))
        return
    click.echo(f"-> expensed@{client.address.removeprefix('http://')}: OK")
    for line in list(lines) or ["- empty -"]:
        click.echo(f"    {line}")
