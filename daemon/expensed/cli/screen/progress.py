"""Progress on the screen: a bar for each document on a terminal, elsewhere a line for each change."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Protocol, Self

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from expensed.model.events import Event, SnapshotTask
from expensed.model.states import Status, TaskState
from expensed.model.text import one_line
from expensed.report.status import read_local

STAGES = (
    Status.PENDING,
    Status.READING,
    Status.ENHANCING,
    Status.CURRENCY,
    Status.DUPLICATES,
    Status.FINALIZING,
    Status.COMPLETED,
)
MOST_BARS = 16
NAME_WIDTH = 32


Shown = Event | SnapshotTask
"""A task as the daemon's events describe it."""


def task_id(task: Shown) -> str:
    """Return the id under which a task is shown."""
    return task.task_id or task.document_id


def when(task: Shown) -> datetime:
    """Return when a task became what is shown of it, in local time."""
    return read_local(task.at if isinstance(task, Event) else task.updated_at)


class Board(Protocol):
    """A display of progress."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def show(self, task: Shown) -> None:
        """Show how far an unfinished task is."""

    def end(self, task: Shown, outcome: str) -> None:
        """Show that a task has ended; `outcome` is one line."""

    def tell(self, sentence: str) -> None:
        """Say something that does not concern a single task."""

    def clear(self) -> None:
        """Forget all tasks shown as unfinished."""


def make_board(console: Console, *, keeps_bars: bool = False, only_ends: bool = False) -> Board:
    """Return bars on a terminal, else lines.

    `keeps_bars` keeps the bars of ended tasks; with `only_ends` there is one line for each document, when it has ended.
    """
    return Bars(console, keeps_bars=keeps_bars) if console.is_terminal else Lines(only_ends=only_ends)


def is_ended(task: Shown) -> bool:
    """Whether the task has ended."""
    return task.state in (TaskState.SUCCESS, TaskState.FAILURE)


def how_far(status: str) -> int:
    """Return how many stages a task with this status has passed; an unknown status counts as the last one of work."""
    return next((number for number, stage in enumerate(STAGES) if stage == status), len(STAGES) - 2)


class Lines:
    """A board for a pipe or a log: one line for each change, or only for the last one of each task."""

    def __init__(self, *, only_ends: bool = False) -> None:
        self._only_ends = only_ends
        self._said: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Do nothing: nothing was drawn that has to be removed."""

    def show(self, task: Shown) -> None:
        """Print a line, unless the last one of this task was the same."""
        said = f"{one_line(task.file)}: {task.status}"
        if not self._only_ends and self._said.get(task_id(task)) != said:
            self._said[task_id(task)] = said
            self._print(said, when(task))

    def end(self, task: Shown, outcome: str) -> None:
        """Print the outcome as a line."""
        self._said.pop(task_id(task), None)
        self._print(outcome, when(task))

    def tell(self, sentence: str) -> None:
        """Print a line with the time."""
        self._print(sentence, datetime.now().astimezone())

    def _print(self, sentence: str, at: datetime) -> None:
        """Print a line with its time, and its day if that is not today."""
        is_today = at.date() == datetime.now().astimezone().date()
        click.echo(f"{at:{'%H:%M:%S' if is_today else '%Y-%m-%d %H:%M:%S'}}  {sentence}")

    def clear(self) -> None:
        """Do nothing: printed lines stay."""


class Bars:
    """A board for a terminal: a bar for each of the first `MOST_BARS` unfinished tasks; ended ones scroll up."""

    def __init__(self, console: Console, *, keeps_bars: bool) -> None:
        self._keeps_bars = keeps_bars
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.fields[name]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, task: Shown) -> None:
        """Move the task's bar; add one if there is room."""
        bar = self._bars.get(task_id(task))
        if bar is None:
            if len(self._bars) >= MOST_BARS:
                return
            bar = self._bars[task_id(task)] = self._progress.add_task("", total=len(STAGES) - 1, name=_name(task))
        self._progress.update(bar, completed=how_far(task.status), description=escape(task.status))

    def end(self, task: Shown, outcome: str) -> None:
        """Fill the bar and keep it, or remove it and print the outcome."""
        bar = self._bars.pop(task_id(task), None)
        if bar is not None and self._keeps_bars:
            self._progress.update(bar, completed=len(STAGES) - 1, description=escape(task.status))
            self._progress.stop_task(bar)
            return
        self._remove(bar)
        self.tell(outcome)

    def tell(self, sentence: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def clear(self) -> None:
        """Remove all bars."""
        for bar in self._bars.values():
            self._remove(bar)
        self._bars.clear()

    def _remove(self, bar: TaskID | None) -> None:
        if bar is not None:
            with contextlib.suppress(KeyError):
                self._progress.remove_task(bar)


def _name(task: Shown) -> str:
    name = one_line(task.file)
    return escape(name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…")
