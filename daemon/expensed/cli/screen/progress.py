"""Progress on the screen: a bar for each document on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, Self

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from expensed.logs import one_line
from expensed.model.states import Status, TaskState

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


class Board(Protocol):
    """Where progress is shown. A task is a mapping with `task_id`, `file`, `state`, `status`, as in an event."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def show(self, task: Mapping[str, Any]) -> None:
        """Show how far an unfinished task is."""

    def end(self, task: Mapping[str, Any], outcome: str) -> None:
        """A task has ended; `outcome` is one line."""

    def tell(self, sentence: str) -> None:
        """Say something that is no task's."""

    def clear(self) -> None:
        """Forget all tasks that are shown as unfinished."""


def make_board(console: Console, *, keeps_bars: bool = False) -> Board:
    """Bars on a terminal, else lines. `keeps_bars`: those of ended tasks stay."""
    return Bars(console, keeps_bars=keeps_bars) if console.is_terminal else Lines()


def is_ended(task: Mapping[str, Any]) -> bool:
    """Has the task come to its end?"""
    return task["state"] in (TaskState.SUCCESS, TaskState.FAILURE)


def how_far(status: str) -> int:
    """How many stages lie behind a task of that status; a status that is not known counts as the last of the work."""
    return next((number for number, stage in enumerate(STAGES) if stage == status), len(STAGES) - 2)


class Lines:
    """For a pipe or a log: one line for each change."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was drawn that has to be put away."""

    def show(self, task: Mapping[str, Any]) -> None:
        """A line, unless the last one of this task was the same."""
        said = f"{one_line(task['file'])}: {task['status']}"
        if self._said.get(task["task_id"]) != said:
            self._said[task["task_id"]] = said
            self.tell(said)

    def end(self, task: Mapping[str, Any], outcome: str) -> None:
        """The outcome as a line."""
        self._said.pop(task["task_id"], None)
        self.tell(outcome)

    def tell(self, sentence: str) -> None:
        """A line with the time."""
        click.echo(f"{datetime.now().astimezone():%H:%M:%S}  {sentence}")

    def clear(self) -> None:
        """Lines that are printed stay."""


class Bars:
    """For a terminal: a bar for each unfinished task, the first `MOST_BARS` of them; what ended scrolls away above."""

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

    def show(self, task: Mapping[str, Any]) -> None:
        """Move the task's bar; it gets one if there is room."""
        bar = self._bars.get(task["task_id"])
        if bar is None:
            if len(self._bars) >= MOST_BARS:
                return
            bar = self._bars[task["task_id"]] = self._progress.add_task("", total=len(STAGES) - 1, name=_name(task))
        self._progress.update(bar, completed=how_far(task["status"]), description=escape(task["status"]))

    def end(self, task: Mapping[str, Any], outcome: str) -> None:
        """Fill the bar and keep it, or take it away and say the outcome."""
        bar = self._bars.pop(task["task_id"], None)
        if bar is not None and self._keeps_bars:
            self._progress.update(bar, completed=len(STAGES) - 1, description=escape(task["status"]))
            self._progress.stop_task(bar)
            return
        self._remove(bar)
        self.tell(outcome)

    def tell(self, sentence: str) -> None:
        """A line above the bars."""
        self._progress.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def clear(self) -> None:
        """Take all bars away."""
        for bar in self._bars.values():
            self._remove(bar)
        self._bars.clear()

    def _remove(self, bar: TaskID | None) -> None:
        if bar is not None:
            with contextlib.suppress(KeyError):
                self._progress.remove_task(bar)


def _name(task: Mapping[str, Any]) -> str:
    name = one_line(task["file"])
    return escape(name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…")
