"""What all tests share: the folder `../shared`, and the rule that nothing is skipped silently if CI is set."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job: what a test starts would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # an example is not to blame for a busy machine

SHARED = Path(__file__).parents[2] / "shared"
NO_SHARED = "the folder ../shared is not there"
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and tools beside the project; a test that needs it is skipped if it is missing."""
    if not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that may take longest first, so that no worker is left with one while the others are idle.

    `@pytest.mark.shared` is the fixture for a test that finds its own way to the folder.
    """
    items.sort(key=_patience_s, reverse=True)
    for item in items:
        if item.get_closest_marker("shared") and isinstance(item, pytest.Function):
            item.fixturenames.insert(0, "shared")


def _patience_s(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI a test may be skipped only because ../shared is missing: anything else that is missing is a failure."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """The same for a module that skips itself as a whole."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail") and NO_SHARED not in str(report.longrepr):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be skipped where CI is set. {reason}"
