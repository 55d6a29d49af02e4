"""What tests of several rooms share: a ledger on a real SQLite file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from expensed.event_bus import Bus
from expensed.ledger.store import Ledger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    """An open ledger, empty."""
    ledger = Ledger(tmp_path / "state/ledger.sqlite3", Bus())
    await ledger.open()
    yield ledger
    await ledger.close()
