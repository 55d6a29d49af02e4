"""Talking to the daemon from a command: small JSON requests over HTTP, and the lines of a stream."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from expensed.cli.http.wording import tell_hint, tell_message
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, RequestError

PATIENCE_S = 60.0


class Client:
    """The daemon at the address of the settings. BackendUnavailable if none answers, RequestError if it says no."""

    def __init__(self, settings: Settings, *, patience_s: float = PATIENCE_S) -> None:
        host = settings.web.host if ":" not in settings.web.host else f"[{settings.web.host}]"
        self.address = f"http://{host}:{settings.web.port}"
        self._has_port = settings.web.port != 0
        self._patience_s = patience_s
        self._token = settings.web.token.get_secret_value()
        # never through a proxy: the daemon is on this machine
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET a JSON answer."""
        return self._ask("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST a JSON body."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """PATCH with a JSON body."""
        return self._ask("PATCH", path, body)

    def read_lines(
        self, path: str, query: dict[str, str], headers: dict[str, str], silence_s: float
    ) -> Iterator[bytes]:
        """GET an answer that goes on, line by line; BackendUnavailable too where nothing comes for `silence_s`.

        The first item is an empty line, once the daemon has answered.
        """
        request = self._request("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path, None)
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with self._opener.open(request, timeout=silence_s) as answer:
                yield b""
                yield from answer
        except urllib.error.HTTPError as error:
            raise _refused(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unavailable() from error

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            with self._opener.open(self._request(method, path, body), timeout=self._patience_s) as answer:
                return _decode(answer.read())
        except urllib.error.HTTPError as error:
            raise _refused(error) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._unavailable() from error

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> urllib.request.Request:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        return urllib.request.Request(  # noqa: S310 - our own http address
            self.address + path,
            method=method,
            headers=headers,
            data=None if body is None else json.dumps(body).encode(),
        )

    def _unavailable(self) -> BackendUnavailable:
        if self._has_port:
            return BackendUnavailable(f"No daemon of expensed answers at {self.address}.")
        return BackendUnavailable(
            "web.port is 0, so the daemon takes any free port and commands cannot know which.",
            hint="Set web.port to a number, or EXPENSED_WEB__PORT to the one that the daemon's log names.",
        )


def _refused(error: urllib.error.HTTPError) -> RequestError:
    said = _decode_refusal(error)
    if "error" not in said:
        return RequestError(
            f"What answers there is no daemon of expensed (it says {error.code}).",
            hint="Set web.port, or EXPENSED_WEB__PORT, to the one that the daemon logs at its start.",
            code="foreign",
        )
    code = str(said.get("code") or "request")
    return RequestError(
        tell_message(str(said["error"]), code), hint=tell_hint(str(said.get("hint") or ""), code), code=code
    )


def _decode_refusal(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        return _decode(error.read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}


def _decode(content: bytes) -> dict[str, Any]:
    answer = json.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer
