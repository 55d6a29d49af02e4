"""`expensed learned`: what documents have taught, and what each lesson has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_lessons
from expensed.cli.http.client import Client
from expensed.cli.http.paging import read_lessons, read_uses
from expensed.cli.options import json_option, limit_option
from expensed.cli.screen.json_output import print_json
from expensed.model.text import one_line
from expensed.report.answers import Change
from expensed.report.lessons import Identifier, Lessons, LessonShown, LessonUse, LessonUses
from expensed.report.status import read_local

_KINDS = {
    "read": "the name, read as {}",
    "number": "the number {}",
    "account": "the account {}",
    "domain": "the domain {}",
    "head": "a line of its head: {}",
}


@click.command()
@config_option
@click.argument("number", metavar="[N]", type=click.IntRange(min=1), required=False, shell_complete=complete_lessons)
@limit_option
@json_option
def learned(config_file: Path | None, number: int | None, limit: int, as_json: bool) -> None:
    """List what documents have taught since you corrected or filed them, the newest document first.

    With N, the number of a lesson: by what its seller is known again, and the documents that it has changed since.
    `expensed forget N` has it forgotten.
    """
    client = Client(load(config_file).settings)
    if number is None:
        _list(tuple(read_lessons(client, limit)), as_json=as_json)
        return
    lesson = client.get(f"/api/lessons/{number}", LessonUses, limit="1").lesson
    uses = tuple(read_uses(client, number, limit))
    if as_json:
        print_json(LessonUses(lesson=lesson, documents=uses, next=None))
        return
    for line in (*_describe(lesson), *map(describe_use, uses)):
        click.echo(line)


def _list(found: tuple[LessonShown, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(Lessons(lessons=found, next=None))
        return
    for lesson in found:
        click.echo(describe_lesson(lesson))
    if not found:
        click.echo("Nothing has been learned yet: correct a document, or file one from review.")


def describe_lesson(lesson: LessonShown) -> str:
    """Return a lesson as one line."""
    when = f"{read_local(lesson.taught_at):%Y-%m-%d}"
    forgotten = " (forgotten)" if lesson.forgotten_at is not None else ""
    used = f"used {lesson.used} times" if lesson.used != 1 else "used once"
    fields = f", for {', '.join(lesson.fields)}" if lesson.fields else ""
    return f"{lesson.number:>6}  {when}  {_tell_what(lesson)}, from {one_line(lesson.file)}: {used}{fields}{forgotten}"


def _tell_what(lesson: LessonShown) -> str:
    order = {True: "day first", False: "month first"}
    told = (
        lesson.vendor,
        lesson.category,
        lesson.currency,
        order.get(lesson.day_first) if lesson.day_first is not None else None,
        f"amount beside {lesson.amount_label!r}" if lesson.amount_label else None,
    )
    return ", ".join(one_line(each) for each in told if each)


def _describe(lesson: LessonShown) -> Iterator[str]:
    yield f"Lesson {lesson.number}: {_tell_what(lesson)}"
    yield f"Taught by {one_line(lesson.document_id)} on {read_local(lesson.taught_at):%Y-%m-%d %H:%M}"
    if lesson.forgotten_at is not None:
        yield f"Forgotten on {read_local(lesson.forgotten_at):%Y-%m-%d %H:%M}; it teaches nothing."
    yield "Its seller is known again by:"
    yield from (f"  {_describe_identifier(each)}" for each in lesson.identified_by)
    yield f"Documents that used it: {lesson.used}"


def _describe_identifier(identifier: Identifier) -> str:
    return _KINDS.get(identifier.kind, "{}").format(one_line(identifier.value))


def describe_use(use: LessonUse) -> str:
    """Return a document that used a lesson, and what that changed, as one line."""
    changes = ", ".join(_describe_change(name, each) for name, each in use.changes.items())
    return f"  {one_line(use.document_id)} ({use.state.value}): {changes or 'changed again since'}"


def _describe_change(name: str, change: Change) -> str:
    after = one_line(change.after or "nothing")
    return f"{name} {after}" if change.before is None else f"{name} from {one_line(change.before)} to {after}"
