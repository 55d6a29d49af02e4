"""Read queries and bodies as the models of `schema.requests`; a mistake in them becomes one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from expensed.ledger.documents import list_categories
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.refusals import Refusal
from expensed.web.schema.values import DAY_FIRST, KNOWN_CATEGORIES, USED_CATEGORIES

M = TypeVar("M", bound=BaseModel)

MISTAKES_NAMED = 10
BODY_S = 20.0
"""How long a client may take to send its JSON."""
MAX_BODY_BYTES = 4 << 20
"""Room for an expense of the most items, sent back twice: as it was shown, and corrected."""
DAYS_FIRST = {"yes": True, "no": False, "auto": None}


def read_query(model: type[M], request: web.Request) -> M:
    """Return the query as its model; 422 naming every mistake."""
    try:
        return model.model_validate(dict(request.query), context=_make_context(request))
    except ValidationError as error:
        raise _refuse_invalid(error.errors(), "Correct the query and send it again.") from None


async def read_filters(model: type[M], request: web.Request) -> M:
    """Return a query that selects documents, by any category that one has; 422 naming every mistake."""
    try:
        return model.model_validate(dict(request.query), context=await _make_wide_context(request))
    except ValidationError as error:
        raise _refuse_invalid(error.errors(), "Correct the query and send it again.") from None


async def read_body(model: type[M], request: web.Request) -> M:
    """Return the JSON body as its model; 415, 408, 413, 400 or 422.

    A category may also be one that only documents have, since clients send back what they were shown.
    """
    content = await read_json(request)
    with suppress(ValidationError):
        return model.model_validate(content, context=_make_context(request))
    try:
        return model.model_validate(content, context=await _make_wide_context(request))
    except ValidationError as error:
        raise _refuse_invalid(error.errors(), "Correct the body and send it again.") from None


async def _make_wide_context(request: web.Request) -> dict[str, object]:  # each value has its own type
    """Return what settings and documents say of the values that people type."""
    used = await list_categories(request.app[DEPENDENCIES].ledger)
    return _make_context(request) | {USED_CATEGORIES: used}


def _make_context(request: web.Request) -> dict[str, object]:  # each value has its own type
    """Return what the settings say of the values that people type."""
    settings = request.app[DEPENDENCIES].settings
    return {DAY_FIRST: DAYS_FIRST[settings.extraction.day_first], KNOWN_CATEGORIES: settings.categories.known}


async def read_optional_body(model: type[M], request: web.Request) -> M:
    """Return the JSON body as its model, where a missing or empty body means `{}`."""
    if not request.can_read_body or (request.content_type != "application/json" and not await _read(request)):
        return model()
    return await read_body(model, request)


async def read_json(request: web.Request) -> Any:
    """Return the JSON body; only as application/json, which no form of another site can send."""
    if request.content_type != "application/json":
        raise Refusal(
            415,
            "The body must be JSON.",
            code="not-json",
            hint="Send the header `Content-Type: application/json`.",
        )
    content = await _read(request)
    try:
        return from_json(content, allow_inf_nan=False)  # strict: no lone surrogates, no bottomless nesting
    except ValueError as error:
        raise Refusal(
            400,
            f"The body is not valid JSON: {error}.",
            code="broken-json",
            hint="Correct it and send it again.",
        ) from None


async def _read(request: web.Request) -> bytes:
    """Read the whole body, within `BODY_S`."""
    check_not_packed(request)
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except web.RequestPayloadError:
        raise Refusal(400, "The body is broken.", code="broken-body", hint="Send it again.") from None
    except TimeoutError:
        raise Refusal(408, "The body did not arrive in time.", code="slow-body", hint="Send it again.") from None


def check_not_packed(request: web.Request) -> None:
    """Refuse a compressed body: it might expand to any size."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(
            415, "Compressed bodies are not accepted.", code="packed", hint="Send it without Content-Encoding."
        )


def _refuse_invalid(mistakes: Iterable[ErrorDetails], hint: str) -> Refusal:
    sentences = [_describe(mistake) for mistake in mistakes]
    return Refusal(422, f"{'; '.join(sentences[:MISTAKES_NAMED])}.", code="invalid", hint=hint)


def _describe(mistake: ErrorDetails) -> str:
    where = ".".join(map(str, mistake["loc"]))
    if mistake["type"] == "extra_forbidden":
        return f"{where} is not known here"
    if mistake["type"] == "missing":
        return f"{where} is missing"
    if mistake["type"] == "value_error":
        return f"{where} {mistake['msg'].removeprefix('Value error, ')}".strip()
    return f"{where}: {mistake['msg']}" if where else mistake["msg"]
