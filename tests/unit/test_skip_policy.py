"""If CI is set, a test may be skipped only because ../shared is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
CASES = """
import pytest

def test_passes(): pass

def test_skips_itself(): pytest.skip("no redis here")

def test_wants_the_folder(shared): pass

@pytest.mark.shared
def test_is_marked(): raise AssertionError("it ran without the folder")
"""


def run_cases(folder: Path, ci: str) -> str:
    tests = folder / "project" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(CONFTEST, tests)
    (tests / "test_cases.py").write_text(CASES)
    (tests / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_module_here')\n")
    (folder / "project" / "pytest.ini").write_text("[pytest]\nmarkers = shared: needs it\n")
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    environ = {**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environ.pop("PYTEST_XDIST_WORKER", None)
    environ.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(command, env=environ, cwd=folder / "project", capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_elsewhere_whatever_is_missing_is_skipped_and_said(tmp_path: Path, ci: str):
    output = run_cases(tmp_path, ci)
    assert "1 passed, 4 skipped" in output
    assert "no redis here" in output


def test_in_ci_only_the_missing_folder_is_skipped(tmp_path: Path):
    output = run_cases(tmp_path, "true")
    assert "FAILED tests/test_cases.py::test_skips_itself" in output
    assert "test_skips_itself may not be skipped where CI is set" in output
    assert "no_such_module_here" in output
    assert "test_module.py" in output.partition("short test summary")[2]
    assert "1 failed, 1 passed, 2 skipped, 1 error" in output
