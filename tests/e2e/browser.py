"""Debian's Chromium, headless, on a page of a daemon."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

LONGEST_S = 40.0
SWITCHES = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1100,1000",
)


@contextmanager
def open_browser(profile: Path, *more: str) -> Iterator[Chrome]:
    """Yield a new browser, with `more` switches; its console is recorded and must hold no complaint in the end."""
    programs = shutil.which("chromium"), shutil.which("chromedriver")
    if None in programs:
        pytest.skip("no Chromium here: `make test` installs it")
    options = ChromeOptions()
    options.binary_location = str(programs[0])
    for switch in (*SWITCHES, *more, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(str(programs[1])))
    browser.set_script_timeout(LONGEST_S)
    try:
        yield browser
    finally:
        browser.quit()


def wait_for(browser: Chrome, what: str, is_so: Callable[[], Any]) -> Any:
    """Wait until a question about the page gets a true answer, and return that answer."""
    return WebDriverWait(browser, LONGEST_S, 0.1).until(lambda _: is_so(), f"waited in vain until {what}")


def complaints(browser: Chrome) -> list[str]:
    """Return the browser's complaints about the page: script errors and policy violations."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
