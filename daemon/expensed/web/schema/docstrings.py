"""What is written below the fields of a class, and the members of an enum, for the description of the answers."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module


def read_docstrings(model: type[object]) -> Mapping[str, str]:
    """Return the docstrings of the fields that a class has or inherits, or of an enum's members, by their names."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        found |= _read_classes(kind.__module__).get(kind.__name__, {}) if kind.__module__ != "builtins" else {}
    return found


@cache
def _read_classes(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the docstrings of a module's classes by the names of the classes; none if it has no source."""
    try:
        source = inspect.getsource(import_module(module))
    except (OSError, TypeError):
        return {}
    return {
        node.name: dict(_find_docstrings(node)) for node in ast.parse(source).body if isinstance(node, ast.ClassDef)
    }


def _find_docstrings(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(node.body, node.body[1:], strict=False):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(docstring))),
            ):
                yield name, " ".join(docstring.split())
