"""`expensed review` in a terminal, as a person uses it, against a daemon."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.terminal import Terminal

ARROW_UP = "\x1b[A"


def with_two_totals(number: int) -> list[str]:
    """Return a receipt with its own total and a larger one that nothing explains."""
    total = (750 + 3 * number) / 100
    return [
        *papers.receipt_lines(number)[:5],
        f"TOTAL           GBP {total:.2f}",
        f"TOTAL           GBP {30 + total:.2f}",
    ]


def without_date(number: int) -> list[str]:
    return [line for line in papers.receipt_lines(number) if not line.startswith("Date")]


def without_sign(number: int) -> list[str]:
    return [line.replace("GBP ", "$").replace("London", "") for line in papers.receipt_lines(number)]


def without_seller(number: int) -> list[str]:
    return papers.receipt_lines(number)[2:]


@contextmanager
def reviewing(house: House, *options: str, columns: int = 80, rows: int = 24, **extra: str) -> Iterator[Terminal]:
    """Run the command in a terminal without colours."""
    port = house.address.rpartition(":")[2]
    environment = {**house.environment, "EXPENSED_WEB__PORT": port, "TERM": "xterm", "NO_COLOR": "1", **extra}
    terminal = Terminal(
        [sys.executable, "-m", "expensed", "review", *options], house.root, environment, columns=columns, rows=rows
    )
    try:
        yield terminal
    finally:
        terminal.close()


def answer(terminal: Terminal, answers: Mapping[str, Callable[[Terminal], None]]) -> None:
    """Answer each document as its name says, in the order in which they come up."""
    left = dict(answers)
    while left:
        screen = terminal.wait_for("Enter file")
        file = screen.partition(".pdf")[0].strip()
        left.pop(file)(terminal)
        if left:
            terminal.wait_for_other(file)


def press(*keys: str) -> Callable[[Terminal], None]:
    return lambda terminal: terminal.press("".join(keys))


def test_ten_documents_are_settled_with_a_few_keys_each(shared_house: House) -> None:
    house = shared_house
    house.drop("first.pdf", papers.pdf(papers.receipt_lines(4)))
    house.wait_for(first="filed")
    like_first = [line.removesuffix(" 10:24") for line in papers.receipt_lines(4)][:-1]
    waiting = {
        "right": with_two_totals(1), "other": with_two_totals(2), "undated": without_date(3), "again": like_first,
        "letter": without_seller(5), "later": without_sign(6), "dollars": without_sign(7), "back": without_seller(8),
        "unclear": without_date(9), "renamed": with_two_totals(10),
    }  # fmt: skip
    for name, lines in waiting.items():
        house.drop(f"{name}.pdf", papers.pdf(lines))
    house.wait_for(**dict.fromkeys(waiting, "review"))

    before = {each["file"]: each["fields"] for each in house.get("/api/review")["documents"]}

    def undo_and_type(terminal: Terminal) -> None:
        terminal.press("x")
        terminal.wait_for("Discarded as _discarded/back.pdf.")
        terminal.press("u")
        terminal.wait_for("back.pdf waits again.", "No seller was found.")
        terminal.press("eHarbour Books\r")
        terminal.wait_for("Harbour Books  yours")
        terminal.press("\r")

    def be_refused(terminal: Terminal) -> None:
        terminal.press("e3/4/2024\r\r")
        terminal.wait_for("date may mean 3 April 2024 or 4 March 2024")
        terminal.press("e2024-04-03\r\r")

    with reviewing(house) as terminal:
        answer(
            terminal,
            {
                "right": press("\r"), "other": press("1", "\r"), "undated": press("e14.3.2024\r", "\r"),
                "again": press("d"), "letter": press("x"), "later": press("s"), "dollars": press("2", "a"),
                "back": undo_and_type, "unclear": be_refused, "renamed": press("\t\teNordlicht\r", "\r"),
            },
        )  # fmt: skip
        terminal.wait_for("No other document waits.")
        terminal.press("q")
        assert terminal.end() == 0
    assert "Filed 7, discarded 2, skipped 1; 1 waits in review." in terminal.screen
    filed = dict.fromkeys(("right", "other", "undated", "dollars", "back", "unclear", "renamed"), "filed")
    house.wait_for(first="filed", again="discarded", letter="discarded", later="review", **filed)
    said = {name: house.get(f"/api/documents/{house.find_id(f'{name}.pdf')}")["data"] for name in filed}
    assert f"{said['right']['amount']}" == before["right.pdf"]["amount"]["value"]
    assert f"{said['other']['amount']}" == before["other.pdf"]["amount"]["candidates"][0]["value"]
    assert said["dollars"]["currency"] == before["dollars.pdf"]["currency"]["candidates"][1]["value"]
    assert (said["undated"]["date"], said["unclear"]["date"]) == ("2024-03-14", "2024-04-03")
    assert (said["back"]["vendor"], said["renamed"]["vendor"]) == ("Harbour Books", "Nordlicht")
    assert all(not each["candidates"] for each in said.values())
    again = house.get(f"/api/documents/{house.find_id('again.pdf')}")
    assert again["discarded"]["duplicate_of"] == house.find_id("first.pdf")


def test_a_daemon_that_goes_away_is_named_and_nothing_is_lost(house: House) -> None:
    house.settings["web__port"] = 0
    house.start()
    house.settings["web__port"] = house.address.rpartition(":")[2]
    house.drop("two.pdf", papers.pdf(with_two_totals(2)))
    house.wait_for(two="review")
    with reviewing(house) as terminal:
        terminal.wait_for("two.pdf", "Also on the paper: 37.56.")
        terminal.press("1")
        terminal.wait_for("37.56  yours")
        house.stop()
        terminal.press("\r")
        terminal.wait_for("No expensed daemon answers", "37.56  yours")
        house.start()
        terminal.press("\r")
        terminal.wait_for("Filed as ", "No other document waits.")
        terminal.press("q")
        assert terminal.end() == 0
    assert "Filed 1; nothing waits in review." in terminal.screen
    assert house.find_path("two.pdf").endswith("_37.56-GBP.pdf")


def test_the_place_of_a_value_is_shown_where_the_terminal_can(shared_house: House) -> None:
    house = shared_house
    house.drop("seen.pdf", papers.pdf(with_two_totals(20)))
    house.wait_for(seen="review")
    with reviewing(house, rows=40, TERM="xterm-kitty") as terminal:
        terminal.wait_for("seen.pdf")
        terminal.press("q")
        assert terminal.end() == 0
    assert "\x1b_Ga=T,f=100" in terminal.output
    with reviewing(house, rows=40) as terminal:
        terminal.wait_for("seen.pdf")
        terminal.press("q")
        assert terminal.end() == 0
    assert "\x1b_G" not in terminal.output


def test_what_was_done_last_is_taken_back_although_nothing_else_waits(house: House) -> None:
    house.start()
    house.drop("last.pdf", papers.pdf(without_seller(30)))
    house.wait_for(last="review")
    with reviewing(house) as terminal:
        terminal.wait_for("last.pdf")
        for keys, name in (("x", "Discarded as"), ("eHarbour Books\r\r", "Filed as")):
            terminal.press(keys)
            terminal.wait_for(name, "No other document waits.", "u undoes")
            terminal.press("u")
            terminal.wait_for("last.pdf waits again.", "No seller was found.")
        terminal.wait_for("Harbour Books  yours")
        terminal.press("q")
        assert terminal.end() == 0
    house.wait_for(last="review")


def test_what_is_typed_replaces_a_value_or_edits_it_and_the_arrow_shows_what_was_refused(shared_house: House) -> None:
    house = shared_house
    house.drop("typed.pdf", papers.pdf(with_two_totals(21)))
    house.wait_for(typed="review")
    with reviewing(house) as terminal:
        terminal.wait_for("typed.pdf", "> amount")
        terminal.press("e12.34\r")
        terminal.wait_for("amount    12.34  yours")
        terminal.press(f"\te{ARROW_UP}99\r\r")
        terminal.wait_for("date must be", "> date")
        terminal.press("e1.2.2024\r\tq")
        terminal.wait_for("not filed yet", "q again leaves")
        terminal.press("q")
        assert terminal.end() == 0
    assert shared_house.states()["typed.pdf"] == "review"


def test_without_a_terminal_it_names_the_other_ways(shared_house: House) -> None:
    done = shared_house.run("review")
    assert done.returncode == 2
    assert "GET /api/review" in done.stderr
    assert "expensed file ID" in done.stderr


def test_when_nothing_waits_it_says_so(house: House) -> None:
    house.start()
    with reviewing(house) as terminal:
        assert terminal.end() == 0
    assert "Nothing waits in review." in terminal.screen
