"""`expensed vendors`: names that mean the same seller are offered, merged and separated, and survive the ledger."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_learning import find, read_one
from tests.e2e.test_rebuild import lose_ledger

OLD = "NORDLICHT COFFEE"


def run(house: House, *arguments: str, code: int = 0) -> str:
    done = house.run("vendors", *arguments)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def list_vendors(house: House) -> dict[str, dict[str, Any]]:
    found = json.loads(run(house, "list", "--json"))
    return {each["name"]: each for each in found["vendors"]}


def vendor_of(house: House, number: int, count: int, heading: str = OLD) -> str:
    read = read_one(house, number, count, papers.receipt_lines(number, heading))
    return str(read["data"]["vendor"])


def test_a_renamed_seller_is_read_so_from_then_on_and_moved_only_on_request(house: House) -> None:
    house.start()
    assert run(house) == "Nothing is filed yet.\n"
    assert vendor_of(house, 1, 1) == OLD
    before = find(house, "1.pdf")
    assert run(house, "rename", OLD, "Nordlicht").startswith(
        f"What is read as {OLD} is called Nordlicht from now on.\n"
    )
    assert vendor_of(house, 2, 2) == "Nordlicht"
    second = find(house, "2.pdf")
    assert second["data"]["fields"]["vendor"]["read_as"] == OLD
    assert find(house, "1.pdf")["path"] == before["path"], "what is filed stays as it is"
    shown = list_vendors(house)
    assert shown.keys() == {"Nordlicht"}, "and is listed as of one seller"
    assert (shown["Nordlicht"]["documents"], shown["Nordlicht"]["aliases"]) == (2, [OLD])
    assert f"2  Nordlicht (also {OLD}): " in run(house, "list", "nordl")

    moved = run(house, "rename", OLD, "Nordlicht", "--move")
    path = before["path"].replace("NORDLICHT-COFFEE", "Nordlicht")
    assert f"{before['document_id']}: now {path}\n" in moved
    assert (find(house, "1.pdf")["data"]["vendor"], find(house, "1.pdf")["path"]) == ("Nordlicht", path)
    assert house.run("undo").returncode == 0
    assert find(house, "1.pdf")["path"] == before["path"], "each move is a correction and can be undone"
    assert house.check().returncode == 0


def test_merged_names_survive_the_loss_of_the_ledger_until_they_are_separated(house: House) -> None:
    house.start()
    assert vendor_of(house, 1, 1) == OLD
    run(house, "alias", "Nordlicht", OLD)
    run(house, "merge", "Nordlicht", "Northern Light")
    run(house, "alias", "Nordlicht", "Bakery Lindgren")
    run(house, "separate", "Bakery Lindgren")
    names = house.rows("SELECT * FROM vendor_names ORDER BY key")
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    assert house.rows("SELECT * FROM vendor_names ORDER BY key") == names
    assert vendor_of(house, 2, 2) == "Northern Light"
    assert vendor_of(house, 3, 3, "Bakery Lindgren") == "Bakery Lindgren"
    run(house, "separate", OLD)
    assert vendor_of(house, 4, 4) == OLD
    assert "is not another name of a seller.\n  `expensed vendors` lists" in run(house, "separate", "Nobody", code=1)
    assert run(house, "merge", OLD, code=2)
    assert house.check().returncode == 0


def test_names_that_are_probably_one_seller_are_offered_with_the_command(house: House) -> None:
    house.start()
    read_one(house, 1, 1)
    second = read_one(house, 2, 2)
    house.patch(f"/api/documents/{second['document_id']}", {"vendor": "Nordlicht Coffee GmbH"})
    said = run(house)
    assert "These may be the same seller:\n" in said
    assert "expensed vendors merge -- " in said or "vendors merge -- " in said
    (offer,) = json.loads(run(house, "list", "--json"))["offers"]
    assert {offer["name"], offer["into"]} == {OLD, "Nordlicht Coffee GmbH"}
    run(house, "merge", "--", offer["name"], offer["into"])
    assert json.loads(run(house, "list", "--json"))["offers"] == []
