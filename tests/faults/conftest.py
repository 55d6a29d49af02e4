"""What the tests of faults share: disks below a house, and the tables that are printed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e.house import House

Rows = list[tuple[object, ...]]
TABLES = pytest.StashKey[dict[str, Rows]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--losses", type=int, default=2, help="losses of power (2)")
    group.addoption("--moments", type=int, default=2, help="moments at which each place is taken away (2)")
    group.addoption("--seed", type=int, default=20240315, help="of all that is left to chance")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLES] = {}
    outside = os.readlink("/proc/1/ns/mnt") != os.readlink("/proc/self/ns/mnt")
    if outside or os.geteuid() or not os.environ.get("EXPENSED_FAULTS"):
        pytest.exit("These tests mount disks: they are run by tests/faults.sh, as root.", 4)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for title, rows in config.stash[TABLES].items():
        terminalreporter.section(title)
        widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (str(cell).rjust(width) for cell, width in zip(row, widths, strict=True))
            terminalreporter.write_line("  ".join(cells))


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """The seed of everything that is left to chance."""
    return int(pytestconfig.getoption("seed"))


@pytest.fixture
def table(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Add a row to the table with this title, which is printed at the end; the first row is its head."""

    def add(title: str, head: tuple[object, ...], row: tuple[object, ...]) -> None:
        pytestconfig.stash[TABLES].setdefault(title, [head]).append(row)

    return add


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Make houses that notice quickly; at the end all their processes are ended."""
    houses: list[House] = []

    def make(name: str = "house", **settings: object) -> House:
        quick = {"inbox__rescan_s": 1, "inbox__patience_s": 2, "web__rate_per_s": 10_000, "web__rate_burst": 10_000}
        houses.append(House(tmp_path / name, **quick | settings))
        return houses[-1]

    yield make
    for house in houses:
        house.clear()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """A house that has not been started."""
    return make_house()
