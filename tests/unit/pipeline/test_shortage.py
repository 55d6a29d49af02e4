"""A machine that is short of threads or descriptors is at fault, never the document."""

from __future__ import annotations

import errno
import os

import pytest

from expensed.errors import InternalError, MachineTrouble
from expensed.pipeline.extract import describe_unexpected


@pytest.mark.parametrize(
    "error",
    [RuntimeError("can't start new thread"), *(OSError(number, os.strerror(number)) for number in (
        errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN,
    ))],
)  # fmt: skip
def test_a_shortage_is_no_failure_of_the_document(error: Exception) -> None:
    assert isinstance(describe_unexpected(error), MachineTrouble)


@pytest.mark.parametrize("error", [RuntimeError("dictionary changed size"), OSError(errno.EIO, "broken"), KeyError()])
def test_any_other_error_is_an_internal_one(error: Exception) -> None:
    assert isinstance(describe_unexpected(error), InternalError)
