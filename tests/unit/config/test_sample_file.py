"""The commented settings file."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from expensed.config.describe import all_settings
from expensed.config.load import load_settings
from expensed.config.sample_file import render_sample
from expensed.config.schema import Settings


def test_taken_out_of_its_comments_the_sample_says_exactly_the_defaults(tmp_path: Path):
    active = re.sub(r"^#(?=[a-z_]+ = )", "", render_sample(), flags=re.MULTILINE)
    values = tomllib.loads(active)
    assert [f"{section}.{key}" for section in values for key in values[section]] == [
        setting.name for setting in all_settings()
    ]
    assert Settings.at(tmp_path, **values) == Settings.at(tmp_path)


def test_as_it_is_the_sample_changes_nothing(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "expensed.toml").write_text(render_sample())
    loaded = load_settings(None, {}, tmp_path)
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.settings == Settings.at(tmp_path)


def test_the_sample_is_printed_by_its_module():
    printed = subprocess.run(
        [sys.executable, "-m", "expensed.config.sample_file"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == render_sample()


def test_lines_of_the_sample_fit_a_terminal():
    assert max(map(len, render_sample().splitlines())) <= 112
