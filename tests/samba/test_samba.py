"""A person on another machine works in the folders through a Samba share, as `pytest tests/samba` shows on request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_folder import BROKEN, FILED, ODD, RECEIPT, check, wait_at
from tests.samba.conftest import Share

Write = Callable[[str, bytes], Path]


def put(share: Share, path: Path, name: str) -> None:
    share.do("cd inbox", f'put "{path}" "{name}"')


def test_a_document_is_dropped_corrected_and_discarded_over_the_share(house: House, share: Share, local: Write) -> None:
    house.start()
    put(share, local("plain.pdf", RECEIPT), "plain.pdf")
    wait_at(house, FILED)
    share.do("cd archive", 'mkdir "2024/Other"', f'rename "{FILED}" "{FILED.replace("Groceries", "Other")}"')
    wait_at(house, FILED.replace("Groceries", "Other"))
    before, after = FILED.replace("Groceries", "Other"), "2024/Other/2024-03-14_Lindgren_8,10-gbp.pdf"
    share.do("cd archive", f'rename "{before}" "{after}"')
    wait_at(house, "2024/Other/2024-03-14_Lindgren_8.10-GBP.pdf")
    share.do(
        "cd archive", "mkdir _discarded", 'rename "2024/Other/2024-03-14_Lindgren_8.10-GBP.pdf" "_discarded/x.pdf"'
    )
    wait_at(house, "_discarded/x.pdf", "discarded")
    check(house)


def test_a_document_in_review_is_filed_and_a_failed_one_retried_over_the_share(
    house: House, share: Share, local: Write
) -> None:
    house.start()
    put(share, local("odd.pdf", ODD), "odd.pdf")
    put(share, local("broken.pdf", BROKEN), "broken.pdf")
    house.wait_for(odd="review", broken="failed")
    share.do("cd archive", 'rename "_review/odd.pdf" "_review/2024-05-06_The Odd Shop_4,5-EUR.pdf"')
    house.wait(lambda: house.is_quiet() and house.states()["odd.pdf"] == "filed", 20, "it is filed")
    share.do('rename "archive/_failed/broken.pdf" "inbox/broken.pdf"')
    tries = "SELECT 1 FROM attempts WHERE step = 'extract_document' AND outcome = 'failed'"
    house.wait(lambda: len(house.rows(tries)) == 2 and house.is_quiet(2), 20, "it was tried twice")
    check(house)


def test_a_copy_and_a_deletion_are_a_move_in_two_steps_and_a_killed_daemon_finds_it(
    house: House, share: Share, local: Write
) -> None:
    house.start()
    put(share, local("plain.pdf", RECEIPT), "plain.pdf")
    wait_at(house, FILED)
    house.kill(everything=True)
    target = FILED.replace("Groceries", "Other")
    share.do("cd archive", 'mkdir "2024/Other"', f'put "{local("again.pdf", RECEIPT)}" "{target}"', f'del "{FILED}"')
    house.start()
    wait_at(house, target)
    check(house)


def test_an_editor_on_the_share_saves_other_bytes_which_are_named(house: House, share: Share, local: Write) -> None:
    house.start()
    put(share, local("plain.pdf", RECEIPT), "plain.pdf")
    wait_at(house, FILED)
    edited = local("edited.pdf", papers.pdf(papers.receipt_lines(2)))
    share.do("cd archive", f'put "{edited}" "{FILED}.new"', f'del "{FILED}"', f'rename "{FILED}.new" "{FILED}"')
    house.wait(lambda: "Its bytes are not those" in house.run("status").stdout, 20, "it is named")
    assert house.states() == {"plain.pdf": "filed"}
