"""The page at `/`, and how a user's own page works with the daemon, in a real browser."""

from __future__ import annotations

import base64
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from tests.e2e import papers
from tests.e2e.browser import complaints, open_browser, wait_for
from tests.e2e.house import ROOT, House

SENTENCES = (
    "Running OCR...",
    "Applying ML enhancements...",
    "Detecting currency...",
    "Checking for duplicates...",
    "Finalizing...",
)
EXAMPLES = re.findall(r"```javascript\n(.*?)```", (ROOT / "docs" / "http.md").read_text(), re.DOTALL)

RUN_EXAMPLE = """
    const content = arguments[0], finish = arguments[1];
    (async () => {
      const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
      const formData = new FormData();
      formData.append('file', new Blob([bytes]), 'invoice.jpg');
      EXAMPLE
    })().then(() => finish(null), (error) => finish(String(error)));
"""


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with open_browser(tmp_path / "profile") as found:
        yield found


def texts(browser: Chrome, selector: str) -> list[str]:
    found: list[str] = browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility())"
        ".map((each) => each.innerText)",
        selector,
    )
    return found


def shown(browser: Chrome, selector: str, part: str) -> Callable[[], bool]:
    return lambda: any(part in text for text in texts(browser, selector))


def press(browser: Chrome, selector: str, word: str) -> None:
    is_pressed = browser.execute_script(  # in one go: the page may draw its lists anew at any time
        "const button = [...document.querySelectorAll(arguments[0])].find((each) => each.innerText === arguments[1]);"
        "button?.click(); return Boolean(button);",
        f"{selector} button",
        word,
    )
    assert is_pressed


def test_a_drop_moves_along_its_lane_and_stands_among_the_filed(house: House, browser: Chrome) -> None:
    house.start()
    browser.get(house.address)
    wait_for(browser, "the page is live", shown(browser, "#link", "live"))
    browser.execute_script(
        "window.seen = []; new MutationObserver(() => { for (const lane of document.querySelectorAll('.lane'))"
        " seen.push([lane.querySelector('.status').textContent, lane.querySelector('progress').value]); })"
        ".observe(document.querySelector('#lanes'), {subtree: true, childList: true, characterData: true});"
    )
    house.drop("scan.jpg", papers.picture(papers.receipt_lines(3)))
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Castellan"))
    wait_for(browser, "its lane is gone", lambda: not texts(browser, ".lane"))
    seen = browser.execute_script("return window.seen")
    passed = list(dict.fromkeys(status for status, _ in seen if status in SENTENCES))
    assert passed == [sentence for sentence in SENTENCES if sentence in passed]
    assert "Running OCR..." in passed
    values = [value for _, value in seen]
    assert values == sorted(values)
    assert values[-1] == 100
    assert not complaints(browser)


def test_a_file_given_to_the_page_is_read_and_filed(house: House, browser: Chrome, tmp_path: Path) -> None:
    house.start()
    browser.get(house.address)
    scan = tmp_path / "from the phone.jpg"
    scan.write_bytes(papers.picture(papers.receipt_lines(1)))
    browser.find_element(By.ID, "files").send_keys(str(scan))
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Bakery Lindgren"))
    (paths,) = house.archived().values()
    assert (house.archive / paths[0]).read_bytes() == scan.read_bytes()
    assert not complaints(browser)


def test_a_file_given_to_the_page_is_filed_though_the_page_is_left(
    house: House, browser: Chrome, tmp_path: Path
) -> None:
    house.start()
    browser.get(house.address)
    scan = papers.write(tmp_path / "scan.jpg", papers.picture(papers.receipt_lines(1)))
    browser.find_element(By.ID, "files").send_keys(str(scan))
    house.wait_known(1)
    browser.get("about:blank")
    house.wait(lambda: house.is_quiet(1) and house.states()["scan.jpg"] == "filed", 20, "it is filed all the same")


def test_what_is_unsure_is_put_right_on_the_page_and_filed(house: House, browser: Chrome) -> None:
    house.start()
    house.drop("note.pdf", papers.pdf(["Harbour Books", "12 Market Street, London", "TOTAL GBP 9.99"]))
    browser.get(house.address)
    wait_for(browser, "it waits for a look", shown(browser, "#review li", "note.pdf"))
    assert any("date" in text.lower() for text in texts(browser, "#review .why"))
    fields = {
        label.text.split()[0]: label.find_element(By.CSS_SELECTOR, "input, select")
        for label in browser.find_elements(By.CSS_SELECTOR, "#review label")
    }
    browser.execute_script("arguments[0].value = '2024-02-29'", fields["date"])
    fields["vendor"].clear()
    fields["vendor"].send_keys("Harbour Books Ltd")
    press(browser, "#review", "File it")
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Harbour Books Ltd"))
    wait_for(browser, "nothing waits", lambda: not texts(browser, "#review li"))
    assert "2024-02-29" in texts(browser, "#filed tbody tr")[0]
    assert not complaints(browser)


def test_what_failed_says_why_and_can_be_tried_again(house: House, browser: Chrome) -> None:
    house.start()
    house.drop("broken.pdf", b"%PDF-1.4\nthis is no document at all\nstartxref\n9\n%%EOF\n")
    browser.get(house.address)
    wait_for(browser, "it has failed", shown(browser, "#failed li", "broken.pdf"))
    (reason,) = texts(browser, "#failed .bad")
    assert reason.endswith(".")
    press(browser, "#failed", "try again")
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE attempt > 2"), 20, "it was tried again")
    wait_for(browser, "it has failed again", shown(browser, "#failed li", "broken.pdf"))
    assert not complaints(browser)


def test_the_page_survives_a_restart_and_says_when_the_daemon_is_away(
    make_house: Callable[..., House], browser: Chrome
) -> None:
    house = make_house(web__port=free_port())
    house.start()
    browser.get(house.address)
    wait_for(browser, "the page is live", shown(browser, "#link", "live"))
    house.stop()
    wait_for(browser, "it says so", shown(browser, "#link", "does not answer"))
    house.start()
    wait_for(browser, "the page is live again", lambda: texts(browser, "#link") == ["live"])
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(2)))
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Harbour Books"))


def test_with_a_token_the_page_asks_for_it_and_then_works(make_house: Callable[..., House], browser: Chrome) -> None:
    house = make_house(web__token="only-for-the-tests-0123456789")
    house.start()
    browser.get(house.address)
    wait_for(browser, "it asks", lambda: browser.find_element(By.ID, "token").is_displayed())
    browser.find_element(By.ID, "token").send_keys("only-for-the-tests-0123456789")
    press(browser, "#sign-in", "Sign in")
    wait_for(browser, "the page is live", shown(browser, "#link", "live"))
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(4)))
    wait_for(browser, "it is filed", shown(browser, "#filed tbody tr", "Miller Office Supply"))


def test_the_example_in_the_docs_runs_as_it_stands_and_stops_polling(house: House, browser: Chrome) -> None:
    house.start()
    browser.get(house.address)
    content = base64.b64encode(papers.picture(papers.receipt_lines(1))).decode()
    browser.execute_script(
        "window.answers = []; const original = window.fetch;"
        "window.fetch = async (...parts) => { const response = await original(...parts);"
        " if (String(parts[0]).startsWith('/api/task/')) answers.push(await response.clone().json());"
        " return response; };"
    )
    error = browser.execute_async_script(RUN_EXAMPLE.replace("EXAMPLE", EXAMPLES[0]), content)
    assert error is None
    answers = "return window.answers"
    wait_for(
        browser, "the task has ended", lambda: (browser.execute_script(answers) or [{}])[-1].get("state") == "SUCCESS"
    )
    before = browser.execute_script(answers)
    browser.execute_async_script("setTimeout(arguments[0], 2500)")
    assert browser.execute_script(answers) == before
    assert before[-1]["result"]["data"]["amount"] == 7.53
    assert {answer["state"] for answer in before[:-1]} <= {"PENDING", "PROCESSING", "SUCCESS"}


def test_an_event_source_hears_every_sentence_in_order_across_a_restart(
    make_house: Callable[..., House], browser: Chrome
) -> None:
    house = make_house(web__port=free_port())
    house.start()
    browser.get(house.address)
    browser.execute_script(
        "window.heard = []; window.resets = 0; window.source = new EventSource('/api/events');"
        "source.onmessage = ({data}) => heard.push(JSON.parse(data)); source.addEventListener('reset', () => resets++);"
    )
    wait_for(browser, "it is connected", lambda: browser.execute_script("return source.readyState") == 1)
    house.drop("before.jpg", papers.picture(papers.receipt_lines(1)))
    heard = "return window.heard"
    ended = "return window.heard.filter(({state}) => state === 'SUCCESS').length"
    wait_for(browser, "the first is filed", lambda: browser.execute_script(ended) == 1)
    house.drop("across.jpg", papers.picture(papers.receipt_lines(2)))
    wait_for(
        browser,
        "the second is known",
        lambda: any(each["file"] == "across.jpg" for each in browser.execute_script(heard)),
    )
    house.kill(everything=True)
    house.start()
    wait_for(browser, "the second is filed", lambda: browser.execute_script(ended) == 2)
    events = browser.execute_script(heard)
    statuses = [each["status"] for each in events if each["file"] == "before.jpg"]
    assert [status for status in dict.fromkeys(statuses) if status in SENTENCES] == list(SENTENCES)
    written = [row["id"] for row in house.rows("SELECT id FROM events ORDER BY id")]
    assert [each["id"] for each in events] == written
    assert browser.execute_script("return window.resets") == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_page_says_which_folder_is_away(house: House, browser: Chrome) -> None:
    house.start()
    house.archive.rename(house.root / "away")
    browser.get(house.address)
    wait_for(browser, "it names the folder", shown(browser, "#trouble", "The archive folder is not there"))
