"""`expensed demo`: three drawn receipts go through a real daemon in a folder of its own; were they read right?"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import describe_outcome, get_task
from expensed.cli.sandbox import Sandbox, open_sandbox
from expensed.cli.screen.progress import Board, is_ended, make_board
from expensed.errors import SetupError
from expensed.logs import one_line

if TYPE_CHECKING:
    from expensed.reading.demo_papers import Sample

LONGEST_S = 120.0
PLAIN_WIDTH = 180
"""Columns of the table where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the daemon made of a sample: its task as GET /api/task shows it."""

    sample: Sample
    task: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """What was read; empty if it failed."""
        return (self.task.get("result") or {}).get("data") or {}

    @property
    def place(self) -> str:
        """Where it lies in the archive, or why not."""
        result = self.task.get("result") or {}
        return str(result.get("path") or self.task.get("error") or "")

    def mistakes(self) -> Iterator[str]:
        """What was read otherwise than it was drawn, as sentences."""
        sample, data = self.sample, self.data
        read_amount = None if data.get("amount") is None else Decimal(str(data["amount"]))
        for what, drawn, read in (
            ("vendor", sample.vendor.casefold(), str(data.get("vendor")).casefold()),
            ("date", sample.date.isoformat(), data.get("date")),
            ("amount", sample.amount, read_amount),
            ("currency", sample.currency, data.get("currency")),
        ):
            if drawn != read:
                yield f"{sample.name}: the {what} should be {drawn}, and was read as {read}."


@click.command()
@click.option("--keep", is_flag=True, help="Leave the folder of the demonstration for a look.")
def demo(keep: bool) -> int:
    """Read and file three receipts that it draws itself.

    A daemon of its own works in a new temporary folder and on a free port; a running one is not disturbed.
    Exit status 1 if one of the three is not read right.
    """
    from expensed.reading.demo_papers import draw_samples

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    console = Console()
    samples = draw_samples()
    with open_sandbox(keep=keep) as sandbox:
        click.echo(f"A daemon runs in {sandbox.folder}; {len(samples)} receipts are dropped into its inbox.")
        began = time.monotonic()
        verdicts = _run(sandbox, samples, console)
        seconds = time.monotonic() - began
    click.echo("\n".join(["", *lay_out(verdicts, console.width if console.is_terminal else PLAIN_WIDTH), ""]))
    mistakes = [mistake for verdict in verdicts for mistake in verdict.mistakes()]
    for mistake in mistakes:
        click.echo(mistake)
    if not mistakes:
        click.echo(f"All {len(verdicts)} were read right, {seconds:.1f} s after they were dropped.")
    click.echo(f"Look around in {sandbox.folder}." if keep else "The folder is removed again; --keep would leave it.")
    return 1 if mistakes else 0


def _run(sandbox: Sandbox, samples: Sequence[Sample], console: Console) -> list[Verdict]:
    """Drop the samples and follow them until all have come to their end."""
    client = Client(sandbox.settings)
    ended: dict[str, str] = {}
    deadline = time.monotonic() + LONGEST_S
    with make_board(console, keeps_bars=True) as board:
        for message in feed.follow(client):
            if message.name == feed.SNAPSHOT and not ended:
                for sample in samples:  # now that nothing of them can be missed
                    (sandbox.settings.inbox.path / sample.name).write_bytes(sample.content)
            if message.name == feed.LOST:
                raise sandbox.failed("The daemon went away.")
            _show(client, board, message, ended)
            if len(ended) == len(samples):
                break
            if time.monotonic() > deadline:
                raise _too_slow(client, samples, ended)
    return [Verdict(sample, get_task(client, ended[sample.name])) for sample in samples]


def _show(client: Client, board: Board, message: feed.Message, ended: dict[str, str]) -> None:
    """Show an event; note the file and task if it ended."""
    if message.name != feed.EVENT:
        return
    task = message.data
    if is_ended(task):
        ended[task["file"]] = task["task_id"]
        board.end(task, describe_outcome(client, task))
    else:
        board.show(task)


def _too_slow(client: Client, samples: Sequence[Sample], ended: dict[str, str]) -> SetupError:
    late = ", ".join(sample.name for sample in samples if sample.name not in ended)
    waiting = [f"  {file['file']}: {file['reason']}" for file in client.get("/api/inbox")["inbox"]]
    sentence = f"After {LONGEST_S:.0f} s these are not done: {late}."
    return SetupError("\n".join([sentence, *waiting]), hint="`expensed doctor` looks over this machine.")


def lay_out(verdicts: Sequence[Verdict], width: int) -> list[str]:
    """The table as lines; where `width` columns do not suffice, the place in the archive has a line of its own."""
    rows = [("File", "Vendor", "Date", "Amount", "Filed as"), *map(_row, verdicts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    is_wide = sum(widths) + 2 * (len(widths) - 1) <= width
    lines = []
    for file, vendor, date, amount, place in rows:
        cells = (file.ljust(widths[0]), vendor.ljust(widths[1]), date.ljust(widths[2]), amount.rjust(widths[3]))
        lines += ["  ".join((*cells, place))] if is_wide else ["  ".join(cells), f"    {place}"]
    return lines


def _row(verdict: Verdict) -> tuple[str, str, str, str, str]:
    data = verdict.data
    amount = (data.get("fields") or {}).get("amount", {}).get("value") or "?"
    money = f"{amount} {data.get('currency') or ''}".strip()
    return verdict.sample.name, data.get("vendor") or "?", data.get("date") or "?", money, one_line(verdict.place)
