"""GET /api/openapi.json: the routes, what they take and what they answer (OpenAPI 3.1), made from the code itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from expensed import __version__
from expensed.report.answers import Event, Refused
from expensed.web.answers import answer
from expensed.web.schema.operations import EVERYWHERE, MEANINGS, OPERATIONS, PLAIN, Operation

DOCUMENT: web.AppKey[dict[str, Any]] = web.AppKey("openapi")
JSON = "application/json"
_REFERENCE = "#/components/schemas/{model}"
_PATTERN = re.compile(r"\{(\w+):[^{}]+\}")
_NAME = re.compile(r"\{(\w+)\}")
_WHAT = {
    "task_id": {"type": "string", "description": "A task's id."},
    "document_id": {"type": "string", "description": "A document's id, also called file_id."},
    "file_id": {"type": "string", "description": "A document's id."},
    "number": {"type": "integer", "minimum": 1, "description": "Pages count from 1."},
}

Schemas = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]
"""By model and by whether it is sent or received."""


async def show(request: web.Request) -> web.Response:
    """The document."""
    document = request.app[DOCUMENT]
    return answer(document)


def name_path(path: str) -> str:
    """A route's path as OpenAPI writes it, without the patterns of its parts."""
    return _PATTERN.sub(r"{\1}", path)


def make_document(routes: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """The OpenAPI document of these routes (method, path, handler); KeyError for one that `OPERATIONS` lacks."""
    operations = {(method, path): OPERATIONS[method, path] for method, path in _name_all(routes)}
    schemas, definitions = models_json_schema(_find_models(operations.values()), ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), operation in operations.items():
        paths.setdefault(path, {})[method.lower()] = _describe(method, path, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "expensed",
            "version": __version__,
            "description": "Drop a receipt into a folder: it is read, understood and filed. Times are UTC; paths are"
            " relative to the archive.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The value of web.token, where it is set."}
            },
        },
    }


def _name_all(routes: Iterable[tuple[str, str, Any]]) -> list[tuple[str, str]]:
    return [(method, name_path(path)) for method, path, _ in routes]


def _find_models(operations: Iterable[Operation]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    found: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Refused, "serialization"): None}
    found[Event, "serialization"] = None
    for operation in operations:
        found |= {(model, "validation"): None for model in (operation.body, operation.query) if model is not None}
        found |= {
            (content, "serialization"): None for content in operation.answers.values() if not isinstance(content, tuple)
        }
    return list(found)


def _describe(method: str, path: str, operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
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
        "responses": _answers(operation, schemas),
    }
    if content := _body(operation, schemas):
        described["requestBody"] = {"required": not operation.is_body_optional, "content": content}
    return described


def _body(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    if operation.form is not None:
        file = {"type": "string", "format": "binary"}
        form = {"type": "object", "properties": {operation.form: file}, "required": [operation.form]}
        return {"multipart/form-data": {"schema": form}}
    return {JSON: {"schema": schemas[operation.body, "validation"]}} if operation.body is not None else {}


def _identify(method: str, path: str) -> str:
    words = re.findall(r"[a-z]+", path.replace("{", " ").removeprefix("/api"))
    return "_".join([method.lower(), *words]) if words else f"{method.lower()}_overview"


def _query_parameters(model: type[BaseModel]) -> Iterable[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=_REFERENCE)
    for name, content in schema.get("properties", {}).items():
        rest = {key: value for key, value in content.items() if key not in ("title", "default", "description")}
        kinds = [kind for kind in rest.pop("anyOf", [rest]) if kind.get("type") != "null"]  # a query knows no null
        parameter = {"name": name, "in": "query", "required": False, "schema": _inline(kinds[0], schema)}
        if content.get("default") is not None:
            parameter["schema"] |= {"default": content["default"]}
        if "description" in content:
            parameter["description"] = content["description"]
        yield parameter


def _inline(kind: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema with what it refers to put in its place."""
    reference = kind.get("$ref")
    found = schema["$defs"][reference.rpartition("/")[2]] if reference else kind
    return {key: value for key, value in found.items() if key not in ("title", "description")}


def _answers(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    answers: dict[int, dict[str, Any]] = {}
    for status, content in operation.answers.items():
        answers[status] = {"description": MEANINGS.get(status) or HTTPStatus(status).phrase}
        if not isinstance(content, tuple):
            answers[status]["content"] = {JSON: {"schema": schemas[content, "serialization"]}}
        elif content:
            answers[status]["content"] = {kind: {} for kind in content}
    for kind in operation.also:
        answers[200]["content"][kind] = {}
    refused = {"schema": schemas[Refused, "serialization"]}
    for status in {*EVERYWHERE, *operation.refused} - set(answers):
        answers[status] = {"description": MEANINGS[status], "content": {JSON: refused}}
    answers[400]["content"][PLAIN] = {}  # what is no HTTP at all is refused before it is understood
    return {str(status): answers[status] for status in sorted(answers)}
