"""`expensed extract`: read files here and now. No daemon, no Redis, no ledger; the files stay untouched."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.config.schema import Settings
from expensed.errors import DocumentError, Gone, MachineTrouble, SourceUnreadable
from expensed.exports.bookkeeping import write_money
from expensed.logs import one_line
from expensed.model.expense import Examination
from expensed.model.reading import Mark
from expensed.pipeline.context import extraction_options, local_now, reading_options
from expensed.readers.pool import Children, Limits


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
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
    """Read FILES and print what they say of an expense. Exit status 1 if any could not be read."""
    settings = load(config_file).settings
    if picture is not None and len(files) != 1:
        raise click.UsageError("--annotate takes one FILE.")
    return asyncio.run(_extract_all(Wish(settings, as_json, explain, picture), files))


@dataclass(frozen=True, slots=True)
class Wish:
    """How to read, and how to show it."""

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

    async def read(path: Path) -> dict[str, Any]:
        async with slots:
            return await _extract(wish, children, path)

    failed = False
    try:
        for task in [asyncio.create_task(read(path)) for path in files]:
            answer = await task
            failed = failed or not answer["success"]
            click.echo(json.dumps(answer, ensure_ascii=False) if wish.as_json else _describe(answer))
    finally:
        await children.stop()
    return 1 if failed else 0


async def _extract(wish: Wish, children: Children, path: Path) -> dict[str, Any]:
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
        return {"file": name, "success": False, "error": message, "code": error.code, "hint": hint}
    result = examination.expense.to_json()
    answer = {
        "file": name,
        "success": True,
        "data": result,
        "needs_review": result["needs_review"],
        "elapsed_s": round(time.monotonic() - started, 3),
    }
    if wish.explain:
        answer["choices"] = {
            field: [asdict(choice) for choice in choices] for field, choices in examination.expense.choices.items()
        }
    return answer


async def _annotate(settings: Settings, children: Children, path: Path, examination: Examination) -> bytes:
    """Draw the fields on the first page on which one stands, or on the first of all."""
    marks = [
        Mark(field.page, field.box, name)
        for name, field in examination.expense.fields.items()
        if field.page is not None and field.box is not None
    ]
    page = min((mark.page for mark in marks), default=1)
    turns = examination.turns[page - 1] if page <= len(examination.turns) else 0
    return await children.draw(path, page, turns, marks, reading_options(settings))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(path), error.strerror or "it cannot be written") from error


def _explain_error(path: Path, error: DocumentError) -> tuple[str, str]:
    """What went wrong and what to do, of a file that lies in no inbox and is tried once."""
    name = path.name or str(path)
    if isinstance(error, Gone):
        return f"There is no file {name}.", "Look at its name and folder."
    if path.is_dir():
        return f"{name} is a folder.", "Name the files in it, as in FOLDER/*."
    if isinstance(error, SourceUnreadable | MachineTrouble):
        return error.message, error.hint.replace("; expensed tries again by itself", ", then try again")
    return error.message, error.hint.replace("drop it into the inbox again", "try again")


async def _ignore(stage: str) -> None:
    """Stages are of no interest here."""


def _describe(answer: dict[str, Any]) -> str:
    if not answer["success"]:
        return f"{answer['file']}: {answer['error']} {answer['hint']}"
    data = answer["data"]
    amount = "?"
    if data["amount"] is not None:
        amount = f"{write_money(data['amount'], data['currency'])} {data['currency'] or ''}".strip()
    parts = [data["vendor"] or "?", data["date"] or "?", amount, data["category"] or "?"]
    look = "  (needs a look)" if answer["needs_review"] else ""
    lines = [f"{answer['file']}: {', '.join(parts)}{look}"]
    if "choices" in answer:
        lines += [f"  {reason}" for reason in data["reasons"]]
        for field, choices in answer["choices"].items():
            lines += _explain(field, data["fields"].get(field), choices)
    return "\n".join(lines)


def _explain(name: str, chosen: dict[str, Any] | None, choices: list[dict[str, Any]]) -> Iterator[str]:
    """What a field was chosen from, best first."""
    proof = f", proven: {chosen['proof']}" if chosen and chosen["proof"] else ""
    sure = f"{chosen['value']} is {chosen['confidence']:.1%} sure{proof}" if chosen else "none was found"
    yield f"  {name}: {sure}"
    for choice in choices:
        place = f"page {choice['page']}: {one_line(choice['text'])[:60]!r}" if choice["text"] else ""
        yield f"    {choice['score']:6.2f}  {choice['value']}  {choice['why']}  {place}".rstrip()
        for proof in choice["proofs"]:
            yield f"            {proof}"
