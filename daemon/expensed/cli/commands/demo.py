"""`expensed demo`: sends three drawn receipts through a real daemon in a new folder and compares what it read."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from rich.console import Console

from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import describe_outcome, get_task
from expensed.cli.sandbox import Sandbox, open_sandbox
from expensed.cli.screen.progress import Board, is_ended, make_board, task_id
from expensed.errors import SetupError
from expensed.model.events import Event, Snapshot
from expensed.model.expense import Expense
from expensed.model.money import write_money
from expensed.model.text import one_line
from expensed.report import answers

if TYPE_CHECKING:
    from expensed.reading.demo_papers import Sample

LONGEST_S = 120.0
PLAIN_WIDTH = 180
"""The width of the table, in columns, if there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sample and the task that the daemon made of it, as GET /api/task shows it."""

    sample: Sample
    task: answers.Task

    @property
    def expense(self) -> Expense:
        """The expense that was read; empty if reading failed."""
        return self.task.result.data if self.task.result else Expense(confidence=0)

    @property
    def place(self) -> str:
        """The path in the archive, or why there is none."""
        path = self.task.result.path if self.task.result else None
        return path or self.task.error or ""

    def mistakes(self) -> Iterator[str]:
        """Yield a sentence for each field that was not read as it was drawn."""
        sample, expense = self.sample, self.expense
        pairs: tuple[tuple[str, object, object], ...] = (
            ("vendor", sample.vendor.casefold(), str(expense.vendor).casefold()),
            ("date", sample.date, expense.date),
            ("amount", sample.amount, expense.amount),
            ("currency", sample.currency, expense.currency),
        )
        for what, drawn, read in pairs:
            if drawn != read:
                yield f"{sample.name}: the {what} should be {drawn} but was read as {read}."


@click.command()
@click.option("--keep", is_flag=True, help="Keep the demonstration's folder.")
def demo(keep: bool) -> int:
    """Read and file three receipts that it draws itself.

    A separate daemon works in a new temporary folder on a free port; a running one is not disturbed.
    Exit status 1 if any of the three is misread.
    """
    from expensed.reading.demo_papers import draw_samples

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    console = Console()
    samples = draw_samples()
    with open_sandbox(keep=keep) as sandbox:
        click.echo(f"A daemon is running in {sandbox.folder}; {len(samples)} receipts are dropped into its inbox.")
        began = time.monotonic()
        verdicts = _run(sandbox, samples, console)
        seconds = time.monotonic() - began
    click.echo("\n".join(["", *lay_out(verdicts, console.width if console.is_terminal else PLAIN_WIDTH), ""]))
    mistakes = [mistake for verdict in verdicts for mistake in verdict.mistakes()]
    for mistake in mistakes:
        click.echo(mistake)
    if not mistakes:
        click.echo(f"All {len(verdicts)} were read correctly, {seconds:.1f} s after they were dropped.")
    click.echo(f"Look around in {sandbox.folder}." if keep else "The folder was removed; --keep would have kept it.")
    return 1 if mistakes else 0


def _run(sandbox: Sandbox, samples: Sequence[Sample], console: Console) -> list[Verdict]:
    """Drop the samples and follow them until all have ended."""
    client = Client(sandbox.settings)
    ended: dict[str, str] = {}
    try:
        with make_board(console, keeps_bars=True) as board, _alarm(LONGEST_S):
            for message in feed.follow(client):
                if isinstance(message, Snapshot) and not ended:
                    for sample in samples:  # now no event about them can be missed
                        (sandbox.settings.inbox.path / sample.name).write_bytes(sample.content)
                if isinstance(message, feed.Lost):
                    raise sandbox.failed("The daemon went away.")
                if isinstance(message, Event):
                    _show(client, board, message, ended)
                if len(ended) == len(samples):
                    break
    except TooLate as error:
        raise _too_slow(client, samples, ended) from error
    return [Verdict(sample, get_task(client, ended[sample.name])) for sample in samples]


class TooLate(Exception):
    """The time is up. Not an OSError, which a read from the daemon would take for the end of its connection."""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise TooLate in the block after `seconds`, whatever it is waiting for."""

    def ring(*_: object) -> None:
        raise TooLate

    former = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def _show(client: Client, board: Board, event: Event, ended: dict[str, str]) -> None:
    """Show an event; record its file and task if the task has ended."""
    if is_ended(event):
        ended[event.file] = task_id(event)
        board.end(event, describe_outcome(client, event))
    else:
        board.show(event)


def _too_slow(client: Client, samples: Sequence[Sample], ended: dict[str, str]) -> SetupError:
    late = ", ".join(sample.name for sample in samples if sample.name not in ended)
    waiting = [f"  {file.file}: {file.reason}" for file in client.get("/api/inbox", answers.Inbox).inbox]
    sentence = f"After {LONGEST_S:.0f} s these are not done: {late}."
    return SetupError("\n".join([sentence, *waiting]), hint="`expensed doctor` checks this machine.")


def lay_out(verdicts: Sequence[Verdict], width: int) -> list[str]:
    """Return the table as lines; if it is wider than `width` columns, the archive path gets its own line."""
    rows = [("File", "Vendor", "Date", "Amount", "Filed as"), *map(_row, verdicts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    is_wide = sum(widths) + 2 * (len(widths) - 1) <= width
    lines = []
    for file, vendor, date, amount, place in rows:
        cells = (file.ljust(widths[0]), vendor.ljust(widths[1]), date.ljust(widths[2]), amount.rjust(widths[3]))
        lines += ["  ".join((*cells, place))] if is_wide else ["  ".join(cells), f"    {place}"]
    return lines


def _row(verdict: Verdict) -> tuple[str, str, str, str, str]:
    expense = verdict.expense
    day = expense.date.isoformat() if expense.date else "?"
    money = "?" if expense.amount is None else write_money(expense.amount, expense.currency)
    return verdict.sample.name, expense.vendor or "?", day, money, one_line(verdict.place)
