"""expensed behind nginx and Caddy: the examples of docs/proxy.md, at a name and below a path, kept or taken off."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from tests.e2e import papers
from tests.e2e.browser import complaints, open_browser, wait_for
from tests.e2e.house import House
from tests.e2e.proxies import EXAMPLES, NAME, PATH, Example, free_port, run_proxy
from tests.e2e.test_page import press, shown, texts

TOKENS = {NAME: "only-for-the-tests-0123456789", PATH: ""}
MAX_UPLOAD_MB = 2
"""More than the 1 MB that nginx allows by default."""
NUMBERS = itertools.count(1)
"""Each receipt is another."""


@dataclass(frozen=True, slots=True)
class Door:
    """A daemon behind a proxy, and the port on which that listens in place of 443."""

    house: House
    example: Example
    port: int

    @property
    def token(self) -> str:
        return TOKENS[self.example.address]

    def curl(self, path: str, *arguments: str) -> list[str]:
        """Return the command that asks the public address for a path; the proxy's certificate is not verified."""
        where = ("--connect-to", f"::127.0.0.1:{self.port}", self.example.address + path)
        return ["curl", "-sSkN", "--max-time", "30", "-H", f"Authorization: Bearer {self.token}", *arguments, *where]

    def ask(self, path: str, *arguments: str) -> tuple[int, str]:
        """Return an answer's status and body."""
        command = self.curl(path, "-w", "\n%{http_code}", *arguments)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    def get(self, path: str) -> Any:
        """Return the JSON that the public address answers."""
        status, body = self.ask(path)
        assert status == 200, body
        return json.loads(body)


@pytest.fixture(scope="module")
def port() -> int:
    """The port of one proxy after the other: the browser learns it once."""
    return free_port()


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """Return a running daemon for each public address; the one at a name requires a token."""
    found: dict[str, House] = {}

    def at(address: str) -> House:
        if address not in found:
            settings = {"web__address": address, "web__token": TOKENS[address], "web__max_upload_mb": MAX_UPLOAD_MB}
            house = House(tmp_path_factory.mktemp("house"), **settings)
            stack.callback(house.clear)
            house.start()
            found[address] = house
        return found[address]

    with ExitStack() as stack:
        yield at


@pytest.fixture(scope="module")
def browser(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser that finds every name at the proxy's port."""
    switches = (f"--host-resolver-rules=MAP *.example 127.0.0.1:{port}", "--ignore-certificate-errors")
    with open_browser(tmp_path_factory.mktemp("profile"), *switches) as found:
        yield found


@pytest.fixture(params=EXAMPLES)
def door(request: pytest.FixtureRequest, houses: Callable[[str], House], port: int, tmp_path: Path) -> Iterator[Door]:
    example = EXAMPLES[request.param]
    house = houses(example.address)
    with run_proxy(example, house.address, port, tmp_path / "proxy"):
        yield Door(house, example, port)


def test_whatever_expensed_accepts_comes_through_and_expensed_itself_refuses_more(door: Door, tmp_path: Path) -> None:
    path, content = tmp_path / "large.pdf", papers.pdf(papers.receipt_lines(next(NUMBERS)))
    origin = ("-H", f"Origin: https://{door.example.name}")
    for size, expected in ((MAX_UPLOAD_MB << 20, (200, None)), ((MAX_UPLOAD_MB << 20) + 1, (413, "too-large"))):
        path.write_bytes(content.ljust(size, b"\n"))
        status, body = door.ask("/api/upload", *origin, "-F", f"file=@{path}")
        assert (status, json.loads(body).get("code")) == expected
    for foreign in ("https://evil.example", f"http://{door.example.name}", "null"):
        status, body = door.ask("/api/process", "-H", f"Origin: {foreign}", "--json", "{}")
        assert (status, json.loads(body)["code"]) == (403, "wrong-origin"), foreign


def test_events_arrive_as_they_happen_and_links_lead_on(door: Door) -> None:
    name = f"scan-{next(NUMBERS)}.pdf"
    with subprocess.Popen(door.curl("/api/events"), stdout=subprocess.PIPE, text=True) as stream:
        assert stream.stdout is not None
        lines = iter(stream.stdout)
        assert any(line == "event: snapshot\n" for line in lines)
        door.house.drop(name, papers.pdf(papers.receipt_lines(next(NUMBERS))))
        events = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        done = next(event for event in events if event.get("file") == name and event["state"] == "SUCCESS")
        stream.terminate()
    prefix = door.example.address.removeprefix(f"https://{door.example.name}")
    links = door.get(f"/api/documents/{done['document_id']}")["links"]
    assert links["file"].startswith(f"{prefix}/api/")
    for link in (links["self"], links["file"]):
        assert door.ask(link.removeprefix(prefix))[0] == 200
    assert door.get("/api/openapi.json")["servers"] == [{"url": prefix or "/"}]


def test_the_page_and_the_documentation_work_in_a_browser(door: Door, browser: Chrome, tmp_path: Path) -> None:
    number = next(NUMBERS)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(papers.pdf(papers.receipt_lines(number)))
    browser.get(f"{door.example.address}/")
    if door.token:
        wait_for(browser, "it asks", lambda: browser.find_element(By.ID, "token").is_displayed())
        browser.find_element(By.ID, "token").send_keys(door.token)
        press(browser, "#sign-in", "Sign in")
    wait_for(browser, "the page is live", shown(browser, "#link", "live"))
    browser.find_element(By.ID, "files").send_keys(str(scan))
    total = f"{(750 + 3 * number) / 100:.2f} GBP"
    wait_for(browser, "an event has brought what was filed", shown(browser, "#filed tbody tr", total))
    browser.get(f"{door.example.address}/api/docs")
    assert "/api/upload" in " ".join(texts(browser, "h2"))
    browser.find_element(By.CSS_SELECTOR, "a[href$='openapi.json']").click()
    there = f"{door.example.address}/api/openapi.json"
    wait_for(browser, "it is open", lambda: browser.current_url == there)
    assert '"openapi":"3.1.0"' in browser.find_element(By.TAG_NAME, "body").text
    browser.execute_script("sessionStorage.clear()")
    told = [each for each in complaints(browser) if "status of 401" not in each or not door.token]  # until it signs in
    assert not told
    browser.get("about:blank")


def test_commands_reach_the_daemon_directly_and_name_the_public_address(make_house: Callable[..., House]) -> None:
    house = make_house(web__address=NAME)
    house.start()
    assert f"watch at {NAME}, on this machine at {house.address}" in house.log.read_text()
    assert f"anyone who can reach {NAME} can use expensed" in house.log.read_text()
    status = house.run("status")
    assert f" at {NAME}, up " in status.stdout
