"""`expensed extract`: read files here and now. No daemon, no Redis, no ledger; the files stay untouched."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.config.schema import Settings
from expensed.errors import DocumentError
from expensed.pipeline.children import Children, Limits
from expensed.pipeline.context import extraction_options, local_now, reading_options


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def extract(config_file: Path | None, as_json: bool, files: tuple[Path, ...]) -> int:
    """Read FILES and print what they say of an expense. Exit status 1 if any could not be read."""
    settings = load(config_file).settings
    return asyncio.run(_extract_all(settings, files, as_json=as_json))


async def _extract_all(settings: Settings, files: Sequence[Path], *, as_json: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="expensed-") as scratch:
        return await _extract_below(Path(scratch), settings, files, as_json=as_json)


async def _extract_below(scratch: Path, settings: Settings, files: Sequence[Path], *, as_json: bool) -> int:
    reading = settings.reading
    children = Children(Limits(reading.time_limit_s, reading.memory_mb, reading.idle_exit_s), scratch)
    slots = asyncio.Semaphore(reading.workers or len(os.sched_getaffinity(0)))

    async def read(path: Path) -> dict[str, Any]:
        async with slots:
            return await _extract(settings, children, path)

    failed = False
    try:
        for task in [asyncio.create_task(read(path)) for path in files]:
            answer = await task
            failed = failed or not answer["success"]
            click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _describe(answer))
    finally:
        await children.stop()
    return 1 if failed else 0


async def _extract(settings: Settings, children: Children, path: Path) -> dict[str, Any]:
    name = os.fsencode(path).decode(errors="replace")
    started = time.monotonic()
    try:
        examination = await children.examine(
            path, reading_options(settings), extraction_options(settings, local_now().date()), _ignore
        )
    except DocumentError as error:
        return {"file": name, "success": False, "error": error.message, "code": error.code, "hint": error.hint}
    result = examination.expense.to_json()
    return {
        "file": name,
        "success": True,
        "data": result,
        "needs_review": result["needs_review"],
        "elapsed_s": round(time.monotonic() - started, 3),
    }


async def _ignore(stage: str) -> None:
    """Stages are of no interest here."""


def _describe(answer: dict[str, Any]) -> str:
    if not answer["success"]:
        return f"{answer['file']}: {answer['error']} {answer['hint']}"
    data = answer["data"]
    amount = f"{data['amount']} {data['currency'] or ''}".strip() if data["amount"] is not None else "?"
    parts = [data["vendor"] or "?", data["date"] or "?", amount, data["category"] or "?"]
    look = "  (needs a look)" if answer["needs_review"] else ""
    return f"{answer['file']}: {', '.join(parts)}{look}"
