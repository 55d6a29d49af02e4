"""expensed behind nginx and Caddy: the examples of docs/proxy.md, at a name and below a path, kept or taken off."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from tests.e2e import papers
from tests.e2e.browser import complaints, open_browser, wait_for
from tests.e2e.house import House
from tests.e2e.proxies import EXAMPLES, NAME, Example, free_port, run_proxy
from tests.e2e.test_page import press, shown, texts

TOKEN = "only-for-the-tests-0123456789"
MAX_UPLOAD_MB = 2
"""More than the 1 MB that nginx allows by default."""


@dataclass(frozen=True, slots=True)
class Door:
    """A daemon behind a proxy, and the port on which that listens in place of 443."""

    house: House
    example: Example
    port: int

    def curl(self, path: str, *arguments: str) -> list[str]:
        """Return the command that asks the public address for a path; the proxy's certificate is not verified."""
        where = ("--connect-to", f"::127.0.0.1:{self.port}", self.example.address + path)
        return ["curl", "-sSkN", "--max-time", "30", "-H", f"Authorization: Bearer {TOKEN}", *arguments, *where]

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


@pytest.fixture
def open_door(make_house: Callable[..., House], tmp_path: Path) -> Callable[..., Any]:
    """Start a daemon with the address of an example, and the example's proxy in front of it."""

    @contextmanager
    def opened(example: Example, **settings: object) -> Iterator[Door]:
        house = make_house(web__address=example.address, web__max_upload_mb=MAX_UPLOAD_MB, **settings)
        house.start()
        port = free_port()
        with run_proxy(example, house.address, port, tmp_path / "proxy"):
            yield Door(house, example, port)

    return opened


@pytest.fixture(params=EXAMPLES)
def door(request: pytest.FixtureRequest, open_door: Callable[..., Any]) -> Iterator[Door]:
    with open_door(EXAMPLES[request.param], web__token=TOKEN) as found:
        yield found


def test_everything_works_at_the_public_address(door: Door, tmp_path: Path) -> None:
    check_uploads(door, tmp_path)
    check_pages_of_other_sites(door)
    document_id = check_events(door)
    check_links(door, document_id)


def check_uploads(door: Door, folder: Path) -> None:
    """Whatever expensed accepts comes through; what is too large is refused by expensed, not by the proxy."""
    content = papers.pdf(papers.receipt_lines(1))
    origin = ("-H", f"Origin: https://{door.example.name}")
    path = folder / "large.pdf"
    path.write_bytes(content.ljust(MAX_UPLOAD_MB << 20, b"\n"))
    status, body = door.ask("/api/upload", *origin, "-F", f"file=@{path}")
    assert (status, json.loads(body)["success"]) == (200, True)
    path.write_bytes(content.ljust((MAX_UPLOAD_MB << 20) + 1, b"\n"))
    status, body = door.ask("/api/upload", *origin, "-F", f"file=@{path}")
    assert (status, json.loads(body)["code"]) == (413, "too-large")


def check_pages_of_other_sites(door: Door) -> None:
    for origin in ("https://evil.example", f"http://{door.example.name}", "null"):
        status, body = door.ask("/api/process", "-H", f"Origin: {origin}", "--json", "{}")
        assert (status, json.loads(body)["code"]) == (403, "wrong-origin"), origin


def check_events(door: Door) -> str:
    """Each event arrives as it happens, while the stream is open; return the id of the document that was dropped."""
    with subprocess.Popen(door.curl("/api/events"), stdout=subprocess.PIPE, text=True) as stream:
        assert stream.stdout is not None
        lines = iter(stream.stdout)
        assert any(line == "event: snapshot\n" for line in lines)
        door.house.drop("scan.pdf", papers.pdf(papers.receipt_lines(2)))
        events = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        done = next(event for event in events if event.get("file") == "scan.pdf" and event["state"] == "SUCCESS")
        stream.terminate()
    return str(done["document_id"])


def check_links(door: Door, document_id: str) -> None:
    """What answers refer to is there, below the prefix."""
    prefix = door.example.address.removeprefix(f"https://{door.example.name}")
    links = door.get(f"/api/documents/{document_id}")["links"]
    assert links["file"].startswith(f"{prefix}/api/")
    for link in (links["self"], links["file"]):
        status, _ = door.ask(link.removeprefix(prefix))
        assert status == 200
    assert door.get("/api/openapi.json")["servers"] == [{"url": prefix or "/"}]


@contextmanager
def browse(door: Door, folder: Path) -> Iterator[Chrome]:
    """Open a browser that finds the public address at the proxy."""
    switches = (f"--host-resolver-rules=MAP {door.example.name} 127.0.0.1:{door.port}", "--ignore-certificate-errors")
    with open_browser(folder / "profile", *switches) as browser:
        yield browser


@pytest.mark.parametrize("name", ["nginx keeps the path", "caddy takes the path off"])
def test_the_page_works_below_a_path(open_door: Callable[..., Any], name: str, tmp_path: Path) -> None:
    with open_door(EXAMPLES[name]) as door, browse(door, tmp_path) as browser:
        browser.get(f"{door.example.address}/")
        give_a_receipt(browser, tmp_path)
        read_the_docs(browser, door.example.address)
        assert not complaints(browser)


def test_the_page_works_at_a_name_with_a_token(open_door: Callable[..., Any], tmp_path: Path) -> None:
    with open_door(EXAMPLES["nginx at a name"], web__token=TOKEN) as door, browse(door, tmp_path) as browser:
        browser.get(NAME)
        wait_for(browser, "it asks", lambda: browser.find_element(By.ID, "token").is_displayed())
        browser.find_element(By.ID, "token").send_keys(TOKEN)
        press(browser, "#sign-in", "Sign in")
        give_a_receipt(browser, tmp_path)
        read_the_docs(browser, NAME)


def give_a_receipt(browser: Chrome, folder: Path) -> None:
    """Upload through the page, and see by its events that the file was filed."""
    wait_for(browser, "the page is live", shown(browser, "#link", "live"))
    scan = folder / "scan.pdf"
    scan.write_bytes(papers.pdf(papers.receipt_lines(2)))
    browser.find_element(By.ID, "files").send_keys(str(scan))
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Harbour Books"))


def read_the_docs(browser: Chrome, address: str) -> None:
    """Open the documentation, and from there the document for programs."""
    browser.get(f"{address}/api/docs")
    assert "/api/upload" in " ".join(texts(browser, "h2"))
    browser.find_element(By.CSS_SELECTOR, "a[href$='openapi.json']").click()
    wait_for(browser, "it is open", lambda: browser.current_url == f"{address}/api/openapi.json")
    assert '"openapi":"3.1.0"' in browser.find_element(By.TAG_NAME, "body").text


def test_commands_reach_the_daemon_directly_and_name_the_public_address(make_house: Callable[..., House]) -> None:
    house = make_house(web__address=NAME)
    house.start()
    assert f"watch at {NAME}, on this machine at {house.address}" in house.log.read_text()
    assert f"anyone who can reach {NAME} can use expensed" in house.log.read_text()
    status = house.run("status")
    assert f" at {NAME}, up " in status.stdout
