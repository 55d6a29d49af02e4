"""Talking to the daemon from a command: small JSON requests over HTTP."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, RequestError

PATIENCE_S = 60.0


class Client:
    """The daemon at the address of the settings. BackendUnavailable if none answers, RequestError if it says no."""

    def __init__(self, settings: Settings) -> None:
        host = settings.web.host if ":" not in settings.web.host else f"[{settings.web.host}]"
        self._base = f"http://{host}:{settings.web.port}"
        self._token = settings.web.token.get_secret_value()
        # never through a proxy: the daemon is on this machine
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET a JSON answer."""
        return self._ask("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST a JSON body."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        request = urllib.request.Request(  # noqa: S310 - our own http address
            self._base + path, method=method, headers=headers, data=None if body is None else json.dumps(body).encode()
        )
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                return _decode(answer.read())
        except urllib.error.HTTPError as error:
            said = _decode_refusal(error)
            raise RequestError(
                str(said.get("error") or f"The daemon answered {error.code}."),
                hint=str(said.get("hint") or ""),
                code=str(said.get("code") or "request"),
            ) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise BackendUnavailable(f"No daemon of expensed answers at {self._base}.") from error


def _decode_refusal(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        return _decode(error.read())
    except (OSError, ValueError):
        return {}


def _decode(content: bytes) -> dict[str, Any]:
    answer = json.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer
