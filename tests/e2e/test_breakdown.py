"""Items and taxes at the terminal: shown, found, corrected line by line, exported, and kept whatever happens."""

from __future__ import annotations

import csv
import io

from tests.e2e import papers
from tests.e2e.house import House

LINES = [
    {"description": "Coffee", "quantity": 2, "unit_price": 3.5, "total": 7, "tax_mark": "A"},
    {"description": "Theodolite", "total": "0,05", "tax_mark": "B"},
]


def correct(house: House, document: str, *options: str) -> None:
    done = house.run("file", document, *options)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def show(house: House, document: str) -> str:
    shown = house.run("show", document).stdout
    assert all(len(line) <= 80 for line in shown.partition("\n  #  item")[2].partition("\n\n")[0].splitlines())
    return shown


def totals(house: House) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(house.run("export", "--items").stdout))
    return {row["description"]: row["total"] for row in rows}


def test_lines_are_corrected_as_they_are_shown_and_stay_so(house: House) -> None:
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    document = house.find_id("scan.pdf")
    amount = house.get(f"/api/documents/{document}")["data"]["amount"]
    assert house.patch(f"/api/documents/{document}", {"items": LINES, "taxes": []})["http"] == 200
    shown = show(house, document)
    assert "1  Coffee             2   3.50   7.00  A" in shown
    assert "2  Theodolite                    0.05  B  unproven" in shown
    assert house.run("search", "theodol").returncode == 0

    rest = f"{amount - 7:.2f}"
    correct(house, document, "--item", f"2:total={rest}", "--item", "2:description=Level", "--tax", "1:rate=20")
    shown = show(house, document)
    assert f"total     {amount:.2f}  proven: 2 items add up to {amount:.2f}" in shown
    assert house.run("search", "theodol").returncode == 1
    assert totals(house) == {"Coffee": "7.00", "Level": rest}
    wrong = house.run("file", document, "--item", "2:total=1,234")
    assert "--item 2:total may mean 1234 or 1.234" in wrong.stderr
    assert "there are 2 lines; 3 adds one" in house.run("file", document, "--item", "9:total=1").stderr

    assert house.run("reread", document, "--apply").returncode == 0
    house.wait_quiet(1)
    assert totals(house) == {"Coffee": "7.00", "Level": rest}
    before = house.get(f"/api/documents/{document}")
    house.stop()
    for path in house.state.glob("ledger.sqlite3*"):
        path.unlink()
    assert house.run("rebuild").returncode == 0
    house.start()
    after = house.get(f"/api/documents/{document}")
    assert (after["data"], after["corrections"]) == (before["data"], before["corrections"])
    assert house.run("search", "level").returncode == 0

    correct(house, document, "--item", "1:remove")
    assert totals(house) == {"Level": rest}
    missed = f"  1 item adds up to {rest}, but the paper's total is {amount:.2f}: 7.00 more.\n"
    assert missed in show(house, document)
