"""`expensed extract`: reads files directly, without daemon, Redis or ledger; the files are not changed."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from msgspec import UNSET, UnsetType

from expensed.cli.app import config_option, load
from expensed.config.schema import Settings
from expensed.errors import DocumentError, Gone, MachineTrouble, SourceUnreadable
from expensed.model.expense import Choice, Evidence, Examination, Expense
from expensed.model.json_text import encode_text
from expensed.model.states import Stage
from expensed.model.text import one_line
from expensed.pipeline.context import extraction_options, local_now, reading_options
from expensed.pipeline.filing.sidecar_and_note import describe_expense
from expensed.pipeline.requests.page_image import find_marks
from expensed.readers.pool import Children, Limits
from expensed.report.answers import No, Yes


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--explain", is_flag=True, help="Also print what each field was chosen from, and the proofs.")
@click.option(
    "--annotate",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Draw the boxes of the chosen fields on the first page that has any; takes one FILE.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def extract(
    config_file: Path | None, as_json: bool, explain: bool, picture: Path | None, files: tuple[Path, ...]
) -> int:
    """Read FILES and print the expense found in each. Exit status 1 if any could not be read."""
    settings = load(config_file).settings
    if picture is not None and len(files) != 1:
        raise click.UsageError("--annotate takes one FILE.")
    return asyncio.run(_extract_all(Wish(settings, as_json, explain, picture), files))


@dataclass(frozen=True, slots=True)
class Wish:
    """The settings for reading, and how to show the result."""

    settings: Settings
    as_json: bool
    explain: bool
    picture: Path | None


async def _extract_all(wish: Wish, files: Sequence[Path]) -> int:
    with tempfile.TemporaryDirectory(prefix="expensed-") as scratch:
        return await _extract_below(Path(scratch), wish, files)


async def _extract_below(scratch: Path, wish: Wish, files: Sequence[Path]) -> int:
    reading = wish.settings.reading
    at_once = reading.workers or len(os.sched_getaffinity(0))
    children = Children(Limits(reading.time_limit_s, reading.memory_mb, reading.idle_exit_s), scratch, at_once)
    slots = asyncio.Semaphore(at_once)

    async def read(path: Path) -> Answer:
        async with slots:
            return await _extract(wish, children, path)

    failed = False
    try:
        for task in [asyncio.create_task(read(path)) for path in files]:
            answer = await task
            failed = failed or isinstance(answer, Failed)
            click.echo(encode_text(answer) if wish.as_json else _describe(answer))
    finally:
        await children.stop()
    return 1 if failed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A line of the output for a file that was read."""

    file: str
    success: Yes = True
    data: Expense
    needs_review: bool
    elapsed_s: float
    choices: Mapping[str, tuple[Choice, ...]] | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A line of the output for a file that could not be read."""

    file: str
    success: No = False
    error: str
    code: str
    hint: str


Answer = Extracted | Failed


async def _extract(wish: Wish, children: Children, path: Path) -> Answer:
    name = os.fsencode(path).decode(errors="replace")
    started = time.monotonic()
    options = replace(extraction_options(wish.settings, local_now().date()), explain=wish.explain)
    try:
        examination = await children.examine(path, reading_options(wish.settings), options, _ignore)
        if wish.picture is not None:
            drawn = await _annotate(wish.settings, children, path, examination)
            await asyncio.to_thread(_write, wish.picture, drawn)
    except DocumentError as error:
        message, hint = _explain_error(path, error)
        return Failed(file=name, error=message, code=error.code, hint=hint)
    return Extracted(
        file=name,
        data=examination.expense,
        needs_review=examination.expense.needs_review,
        elapsed_s=round(time.monotonic() - started, 3),
        choices=examination.choices if wish.explain else UNSET,
    )


async def _annotate(settings: Settings, children: Children, path: Path, examination: Examination) -> bytes:
    """Draw the fields on the first page that has any, or on page 1."""
    marks = find_marks(examination.expense)
    page = min((mark.page for mark in marks), default=1)
    turns = examination.turns[page - 1] if page <= len(examination.turns) else 0
    return await children.draw(path, page, turns, marks, reading_options(settings))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(path), error.strerror or "it cannot be written") from error


def _explain_error(path: Path, error: DocumentError) -> tuple[str, str]:
    """Return what went wrong and what to do, for a file that is not in an inbox and is tried only once."""
    name = path.name or str(path)
    if isinstance(error, Gone):
        return f"There is no file {name}.", "Check its name and folder."
    if path.is_dir():
        return f"{name} is a folder.", "Name the files in it, as in FOLDER/*."
    if isinstance(error, SourceUnreadable | MachineTrouble):
        return error.message, error.hint.replace("; expensed tries again automatically", ", then try again")
    return error.message, error.hint.replace("drop it into the inbox again", "try again")


async def _ignore(stage: Stage) -> None:
    """Ignore the stage."""


def _describe(answer: Answer) -> str:
    if isinstance(answer, Failed):
        return f"{answer.file}: {answer.error} {answer.hint}"
    look = "  (needs a look)" if answer.needs_review else ""
    lines = [f"{answer.file}: {describe_expense(answer.data)}{look}"]
    if answer.choices is not UNSET:
        lines += [f"  {reason}" for reason in answer.data.reasons]
        for field, choices in answer.choices.items():
            lines += _explain(field, answer.data.fields.get(field), choices)
    return "\n".join(lines)


def _explain(name: str, chosen: Evidence | None, choices: Sequence[Choice]) -> Iterator[str]:
    """Yield what a field was chosen from, best first."""
    proof = f", proven: {chosen.proof}" if chosen and chosen.proof else ""
    sure = f"{chosen.value} is {chosen.confidence:.1%} sure{proof}" if chosen else "none was found"
    yield f"  {name}: {sure}"
    for choice in choices:
        place = f"page {choice.page}: {one_line(choice.text)[:60]!r}" if choice.text else ""
        yield f"    {choice.score:6.2f}  {choice.value}  {choice.why}  {place}".rstrip()
        for reason in choice.proofs:
            yield f"            {reason}"
