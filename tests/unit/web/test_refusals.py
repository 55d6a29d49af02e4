from __future__ import annotations

import json

import pytest

from expensed import errors
from expensed.errors import ExpensedError
from expensed.web.guards.refusals import STATUSES, Refusal, refuse, status_of


def every_error(kind=ExpensedError):
    for child in kind.__subclasses__():
        yield child
        yield from every_error(child)


@pytest.mark.parametrize(
    "kind", sorted({kind for kind in every_error() if kind.__module__ == errors.__name__}, key=str)
)
def test_every_error_has_a_status_of_its_own(kind):
    assert kind in STATUSES
    answer = refuse(kind("It went wrong."))
    assert answer.status == STATUSES[kind]
    assert answer.body is not None
    shown = json.loads(bytes(answer.body))  # type: ignore[arg-type]
    assert shown == {"success": False, "error": "It went wrong.", "code": kind.code, "hint": kind.hint}


def test_an_error_of_another_room_has_the_status_of_its_kind():
    class Unheard(errors.Corrupt):
        pass

    assert status_of(Unheard("x")) == STATUSES[errors.Corrupt]


@pytest.mark.parametrize("error", [errors.Busy("x"), errors.ArchiveFull("x"), errors.BackendUnavailable("x")])
def test_what_a_moment_may_mend_says_when_to_ask_again(error):
    assert int(refuse(error).headers["Retry-After"]) > 0


def test_what_a_moment_cannot_mend_does_not():
    for error in (errors.NotFound("x"), errors.Conflict("x"), errors.Gone("x"), Refusal(413, "x", code="y")):
        assert "Retry-After" not in refuse(error).headers
