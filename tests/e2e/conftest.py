"""A house for each test, cleared of every process afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e.house import House


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Make houses; at the end, none of their processes may be left after `clear`."""
    houses: list[House] = []

    def make(name: str = "house", **settings: object) -> House:
        house = House(tmp_path / name, **settings)
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.clear()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """A house that has not been started."""
    return make_house()


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that was started, for all tests of a module; each has documents of its own."""
    house = House(tmp_path_factory.mktemp("shared") / "house", reading__workers=1)
    try:
        house.start()
        yield house
    finally:
        house.clear()
