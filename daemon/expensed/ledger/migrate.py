"""Bring a ledger file to the newest schema, with one transaction for each migration."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence

import aiosqlite

from expensed.errors import BackendUnavailable
from expensed.ledger import migrations

_MODULE = re.compile(r"m(\d{4})_\w+")


def find_migrations() -> Iterator[tuple[int, Sequence[str]]]:
    """Yield (version, statements) of every migration module, in order."""
    for name in sorted(module.name for module in pkgutil.iter_modules(migrations.__path__)):
        if match := _MODULE.fullmatch(name):
            module = importlib.import_module(f"{migrations.__name__}.{name}")
            yield int(match[1]), module.STATEMENTS


async def check_version(connection: aiosqlite.Connection) -> None:
    """Raise BackendUnavailable unless the file has exactly the schema that this expensed reads."""
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    newest = max(number for number, _ in find_migrations())
    if version != newest:
        raise BackendUnavailable(f"it has schema {version}, this expensed reads {newest}")


async def migrate(connection: aiosqlite.Connection) -> None:
    """Apply the missing migrations; BackendUnavailable if the file was written by a newer expensed."""
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    current = int(row[0]) if row else 0
    known = list(find_migrations())
    if current > known[-1][0]:
        raise BackendUnavailable(
            f"The ledger has schema {current}; this expensed knows up to {known[-1][0]}.",
            hint="Install the newer version of expensed that wrote it.",
        )
    for version, statements in known:
        if version <= current:
            continue
        await connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            await connection.execute(statement)
        await connection.execute(f"PRAGMA user_version = {version}")
        await connection.execute("COMMIT")
