"""The shape of the package: how much one folder ties together, how long a module is, how little goes untyped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "daemon"
MOST_ARROWS = 40
MOST_LINES = 400
MOST_UNTYPED_KEYS = 30
MOST_ANY = 80
UNTYPED = re.compile(r"\[str, (Any|object)\]")


def find_modules() -> dict[str, Path]:
    modules = {}
    for path in SOURCES.rglob("*.py"):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


MODULES = find_modules()
FOLDERS = sorted(
    name
    for name, path in MODULES.items()
    if path.name == "__init__.py" and name.count(".") and "extraction" not in name
)


def find_imports(name: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports."""
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("expensed"):
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                yield whole if whole in MODULES else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)


def find_arrows(folder: str) -> set[tuple[str, str]]:
    """Return which file or subfolder directly in a folder imports which other one."""
    arrows = set()
    inside = f"{folder}."
    for name in MODULES:
        if name.startswith(inside):
            start = name.removeprefix(inside).partition(".")[0]
            ends = (
                each.removeprefix(inside).partition(".")[0] for each in find_imports(name) if each.startswith(inside)
            )
            arrows |= {(start, end) for end in ends if end != start}
    return arrows


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_ties_too_much_together(folder: str) -> None:
    arrows = find_arrows(folder)
    assert len(arrows) <= MOST_ARROWS, sorted(arrows)


def test_arrows_are_seen_at_all() -> None:
    assert ("process", "sidecar_and_note") in find_arrows("expensed.pipeline.filing")
    assert ("routes", "guards") in find_arrows("expensed.web")


def count_lines(path: Path) -> int:
    """Count the lines of a module, excluding tables, which are literals assigned at its top level."""
    text = path.read_text("utf-8")
    tables = 0
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.Tuple | ast.List):
            tables += (node.end_lineno or node.lineno) - node.lineno
    return text.count("\n") - tables


def test_no_module_is_too_long_to_be_read() -> None:
    assert {name: count_lines(path) for name, path in MODULES.items() if count_lines(path) > MOST_LINES} == {}


def find_lines(pattern: re.Pattern[str]) -> list[str]:
    lines = (line for path in MODULES.values() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if pattern.search(line)]


def test_mappings_of_anything_are_rare_and_each_has_its_reason_beside_it() -> None:
    found = find_lines(UNTYPED)
    assert len(found) <= MOST_UNTYPED_KEYS
    assert [line for line in found if "#" not in line] == []


def test_hardly_anything_is_of_any_type() -> None:
    assert len(find_lines(re.compile(r"\bAny\b"))) <= MOST_ANY
