"""What the project promises about itself: generated files, locks, borders."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from expensed import errors
from expensed.config.sample_file import render_sample
from expensed.errors import DocumentError, ExpensedError, document_error

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, set[str]]:
    """Return each package in a lock file with its versions; several if the version depends on Python's."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", read(lock), flags=re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def kinds_of(kind: type[ExpensedError]) -> list[type[ExpensedError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in kinds_of(child))]


def test_the_settings_file_is_the_one_that_the_schema_makes():
    assert read("config/expensed.toml") == render_sample(), "run `make config`"


def test_every_chore_of_the_makefile_is_listed_with_what_it_does():
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, flags=re.MULTILINE))
    described = set(re.findall(r"^([a-z][a-z-]*):[^#\n]*## \S", makefile, flags=re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (help .*)$", makefile, flags=re.MULTILINE)[1].split())  # type: ignore[index]
    assert targets == described == phony


def test_the_continuous_check_is_the_one_that_people_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "make test" in read(".ci/run")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_versions_and_hashes_and_no_addresses(lock: str):
    text = read(lock)
    assert not re.search(r"https?:|file:|^\s*-[if-]", text.replace("    --hash=sha256:", ""), flags=re.MULTILINE)
    entries = re.split(r"\n(?! )", text.strip())
    assert all(re.match(r"[a-z0-9-]+==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", entry) for entry in entries)


def test_the_lock_files_hold_all_that_the_project_asks_for_and_agree():
    project = tomllib.loads(read("pyproject.toml"))
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    extras = project["project"]["optional-dependencies"]["dev"] + project["build-system"]["requires"]
    for lock, asked in ((runtime, project["project"]["dependencies"]), (dev, extras)):
        names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-") for line in asked}
        assert names <= set(lock), "run `make lock`"
    assert runtime.items() <= dev.items()


def test_the_source_folder_is_not_a_package():
    assert not (ROOT / "daemon/__init__.py").exists(), "installed, it would shadow python-daemon"


def test_every_kind_of_error_has_a_code_of_its_own():
    codes = [kind.code for kind in kinds_of(ExpensedError) if kind.__module__ == errors.__name__]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_kind_of_error_stands_in_the_tree_at_the_top_of_its_file():
    tree = set(re.findall(r"[A-Z]\w+", errors.__doc__ or ""))
    assert {kind.__name__ for kind in kinds_of(ExpensedError) if kind.__module__ == errors.__name__} <= tree


def test_an_error_of_a_child_process_is_known_again_by_its_code():
    for kind in DocumentError.__subclasses__():
        assert type(document_error(kind.code, "what happened")) is kind


def test_only_empty_folders_come_along_to_drop_into():
    for folder in ("inbox", "archive"):
        assert f"/{folder}/*" in read(".gitignore").splitlines()
