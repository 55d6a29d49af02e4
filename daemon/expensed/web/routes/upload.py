"""POST /api/upload: one file, streamed to disk while its size is checked; it is never held in memory or left half."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from msgspec import UNSET

from expensed.errors import ExpensedError
from expensed.pipeline.requests.upload import Incoming
from expensed.report.answers import Uploaded
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.guards.bodies import check_not_packed, read_query
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import Known, Refusal, status_of
from expensed.web.responses import answer
from expensed.web.routes.extract import answer_extraction
from expensed.web.schema.requests import UploadQuery

FIELD = "file"
CHUNK_BYTES = 1 << 18
OTHERS_BYTES = 1 << 20
"""Bytes that the body may hold in addition to the file."""
_BROKEN = (web.RequestPayloadError, HttpProcessingError, ValueError, AssertionError, RuntimeError, RuntimeWarning)
"""The errors aiohttp raises for a body that is not a multipart form or ends too early."""

T = TypeVar("T")


@limited
async def upload(request: web.Request) -> web.Response:
    """Accept one file, the multipart field `file`.

    With `?file=1` it goes on like a dropped file; with `?extract=1`, it is read, and the answer has its data.
    """
    query, parts = read_query(UploadQuery, request), request.app[DEPENDENCIES]
    body = Body(request, parts)
    file_id, task_id = await _receive(body, parts, is_to_be_filed=query.file)
    if not query.extract:
        return answer(Uploaded(file_id=file_id, task_id=UNSET if task_id is None else task_id))
    try:
        return await _extract(file_id, query.wait, parts)
    except ExpensedError as error:
        known = replace(error.known if isinstance(error, Refusal) else Known(), file_id=file_id)
        raise Refusal(status_of(error), error.message, code=error.code, hint=error.hint, known=known) from error


async def _extract(file_id: str, wait_s: float | None, parts: Dependencies) -> web.Response:
    task = await parts.pipeline.request_extraction(file_id, is_present=wait_s is None or wait_s > 0)
    return answer_extraction(await parts.pipeline.follow(task, wait_s))


class Body:
    """A multipart body with limits on its size and on how slowly it may arrive."""

    def __init__(self, request: web.Request, parts: Dependencies) -> None:
        self._limit = parts.settings.web.max_upload_mb << 20
        self._limit_mb = parts.settings.web.max_upload_mb
        self._content = request.content
        self._pace = parts.pace
        self._began = time.monotonic()
        if request.content_type != "multipart/form-data":
            raise Refusal(
                415,
                "An upload must be a multipart form.",
                code="not-multipart",
                hint=f"Send the file as the field `{FIELD}`: curl -F {FIELD}=@receipt.jpg ADDRESS/api/upload.",
            )
        check_not_packed(request)
        if (request.content_length or 0) > self._limit + OTHERS_BYTES:
            raise self._too_large()
        try:
            self._reader = MultipartReader(request.headers, request.content)
        except _BROKEN as error:
            raise _broken(error) from None

    async def next_part(self) -> BodyPartReader | None:
        """Return the next field, or None at the end of the form."""
        part = await self._in_time(self._reader.next())
        if isinstance(part, MultipartReader):
            raise _broken(ValueError("a form within the form"))
        return part

    async def copy(self, part: BodyPartReader, incoming: Incoming | None) -> None:
        """Read a field to its end, into an upload or to discard it."""
        size = 0
        while chunk := await self._in_time(part.read_chunk(CHUNK_BYTES)):
            size += len(chunk)
            if size > self._limit:
                raise self._too_large()
            if incoming is not None:
                await incoming.write(chunk)

    async def _in_time(self, reading: Awaitable[T]) -> T:
        """Return what is read, if it arrives in time and is not too large."""
        try:
            async with asyncio.timeout(self._pace.body_s):
                found = await reading
        except TimeoutError:
            raise _too_slow() from None
        except _BROKEN as error:
            raise _broken(error) from None
        received = self._content.total_bytes
        if received > self._limit + OTHERS_BYTES:
            raise self._too_large()
        if time.monotonic() - self._began > self._pace.body_s + received / self._pace.body_bytes_per_s:
            raise _too_slow()
        return found

    def _too_large(self) -> Refusal:
        return Refusal(
            413,
            f"The file is larger than {self._limit_mb} MB.",
            code="too-large",
            hint="Send a smaller one, or raise web.max_upload_mb.",
        )


async def _receive(body: Body, parts: Dependencies, *, is_to_be_filed: bool) -> tuple[str, str | None]:
    """Receive the form's file and return the ids of the document and of the task that files it, if there is one.

    The whole form is read before anything is recorded.
    """
    while (part := await body.next_part()) is not None:
        if part.name != FIELD:
            await body.copy(part, None)
            continue
        async with parts.pipeline.receive(part.filename or "", is_to_be_filed=is_to_be_filed) as incoming:
            await body.copy(part, incoming)
            await _read_rest(body)
            return await incoming.record(), incoming.task_id
    raise Refusal(
        422,
        f"The form has no field `{FIELD}`.",
        code="no-file",
        hint=f"Send the file as the field `{FIELD}`: curl -F {FIELD}=@receipt.jpg ADDRESS/api/upload.",
    )


async def _read_rest(body: Body) -> None:
    while (part := await body.next_part()) is not None:
        if part.name == FIELD:
            raise Refusal(422, "The form has two files.", code="two-files", hint="Send one file with each request.")
        await body.copy(part, None)


def _broken(error: Exception) -> Refusal:
    return Refusal(400, "The form is broken, or ends too early.", code="broken-body", hint="Send it again.")


def _too_slow() -> Refusal:
    return Refusal(408, "The file did not arrive in time.", code="slow-body", hint="Send it again.")
