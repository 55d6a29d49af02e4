"""GET /api/docs: the OpenAPI document as a readable page, without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from aiohttp import web

from expensed.web.routes.openapi import DOCUMENT
from expensed.web.schema.openapi import Schema

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #8886; padding: 1rem 0; }
h2 { font: 600 1.05rem/1.4 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
h2 b { display: inline-block; min-width: 4.5em; }
table { border-collapse: collapse; margin: .5rem 0; }
td, th { text-align: left; vertical-align: top; padding: .1rem 1.5rem .1rem 0; }
code { font-family: ui-monospace, monospace; }
summary { cursor: pointer; }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


async def show(request: web.Request) -> web.Response:
    """Answer with the page."""
    document = request.app[DOCUMENT]
    return web.Response(
        text=render_page(document),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


def render_page(document: Schema) -> str:
    """Render the whole page."""
    info = document["info"]
    root = document["servers"][0]["url"]
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} over HTTP</title>',
            '<meta name="viewport" content="width=device-width">',
            f"<style>{STYLE}</style></head><body>",
            f"<h1>{escape(info['title'])} {escape(info['version'])} over HTTP</h1>",
            f"<p>{escape(info['description'])} For programs: <a href='openapi.json'>/api/openapi.json</a>.</p>",
            *([f"<p>All routes are below <code>{escape(root)}</code>.</p>"] if root != "/" else []),
            *_render_operations(document),
            "<h1>Shapes</h1>",
            *_render_shapes(document["components"]["schemas"]),
            "</body></html>",
            "",
        ]
    )


def _render_operations(document: Schema) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"<section id='{escape(operation['operationId'])}'>"
            yield f"<h2><b>{escape(method.upper())}</b>{escape(path)}</h2><p>{escape(operation['summary'])}</p>"
            yield from _render_parameters(operation["parameters"])
            if "requestBody" in operation:
                yield f"<p>Body: {_render_content(operation['requestBody']['content'])}</p>"
            yield from _render_answers(operation["responses"])
            yield "</section>"


def _render_parameters(parameters: list[Schema]) -> Iterator[str]:
    if not parameters:
        return
    yield "<table>"
    for parameter in parameters:
        text = parameter.get("description") or parameter["schema"].get("description") or ""
        kind = _render_kind(parameter["schema"])
        yield f"<tr><td><code>{escape(parameter['name'])}</code><td>{escape(parameter['in'])}<td>{kind}"
        yield f"<td>{escape(text)}</tr>"
    yield "</table>"


def _render_answers(answers: Schema) -> Iterator[str]:
    yield "<details><summary>Answers</summary><table>"
    for status, content in answers.items():
        shape = _render_content(content.get("content", {}))
        yield f"<tr><td><code>{escape(status)}</code><td>{escape(content['description'])}<td>{shape}</tr>"
    yield "</table></details>"


def _render_content(content: Schema) -> str:
    return ", ".join(
        f"{escape(kind)} {_render_kind(described['schema'])}" if "schema" in described else escape(kind)
        for kind, described in content.items()
    )


def _render_shapes(schemas: Schema) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f"<section id='shape-{escape(name)}'><h2>{escape(name)}</h2>"
        yield f"<p>{escape(schema.get('description', ''))}</p>"
        if "enum" in schema:
            yield f"<p>{_render_kind({'enum': schema['enum']})}</p>"
        yield "<table>"
        needed = schema.get("required", ())
        for key, content in schema.get("properties", {}).items():
            may = "" if key in needed else "optional"
            yield f"<tr><td><code>{escape(key)}</code><td>{_render_kind(content)}<td>{may}"
            yield f"<td>{escape(content.get('description', ''))}</tr>"
        yield "</table></section>"


def _render_kind(schema: Schema) -> str:
    """Render a schema in a few words."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#shape-{name}'>{name}</a>"
    if "anyOf" in schema:
        return " or ".join(_render_kind(kind) for kind in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']).lower())}</code>"
    if schema.get("type") == "array":
        parts = schema.get("prefixItems", ())  # of a list of fixed length
        length = f"{len(parts)} " if parts else ""
        return f"list of {length}{_render_kind(parts[0] if parts else schema.get('items', {}))}"
    kind = escape(schema.get("format") or schema.get("type") or "anything")
    examples = ", ".join(f"<code>{escape(str(value))}</code>" for value in schema.get("examples", ()))
    return f"{kind}, such as {examples}" if examples else kind
