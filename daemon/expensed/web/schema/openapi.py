"""The OpenAPI document (3.1): the routes, what they take and what they answer, generated from the code itself.

Requests are described by the pydantic models that validate them, answers by the classes that are sent.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from enum import Enum
from http import HTTPStatus
from typing import Any, cast

import msgspec
from msgspec import UNSET
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from expensed import __version__
from expensed.model.categories import CATEGORIES
from expensed.model.events import Event, Snapshot
from expensed.report.answers import Refused
from expensed.web.schema.docstrings import read_docstrings
from expensed.web.schema.operations import EVERYWHERE, MEANINGS, OPERATIONS, PLAIN, Operation
from expensed.web.schema.requests import LARGEST_ID

JSON = "application/json"
_REFERENCE = "#/components/schemas/"
_PATTERN = re.compile(r"\{(\w+):(?:[^{}]|\{[^{}]*\})+\}")
_NAME = re.compile(r"\{(\w+)\}")
_WHAT = {
    "task_id": {"type": "string", "description": "A task's id."},
    "document_id": {"type": "string", "description": "A document's id, also called file_id."},
    "file_id": {"type": "string", "description": "A document's id."},
    "number": {"type": "integer", "minimum": 1, "description": "Pages are numbered from 1."},
    "lesson": {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST_ID,
        "description": "A lesson's number, which is that of its document in the ledger.",
    },
}

Schema = dict[str, Any]  # JSON Schema may hold anything


def name_path(path: str) -> str:
    """Return a route's path as OpenAPI writes it, without the patterns of its parts."""
    return _PATTERN.sub(r"{\1}", path)


def make_document(
    routes: Iterable[tuple[str, str]], prefix: str = "", categories: Sequence[str] = CATEGORIES
) -> Schema:
    """Make the OpenAPI document of these routes (method, path), which all lie below `prefix`.

    `categories`: the names of those in force. KeyError for a route that `OPERATIONS` lacks.
    """
    operations = {(method, name_path(path)): OPERATIONS[method, name_path(path)] for method, path in routes}
    paths: dict[str, Schema] = {}
    for (method, path), operation in operations.items():
        paths.setdefault(path, {})[method.lower()] = _describe(method, path, operation)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "expensed",
            "version": __version__,
            "description": "Drop a receipt into a folder: it is read, understood and filed. Times are UTC; paths are"
            " relative to the archive.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": prefix or "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": _describe_bodies(operations.values()) | describe_answers(_find_answers(operations.values())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The value of web.token, if it is set."}
            },
        },
    }
    return cast(Schema, _name_categories(document, categories))


def _name_categories(schema: object, names: Sequence[str]) -> object:
    """Describe categories by those in force, which are not known where the models are declared."""
    if isinstance(schema, dict):
        examples = schema.get("examples", ())
        if tuple(examples)[: len(CATEGORIES)] == CATEGORIES != names:
            return schema | {"examples": [*names]}
        return {name: _name_categories(value, names) for name, value in schema.items()}
    return [_name_categories(value, names) for value in schema] if isinstance(schema, list) else schema


def _describe_bodies(operations: Iterable[Operation]) -> Schema:
    bodies = list(dict.fromkeys(operation.body for operation in operations if operation.body is not None))
    _, definitions = models_json_schema([(body, "validation") for body in bodies], ref_template=_REFERENCE + "{model}")
    schemas: Schema = definitions["$defs"]
    return schemas


def _find_answers(operations: Iterable[Operation]) -> Iterable[type[object]]:
    yield from (Refused, Event, Snapshot)
    for operation in operations:
        yield from (content for content in operation.answers.values() if not isinstance(content, tuple))


def describe_answers(models: Iterable[type[object]]) -> Schema:
    """Return the schemas of these answers and of everything they contain, by name. None allows further keys."""
    parts = list(_with_parts(dict.fromkeys(models)))
    known = {model.__name__: model for model in parts}
    if len(known) < len(parts):
        raise ValueError("Two answers have classes of the same name.")
    _, schemas = msgspec.json.schema_components(known.values(), ref_template=_REFERENCE + "{name}")
    for name, model in known.items():
        if issubclass(model, Enum):
            _describe_members(schemas[name], model)
        else:
            _describe_fields(schemas[name], model)
    numbered: Schema = _as_numbers(schemas)
    return numbered


def _describe_fields(schema: Schema, model: type[Any]) -> None:
    schema["required"] = [each.name for each in dataclasses.fields(model) if each.default is not UNSET]
    schema["additionalProperties"] = False
    for name, text in read_docstrings(model).items():
        if name in schema["properties"]:
            schema["properties"][name].setdefault("description", text)


def _describe_members(schema: Schema, kind: type[Enum]) -> None:
    """Add to the description of an enum what is written below its members."""
    members = (f"`{kind[name].value}`: {text}" for name, text in read_docstrings(kind).items())
    schema["description"] = " ".join([schema["description"], *members])


def _with_parts(models: Iterable[type[Any]]) -> Iterable[type[Any]]:
    """Return these dataclasses, and the dataclasses and enums in their fields."""
    found = dict.fromkeys(models)
    for info in msgspec.inspect.multi_type_info(list(found)):
        found |= dict.fromkeys(_find_classes(info))
    return found


def _find_classes(info: msgspec.inspect.Type) -> Iterable[type[Any]]:
    match info:
        case msgspec.inspect.DataclassType(cls=cls, fields=fields):
            yield cls
            for each in fields:
                yield from _find_classes(each.type)
        case msgspec.inspect.EnumType(cls=cls):
            yield cls
        case msgspec.inspect.UnionType(types=types):
            for each_type in types:
                yield from _find_classes(each_type)
        case msgspec.inspect.VarTupleType(item_type=item):
            yield from _find_classes(item)
        case msgspec.inspect.DictType(key_type=key, value_type=value):
            yield from (*_find_classes(key), *_find_classes(value))
        case msgspec.inspect.Metadata(type=inner):
            yield from _find_classes(inner)


def _as_numbers(schema: Any) -> Any:
    """Describe decimals as they are sent: as numbers, not as text."""
    match schema:
        case {"type": "string", "format": "decimal", **rest}:
            return {"type": "number", **rest}
        case dict():
            return {name: _as_numbers(value) for name, value in schema.items()}
        case list():
            return [_as_numbers(value) for value in schema]
        case _:
            return schema


def _refer_to(model: type[object]) -> Schema:
    return {"$ref": f"{_REFERENCE}{model.__name__}"}


def _describe(method: str, path: str, operation: Operation) -> Schema:
    described: Schema = {
        "operationId": _identify(method, path),
        "summary": operation.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": _WHAT[name]} for name in _NAME.findall(path)),
            *(_query_parameters(operation.query) if operation.query else ()),
            *(
                {"name": name, "in": "header", "schema": {"type": "string"}, "description": text}
                for name, text in operation.headers.items()
            ),
        ],
        "responses": _describe_responses(operation),
    }
    if content := _describe_body(operation):
        described["requestBody"] = {"required": not operation.is_body_optional, "content": content}
    return described


def _describe_body(operation: Operation) -> Schema:
    if operation.form is not None:
        file = {"type": "string", "format": "binary"}
        form = {"type": "object", "properties": {operation.form: file}, "required": [operation.form]}
        return {"multipart/form-data": {"schema": form}}
    return {JSON: {"schema": _refer_to(operation.body)}} if operation.body is not None else {}


def _identify(method: str, path: str) -> str:
    words = re.findall(r"[a-z]+", path.replace("{", " ").removeprefix("/api"))
    return "_".join([method.lower(), *words]) if words else f"{method.lower()}_overview"


def _query_parameters(model: type[BaseModel]) -> Iterable[Schema]:
    schema = model.model_json_schema(ref_template=_REFERENCE + "{model}")
    for name, content in schema.get("properties", {}).items():
        rest = {key: value for key, value in content.items() if key not in ("title", "default", "description")}
        kinds = [kind for kind in rest.pop("anyOf", [rest]) if kind.get("type") != "null"]  # a query has no null
        parameter = {"name": name, "in": "query", "required": False, "schema": _inline(kinds[0], schema)}
        if content.get("default") is not None:
            parameter["schema"] |= {"default": content["default"]}
        if "description" in content:
            parameter["description"] = content["description"]
        yield parameter


def _inline(kind: Schema, schema: Schema) -> Schema:
    """Return a parameter's schema with its reference resolved."""
    reference = kind.get("$ref")
    found = schema["$defs"][reference.rpartition("/")[2]] if reference else kind
    return {key: value for key, value in found.items() if key not in ("title", "description")}


def _describe_responses(operation: Operation) -> Schema:
    responses: dict[int, Schema] = {}
    for status, content in operation.answers.items():
        responses[status] = {"description": MEANINGS.get(status) or HTTPStatus(status).phrase}
        if not isinstance(content, tuple):
            responses[status]["content"] = {JSON: {"schema": _refer_to(content)}}
        elif content:
            responses[status]["content"] = {kind: {} for kind in content}
    for kind in operation.also:
        responses[200]["content"][kind] = {}
    for status in {*EVERYWHERE, *operation.refused} - set(responses):
        responses[status] = {"description": MEANINGS[status], "content": {JSON: {"schema": _refer_to(Refused)}}}
    responses[400]["content"][PLAIN] = {}  # input that is not HTTP is refused before a route is known
    return {str(status): responses[status] for status in sorted(responses)}
