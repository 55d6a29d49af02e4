"""The client of the daemon's HTTP interface: it returns answers as the models of `report.answers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote

import click
import httpx
import httpx_sse

from expensed.cli.http.wording import tell_hint, tell_message
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, RequestError
from expensed.model.json_text import decode, encode
from expensed.report.answers import Refused

T = TypeVar("T")
PATIENCE_S = 60.0


class Client:
    """The daemon at the configured address. BackendUnavailable if none answers, RequestError if it refuses."""

    def __init__(self, settings: Settings, *, patience_s: float = PATIENCE_S) -> None:
        host = settings.web.host if ":" not in settings.web.host else f"[{settings.web.host}]"
        self.address = f"http://{host}:{settings.web.port}"
        self.public_address = settings.web.address or self.address  # for people; this client never asks there
        self._has_port = settings.web.port != 0
        token = settings.web.token.get_secret_value()
        self._http = httpx.Client(
            base_url=self.address,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=patience_s,
            trust_env=False,  # never through a proxy: the daemon is on this machine
        )

    def close(self) -> None:
        """Close the connection to the daemon."""
        self._http.close()

    def get(self, path: str, kind: type[T], **query: str) -> T:
        """GET `path` and decode the answer as `kind`."""
        return self._ask("GET", path, kind, query=query)

    def fetch(self, address: str) -> bytes:
        """GET an address, which may have a query, and return the bytes of the answer."""
        return self._request("GET", address).content

    def post(self, path: str, body: object, kind: type[T]) -> T:
        """POST `body` as JSON and decode the answer as `kind`."""
        return self._ask("POST", path, kind, body=body)

    def patch(self, path: str, body: object, kind: type[T]) -> T:
        """PATCH with `body` as JSON and decode the answer as `kind`."""
        return self._ask("PATCH", path, kind, body=body)

    @contextmanager
    def stream_lines(self, path: str, query: Mapping[str, str]) -> Iterator[tuple[Mapping[str, str], Iterator[bytes]]]:
        """GET `path` and yield the headers and, while they arrive, the lines of the answer."""
        try:
            with self._http.stream("GET", path, params=query) as response:
                _check(response)
                yield response.headers, _split(response.iter_bytes())
        except httpx.RequestError as error:
            raise self._unavailable() from error

    @contextmanager
    def stream_events(
        self, query: Mapping[str, str], headers: Mapping[str, str], silence_s: float
    ) -> Iterator[Iterator[httpx_sse.ServerSentEvent]]:
        """Open the daemon's stream of events; BackendUnavailable also if nothing arrives for `silence_s`."""
        timeout = httpx.Timeout(silence_s)
        try:
            with httpx_sse.connect_sse(
                self._http, "GET", "/api/events", params=query, headers=dict(headers), timeout=timeout
            ) as source:
                _check(source.response)
                yield source.iter_sse()
        except (httpx.RequestError, httpx_sse.SSEError) as error:
            raise self._unavailable() from error

    def _ask(
        self, method: str, path: str, kind: type[T], *, query: Mapping[str, str] | None = None, body: object = None
    ) -> T:
        content = None if body is None else encode(body)
        try:
            return decode(self._request(method, path, query, content).content, kind)
        except ValueError as error:
            raise self._unavailable() from error

    def _request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        headers = {} if content is None else {"Content-Type": "application/json"}
        try:
            answer = self._http.request(method, path, params=query, content=content, headers=headers)
        except httpx.RequestError as error:
            raise self._unavailable() from error
        _check(answer)
        return answer

    def _unavailable(self) -> BackendUnavailable:
        if self._has_port:
            return BackendUnavailable(f"No expensed daemon answers at {self.address}.")
        return BackendUnavailable(
            "web.port is 0, so the daemon takes any free port and commands cannot know which.",
            hint="Set web.port to a number, or EXPENSED_WEB__PORT to the one in the daemon's log.",
        )


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        refused = decode(answer.read(), Refused)
    except (ValueError, httpx.RequestError):
        raise RequestError(
            f"The server that answers there is not an expensed daemon (it says {answer.status_code}).",
            hint="Set web.port, or EXPENSED_WEB__PORT, to the one that the daemon logs at its start.",
            code="foreign",
        ) from None
    context = click.get_current_context(silent=True)
    command = context.info_name if context is not None else None
    message, hint = tell_message(refused.error, refused.code), tell_hint(refused.hint, refused.code, command or "")
    raise RequestError(message, hint=hint, code=refused.code)


def _split(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the lines that end with LF, and with nothing else; names may hold every other kind of line end."""
    rest = b""
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        yield from lines
    if rest:
        yield rest


def name_in_path(name: str) -> str:
    """Return a name quoted as one segment of a path."""
    return quote(name, safe="")
