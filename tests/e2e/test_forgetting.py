"""`expensed learned` and `expensed forget`: what was taught, what it changed, and taking it away."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.house import House
from tests.e2e.test_learning import NAME, read_one
from tests.e2e.test_rebuild import lose_ledger
from tests.e2e.test_undo import read_lessons


def list_lessons(house: House) -> list[dict[str, Any]]:
    lessons: list[dict[str, Any]] = json.loads(house.run("learned", "--json").stdout)["lessons"]
    return lessons


def test_a_lesson_is_shown_with_what_it_changed_and_forgotten_with_it(house: House) -> None:
    house.start()
    assert house.run("learned").stdout.startswith("Nothing has been learned yet")
    first = read_one(house, 1, 1)
    house.patch(f"/api/documents/{first['document_id']}", {"vendor": "Nordlicht", "category": "Transport & Fuel"})
    second = read_one(house, 2, 2)
    assert (second["state"], second["data"]["vendor"]) == ("filed", "Nordlicht")
    (lesson,) = list_lessons(house)
    assert (lesson["number"], lesson["document_id"], lesson["used"]) == (1, first["document_id"], 1)
    assert {"vendor", "category"} <= set(lesson["fields"])
    assert {"kind": "read", "value": "nordlichtcoffee"} in lesson["identified_by"]
    line = house.run("learned").stdout
    assert "Nordlicht, Transport & Fuel, from 1.pdf: used once, for category, vendor" in line
    shown = house.run("learned", "1").stdout
    assert "  the name, read as nordlichtcoffee\n" in shown
    assert f"  {second['document_id']} (filed): " in shown
    assert f"vendor from {NAME} to Nordlicht" in shown

    forgotten = house.run("forget", "1", "--undo")
    assert forgotten.returncode == 0, forgotten.stderr
    assert forgotten.stdout.startswith("Lesson 1 is forgotten: Nordlicht.\n")
    assert f"{second['document_id']}: took back: Filed as {second['path']}." in forgotten.stdout
    assert house.states() == {"1.pdf": "filed", "2.pdf": "review"}
    assert "(forgotten)" in house.run("learned").stdout
    third = read_one(house, 3, 3)
    assert third["data"]["vendor"] == NAME
    read_lessons(house)  # sidecars and ledger agree
    again = json.loads(house.run("forget", "1", "--json").stdout)
    assert (again["lesson"]["forgotten_at"], again["undone"]) == (list_lessons(house)[0]["forgotten_at"], None)
    unknown = house.run("forget", "99")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "expensed: There is no lesson 99.\n  `expensed learned` lists all lessons.\n",
    )
    assert house.check().returncode == 0


def test_what_is_forgotten_stays_so_without_the_ledger_and_a_new_word_or_an_undo_brings_it_back(house: House) -> None:
    house.start()
    first = read_one(house, 1, 1)
    house.patch(f"/api/documents/{first['document_id']}", {"vendor": "Nordlicht"})
    taught = read_lessons(house)
    lesson = house.rows("SELECT told FROM lessons")
    assert house.run("forget", "1").returncode == 0
    entry = house.get("/api/journal")["entries"][0]
    assert (entry["kind"], entry["sentence"]) == ("forget", "Forgot what it teaches: Nordlicht.")
    assert house.run("undo").returncode == 0
    assert (house.rows("SELECT told FROM lessons"), read_lessons(house)) == (lesson, taught)
    assert read_one(house, 2, 2)["data"]["vendor"] == "Nordlicht"
    assert house.run("undo", "--entry", str(house.get("/api/journal?limit=2")["entries"][1]["number"])).returncode == 0
    forgotten = house.rows("SELECT told, forgotten_at FROM lessons")
    assert forgotten[0]["forgotten_at"] is not None
    house.stop()
    lose_ledger(house)
    assert house.run("rebuild").returncode == 0
    house.start()
    assert house.rows("SELECT told, forgotten_at FROM lessons") == forgotten
    assert house.run("reread", "--apply", first["document_id"]).returncode == 0
    assert read_one(house, 3, 3)["data"]["vendor"] == NAME
    house.patch(f"/api/documents/{first['document_id']}", {"vendor": "Nordlicht GmbH"})
    assert read_one(house, 4, 4)["data"]["vendor"] == "Nordlicht GmbH"
    assert house.check().returncode == 0
