"""The retry policy: whether a failed step is tried again, when, and how many tries are left.

How many failures of a kind a task survives is declared with the error (`errors.DocumentError.allowed`). Which tasks are
due by the clock is for `ledger/tasks.py` to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from expensed.errors import Busy, DocumentError, Fault, Interrupted, document_error
from expensed.ledger.rows import Task
from expensed.ledger.tasks import LONGEST_DELAY_S

MACHINE_FAULTS = tuple(
    kind.code for kind in DocumentError.__subclasses__() if kind.allowed is None and kind not in (Busy, Interrupted)
)
"""The codes of the errors for which the machine is to blame: what fails with them is tried again for ever."""
TRIES_BEFORE_REVIEW = 3
"""After this many internal errors while filing, a document goes to review instead."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Another try after `delay_s`; `counts` says whether the failure used up one of those that a task survives."""

    delay_s: float
    counts: bool


def decide_retry(error: DocumentError, failures: int, tries: int) -> Retry | None:
    """Return how to retry after this error; None to give up.

    `failures`: how many the task has survived. `tries`: how many tries in a row have failed, including this one.
    """
    if error.allowed is not None and failures >= error.allowed:
        return None
    return Retry(retry_delay_s(tries), counts=error.allowed is not None)


def retry_delay_s(tries: int) -> float:
    """Return how long a task waits after its n-th failed try in a row: 1, 2, 4, ... seconds, at most five minutes."""
    return min(LONGEST_DELAY_S, 2.0 ** min(20, max(0, tries - 1)))


def last_attempt(task: Task) -> int | None:
    """Return the number of a retried task's last try if every try fails; None if there is no limit."""
    allowed = _allowed(task.error)
    return None if allowed is None else task.tries + max(0, allowed - task.failures)


def waits_for_machine(task: Task) -> bool:
    """Whether a task was handed back for a fault of the machine rather than its document, which may last any time."""
    return task.error is not None and _allowed(task.error) is None


def _allowed(fault: Fault | None) -> int | None:
    return document_error(fault.code if fault is not None else "", "").allowed
