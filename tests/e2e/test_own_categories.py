"""Categories of one's own: from the settings to the archive, the evidence, the commands and the books."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House

OWN = {
    "Breakfast": {"words": ["sandwich", "coffee beans"]},
    "Reading": {"sellers": ["Harbour Books"]},
    "Tools": {"instead_of": "Equipment & Hardware"},
}


def paper(vendor: str, *items: str, number: int = 1) -> bytes:
    return papers.pdf(
        [vendor, "12 Market Street, London", "Date: 2024-03-14 10:24", *items, f"TOTAL GBP {number}.53",
         "CASH GBP 20.00", f"CHANGE GBP {19 - number}.47", f"Receipt no. {number:05d}"]
    )  # fmt: skip


def data_of(house: House, file: str) -> dict[str, Any]:
    found: dict[str, Any] = house.get(f"/api/documents/{house.find_id(file)}")["data"]
    return found


def test_documents_are_filed_under_the_categories_of_the_settings(make_house: Callable[..., House]) -> None:
    house = make_house(categories__own=json.dumps(OWN))
    house.start()
    house.drop("words.pdf", paper("Nordlicht Coffee", "Sandwich GBP 1.53", number=1))
    house.drop("seller.pdf", paper("HARBOUR BOOKS Ltd", "Sandwich GBP 2.53", number=2))
    house.drop("called.pdf", paper("Castellan Hardware", "Holzschrauben GBP 3.53", number=3))
    house.drop("other.pdf", paper("Bakery Lindgren", "Rye loaf GBP 4.53", number=4))
    house.wait_for(words="filed", seller="filed", called="filed", other="filed")

    assert house.find_path("words.pdf").startswith("2024/Breakfast/2024-03-14_")
    assert data_of(house, "words.pdf")["fields"]["category"]["proof"] == (
        '"sandwich" is a word of Breakfast by the settings'
    )
    assert data_of(house, "seller.pdf")["fields"]["category"]["proof"] == (
        "Harbour Books is a seller of Reading by the settings"
    )
    assert [data_of(house, f"{name}.pdf")["category"] for name in ("seller", "called", "other")] == [
        "Reading", "Tools", "Groceries"
    ]  # fmt: skip
    assert '"sandwich" is a word of Breakfast' in house.run("show", house.find_id("words.pdf")).stdout
    entries = house.run("export", "--format", "beancount").stdout
    assert "Expenses:Breakfast  1.53 GBP" in entries

    # a person's word on one document teaches, and what was learnt comes before the settings
    done = house.run("file", house.find_id("seller.pdf"), "--category", "breakf")
    assert done.returncode == 0, done.stderr
    house.drop("again.pdf", paper("HARBOUR BOOKS Ltd", "Atlas GBP 5.53", number=5))
    house.wait_for(again="filed")
    assert data_of(house, "again.pdf")["category"] == "Breakfast"
    refused = house.run("file", house.find_id("other.pdf"), "--category", "Snacks")
    assert refused.returncode != 0
    assert "--category must be one of" in refused.stderr
    offered = house.run(extra={"_EXPENSED_COMPLETE": "bash_complete", "COMP_WORDS": "expensed file x --category b",
                               "COMP_CWORD": "4"}).stdout  # fmt: skip
    assert {line.partition(",")[2] for line in offered.splitlines()} == {"Breakfast", "Books"}
    assert house.check().returncode == 0


def test_new_settings_judge_what_is_read_again(make_house: Callable[..., House]) -> None:
    house = make_house(categories__own=json.dumps({"Food": {"instead_of": "Groceries"}}))
    house.start()
    house.drop("a.pdf", paper("Bakery Lindgren", "Rye loaf GBP 4.53", number=4))
    house.wait_for(a="filed")
    assert house.find_path("a.pdf").startswith("2024/Food/")
    house.stop()
    house.settings["categories__own"] = json.dumps({"Bread": {"words": ["rye loaf"]}})
    house.start()
    compared = house.run("reread", house.find_id("a.pdf"))
    assert "Bread" in compared.stdout, compared.stdout + compared.stderr
    house.run("reread", "--apply", house.find_id("a.pdf"))
    house.wait_quiet(1)
    assert house.find_path("a.pdf").startswith("2024/Bread/")
    assert house.check().returncode == 0
