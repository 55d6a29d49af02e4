from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from expensed.cli.screen.progress import MOST_BARS, STAGES, Bars, Lines, how_far, is_ended, make_board
from expensed.model.events import Event
from expensed.model.states import Status, TaskState


def task(
    number: int = 1,
    status: str = Status.READING,
    state: TaskState = TaskState.PROCESSING,
    file: str = "a.jpg",
) -> Event:
    return Event(
        id=number,
        at="2026-01-02T12:00:00.000Z",
        document_id=f"{number}_a.jpg",
        task_id=str(number),
        file=file,
        state=state,
        status=status,
        attempt=1,
        error=None,
    )


def terminal() -> tuple[Console, io.StringIO]:
    screen = io.StringIO()
    return Console(file=screen, force_terminal=True, width=100, height=50, _environ={"TERM": "xterm"}), screen


def test_a_bar_only_moves_forward_from_sentence_to_sentence():
    assert [how_far(stage) for stage in STAGES] == list(range(len(STAGES)))
    assert how_far(Status.FILING) == how_far("a sentence of tomorrow") == len(STAGES) - 2


def test_only_success_and_failure_are_ends():
    assert [state for state in TaskState if is_ended(task(state=state))] == [TaskState.SUCCESS, TaskState.FAILURE]


def test_without_a_terminal_each_change_is_a_line_once(capsys):
    with make_board(Console(file=io.StringIO())) as board:
        assert isinstance(board, Lines)
        for status in (Status.READING, Status.READING, Status.FINALIZING):
            board.show(task(status=status))
        board.end(task(), "filed  a.jpg")
    lines = [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["a.jpg: Running OCR...", "a.jpg: Finalizing...", "filed  a.jpg"]


def test_a_line_has_the_time_at_which_it_became_so(capsys):
    with Lines() as lines:
        lines.end(task(state=TaskState.SUCCESS), "filed  a.jpg")
        lines.end(replace(task(state=TaskState.SUCCESS), at=datetime.now(UTC).isoformat()), "filed  b.jpg")
    old, new = capsys.readouterr().out.splitlines()
    at = datetime(2026, 1, 2, 12, tzinfo=UTC).astimezone()
    assert old == f"{at:%Y-%m-%d %H:%M:%S}  filed  a.jpg"
    assert re.fullmatch(r"[0-9:]{8}  filed  b\.jpg", new)


def test_of_many_documents_only_the_ends_are_lines(capsys):
    with make_board(Console(file=io.StringIO()), only_ends=True) as board:
        board.show(task())
        board.end(task(state=TaskState.SUCCESS), "filed  a.jpg")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_name_cannot_style_or_break_the_screen(capsys):
    console, screen = terminal()
    with make_board(console) as board:
        assert isinstance(board, Bars)
        board.show(task(file="[bold red]x[/] \x1b[2J.jpg"))
    assert "[bold red]x[/] \\x1b[2J.jpg" in screen.getvalue()
    with Lines() as lines:
        lines.show(task(file="a\nb.jpg"))
    assert capsys.readouterr().out.endswith("a\\nb.jpg: Running OCR...\n")


def test_thousands_of_documents_do_not_fill_the_screen():
    console, screen = terminal()
    with make_board(console) as board:
        for number in range(1000):
            board.show(task(number, file=f"{number}.jpg"))
        board.end(task(0, state=TaskState.SUCCESS), "filed  0.jpg")
        board.show(task(999, file="999.jpg"))
        board.clear()
    last = screen.getvalue()
    assert f"{MOST_BARS - 1}.jpg" in last
    assert f"{MOST_BARS}.jpg" not in last
    assert "999.jpg" in last
    assert "filed  0.jpg" in last


def test_bars_that_are_kept_end_full():
    console, screen = terminal()
    with make_board(console, keeps_bars=True) as board:
        board.show(task())
        board.end(task(status=Status.COMPLETED, state=TaskState.SUCCESS), "filed  a.jpg")
    assert "Completed" in screen.getvalue().splitlines()[-2]
    assert "filed" not in screen.getvalue()
