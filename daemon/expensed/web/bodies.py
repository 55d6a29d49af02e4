"""What clients send: the models of queries and bodies, and how a mistake in them becomes one sentence."""

from __future__ import annotations

import asyncio
import datetime
import json
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, TypeVar

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, from_json

from expensed.archive.naming import display_name, minor_units
from expensed.extraction.category import CATEGORIES
from expensed.model import TaskState, number
from expensed.web.refusals import Refusal

MAX_BODY_BYTES = 1 << 20
BODY_S = 20.0
"""How long a client may take to send its JSON."""
MOST_DECIMALS = 3
"""No currency in use has more."""
LARGEST_AMOUNT = Decimal(10) ** 12
LARGEST_ID = 2**63 - 1

M = TypeVar("M", bound=BaseModel)


def _one_line(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise ValueError("must not be empty")
    if any(unicodedata.category(character)[0] == "C" for character in clean):
        raise ValueError("must not hold control characters")
    return clean


def _prose(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text):
        raise ValueError("must not hold control characters")
    return text.strip()


def _amount(value: Any) -> Decimal:
    """A JSON number, or a plain decimal number in a string; thousands separators would have to be guessed."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number such as 52.99")
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        raise ValueError("must be a plain number such as 52.99, without currency or thousands separators")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError("must be a number such as 52.99") from None
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError("is larger than any receipt")
    rounded = round(amount, MOST_DECIMALS)
    if isinstance(value, float) and abs(amount - rounded) < Decimal("1e-6"):
        amount = rounded  # 0.1 + 0.2, as a script adds it up
    if amount != rounded:
        raise ValueError(f"has more than {MOST_DECIMALS} decimals")
    return rounded.normalize()


def _iso_date(value: Any) -> datetime.date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise ValueError("must be a date such as 2024-01-15")
    try:
        return datetime.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def _category(value: str) -> str:
    for name in CATEGORIES:
        if name.casefold() == value.strip().casefold():
            return name
    raise ValueError(f"must be one of {', '.join(CATEGORIES)}")


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", value.strip()):
        raise ValueError("must be three letters such as EUR")
    return value.strip().upper()


def _plain_json(value: dict[str, Any]) -> dict[str, Any]:
    """Only what every JSON reader understands: no infinite numbers, no integers of thousands of digits."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("holds a number that is too large") from None
    return value


class ExpenseData(BaseModel):
    """What a person says of an expense; keys that are not known here are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    vendor: Annotated[str, Field(max_length=200), AfterValidator(_one_line)] | None = None
    amount: Annotated[Decimal, BeforeValidator(_amount)] | None = None
    date: Annotated[datetime.date, BeforeValidator(_iso_date)] | None = None
    category: Annotated[str, AfterValidator(_category)] | None = None
    currency: Annotated[str, AfterValidator(_currency)] | None = None
    description: Annotated[str, Field(max_length=2000), AfterValidator(_prose)] | None = None

    @model_validator(mode="after")
    def _has_the_decimals_of_its_currency(self) -> ExpenseData:
        if self.amount is not None and self.currency is not None:
            decimals = max(2, minor_units(self.currency))
            if self.amount != round(self.amount, decimals):
                raise ValueError(f"the amount has more than the {decimals} decimals of {self.currency}")
        return self

    def said(self) -> dict[str, Any]:
        """What was said, as the pipeline takes it; what was left out or null is not in it."""
        given: dict[str, Any] = {key: value for key, value in self.model_dump().items() if value is not None}
        if self.amount is not None:
            given["amount"] = number(self.amount)
        if self.date is not None:
            given["date"] = self.date.isoformat()
        return given


class ProcessBody(BaseModel):
    """POST /api/process."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    file_id: Annotated[str, Field(min_length=1, max_length=255)]
    expense_data: ExpenseData
    original_extraction: Annotated[dict[str, Any], AfterValidator(_plain_json)] | None = None


class TaskQuery(BaseModel):
    """GET /api/task/{task_id}"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trace: bool = False


class TasksQuery(BaseModel):
    """GET /api/tasks"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Annotated[TaskState, BeforeValidator(str.upper)] | None = None
    file: Annotated[str, AfterValidator(display_name)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


class EventsQuery(BaseModel):
    """GET /api/events"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str | None = None
    document: str | None = None
    until: Literal["now"] | None = None
    last_event_id: str | None = None


def read_query(model: type[M], request: web.Request) -> M:
    """The query as its model; 422 naming every mistake."""
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise _refuse_invalid(error.errors(), "Correct the query and send it again.") from None


async def read_body(model: type[M], request: web.Request) -> M:
    """The JSON body as its model; 415, 408, 413, 400 or 422."""
    try:
        return model.model_validate(await read_json(request))
    except ValidationError as error:
        raise _refuse_invalid(error.errors(), "Correct these fields and send it again.") from None


async def read_json(request: web.Request) -> Any:
    """The JSON body; only as application/json, which no form of another site can send."""
    if request.content_type != "application/json":
        raise Refusal(
            415,
            "The body must be JSON.",
            code="not-json",
            hint="Send the header `Content-Type: application/json`.",
        )
    try:
        async with asyncio.timeout(BODY_S):
            content = await request.read()
        return from_json(content, allow_inf_nan=False)
    except TimeoutError:
        raise Refusal(408, "The body did not arrive in time.", code="slow-body", hint="Send it again.") from None
    except ValueError as error:
        raise Refusal(
            400, f"The body is not valid JSON: {error}.", code="broken-json", hint="Correct it and send it again."
        ) from None


def _refuse_invalid(mistakes: Iterable[ErrorDetails], hint: str) -> Refusal:
    sentences = [_describe(mistake) for mistake in mistakes]
    return Refusal(422, "; ".join(sentences[:10]) + ".", code="invalid", hint=hint)


def _describe(mistake: ErrorDetails) -> str:
    where = ".".join(map(str, mistake["loc"]))
    what = mistake["msg"].removeprefix("Value error, ")
    if mistake["type"] == "extra_forbidden":
        return f"{where} is not known here"
    if mistake["type"] == "missing":
        return f"{where} is missing"
    return f"{where}: {what}" if where else what
