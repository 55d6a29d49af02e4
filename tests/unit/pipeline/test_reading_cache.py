"""When a reading counts as the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expensed.config.schema import Settings
from expensed.pipeline.reading_cache import name_recipe

DAY = date(2024, 6, 1)


def test_the_same_settings_have_the_same_recipe_wherever_the_folders_are(tmp_path: Path) -> None:
    assert name_recipe(Settings.at(tmp_path), DAY) == name_recipe(Settings.at(tmp_path / "other", web={"port": 1}), DAY)


@pytest.mark.parametrize(
    "sections",
    [
        {"reading": {"engine": "tesseract"}},
        {"reading": {"languages": ["deu"]}},
        {"reading": {"max_pages": 3}},
        {"extraction": {"default_currency": "EUR"}},
        {"extraction": {"day_first": "yes"}},
        {"extraction": {"review_below": 0.5}},
    ],
)
def test_whatever_changes_what_is_read_changes_the_recipe(tmp_path: Path, sections: dict[str, object]) -> None:
    assert name_recipe(Settings.at(tmp_path, **sections), DAY) != name_recipe(Settings.at(tmp_path), DAY)


def test_a_soft_time_limit_does_not(tmp_path: Path) -> None:
    longer = {"soft_time_limit_s": 500, "time_limit_s": 600}
    assert name_recipe(Settings.at(tmp_path, reading=longer), DAY) == name_recipe(Settings.at(tmp_path), DAY)
