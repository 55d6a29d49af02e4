"""Whether the archive knows more than the ledger, asked while both come further."""

from __future__ import annotations

from pathlib import Path

from expensed.archive.high_water import raise_high_water
from expensed.disk.marked_folder import Mark, PlaceName, write_mark
from expensed.model.reach import Reach
from expensed.service.ledger_fitness import knows_less


def test_a_ledger_that_comes_further_meanwhile_is_not_taken_for_an_older_one(tmp_path: Path) -> None:
    write_mark(tmp_path, Mark(place=PlaceName.ARCHIVE, ledger="ours"))
    raise_high_water(tmp_path, "ours", lambda: Reach(1, 1))

    def come_further() -> Reach:
        raise_high_water(tmp_path, "ours", lambda: Reach(2, 2))
        return Reach(1, 1)

    assert not knows_less("ours", come_further, tmp_path), "what is written after the look at the archive is not seen"
    assert knows_less("ours", lambda: Reach(1, 1), tmp_path)
