"""Whether a client wants text."""

from __future__ import annotations

import time

import pytest
from aiohttp.test_utils import make_mocked_request

from expensed.web.responses import wants_text


@pytest.mark.parametrize(
    ("accept", "is_text"),
    [
        ("text/plain", True),
        ("Text/Plain; charset=utf-8", True),
        ("text/plain, */*;q=0.1", True),
        ("text/html, text/plain;q=0.9, application/json;q=0.5", True),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("text/plain, application/json", False),
        ("text/plain;q=0.4, application/json;q=0.5", False),
        ("text/plain;q=0", False),
        ("", False),
        (";;,,=q", False),
    ],
)
def test_only_who_asks_for_text_before_json_gets_it(accept: str, is_text: bool) -> None:
    assert wants_text(make_mocked_request("GET", "/", headers={"Accept": accept})) is is_text


def test_a_header_of_nonsense_costs_no_time() -> None:
    began = time.process_time()
    for nonsense in ("a" * 8000, "a/" * 4000, "a/b;" * 2000, ";q=" * 2700, " " * 8000):
        wants_text(make_mocked_request("GET", "/", headers={"Accept": nonsense}))
    assert time.process_time() - began < 0.2
