"""The fields of an expense are declared in one place: one added there appears wherever an expense is shown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.e2e import papers
from tests.e2e.house import ROOT, House

DECLARATION = ("expensed/model/expense.py", "    invoice_number: str | None = None\n", "    till: str | None = None\n")
FINDING = ("expensed/extraction/expense.py", "        legal_form=_legal_form(fields", '        till="Till 4",\n')


def add_line(sources: Path, file: str, anchor: str, line: str) -> None:
    path = sources / file
    before, found, after = path.read_text("utf-8").partition(anchor)
    assert found
    path.write_text(f"{before}{line}{found}{after}", "utf-8")


def test_a_new_field_is_declared_once_and_found_wherever_an_expense_is_shown(house: House, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(ROOT / "daemon", sources, ignore=shutil.ignore_patterns("__pycache__"))
    add_line(sources, *DECLARATION)
    add_line(sources, *FINDING)
    environment = {"PYTHONPATH": str(sources)}
    house.start(fresh=True, extra=environment)
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)

    ((path,),) = house.archived().values()
    assert json.loads((house.archive / f"{path}.json").read_text("utf-8"))["result"]["till"] == "Till 4"
    (row,) = house.get("/api/documents")["documents"]
    assert row["till"] == "Till 4"
    assert house.get(f"/api/documents/{row['document_id']}")["data"]["till"] == "Till 4"
    schemas = house.get("/api/openapi.json")["components"]["schemas"]
    for name in ("Expense", "DocumentRow"):
        assert "till" in schemas[name]["properties"]
        assert "till" in schemas[name]["required"]
    shown = house.run("show", row["document_id"], fresh=True, extra=environment).stdout
    assert any(line.split() == ["till", "Till", "4"] for line in shown.splitlines()), shown
    (line,) = house.run("export", "--format", "jsonl", fresh=True, extra=environment).stdout.splitlines()
    assert json.loads(line)["till"] == "Till 4"
