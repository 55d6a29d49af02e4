"""Nothing leads nowhere: uploads that nobody follows, notes, settings that change, and attempts as a person counts."""

from __future__ import annotations

from tests.e2e import papers
from tests.e2e.house import House

RECEIPT = papers.pdf(papers.receipt_lines(1))
FILED_AS = "2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"


def find_id(house: House, file: str) -> str:
    return str(house.rows("SELECT id FROM documents WHERE file = ?", file)[0]["id"])


def test_an_upload_to_be_filed_goes_on_like_a_drop_whoever_leaves(house: House) -> None:
    house.start()
    answer = house.upload("sure.pdf", RECEIPT, "?file=1")
    assert (answer["http"], answer["file_id"]) == (200, find_id(house, "sure.pdf"))
    house.upload("odd.pdf", papers.pdf(["Thank you for your visit"]), "?file=1")
    house.wait_quiet(2)
    house.upload("twin.pdf", RECEIPT, "?file=1")
    house.wait_quiet(3)
    assert house.states() == {"sure.pdf": "filed", "odd.pdf": "review", "twin.pdf": "duplicate"}
    task = house.get(f"/api/task/{answer['task_id']}")
    assert (task["state"], task["result"]["path"]) == ("SUCCESS", FILED_AS)
    assert house.upload("both.pdf", RECEIPT, "?file=1&extract=1")["http"] == 422
    assert house.check().returncode == 0, house.check().stdout
    assert not house.claimed()


def test_attempts_are_counted_as_a_person_counts(house: House) -> None:
    house.start()
    house.drop("plain.pdf", RECEIPT)
    house.drop("broken.docx", b"no receipt at all\n")
    house.wait_quiet(2)
    assert "attempt 1," in house.run("show", "plain.pdf").stdout
    assert house.run("retry", "broken.docx").returncode == 0
    house.wait_quiet(2)
    assert "attempt 2," in house.run("show", "broken.docx").stdout
    assert {task["file"]: task["attempt"] for task in house.get("/api/tasks")["tasks"]} == {
        "plain.pdf": 1, "broken.docx": 2,
    }  # fmt: skip
    tried = house.get(f"/api/documents/{find_id(house, 'broken.docx')}")["tasks"][0]["attempts"]
    assert [(each["step"], each["attempt"]) for each in tried] == [
        ("extract_document", 1), ("process_document", 1), ("extract_document", 2), ("process_document", 2),
    ]  # fmt: skip


def test_filing_a_duplicate_names_the_one_that_counts(house: House) -> None:
    house.start()
    for name in ("a.pdf", "twin.pdf"):
        house.drop(name, RECEIPT)
        house.wait_known(1 if name == "a.pdf" else 2)
    house.wait_quiet(2)
    refused = house.run("file", "twin.pdf", "--amount", "7")
    assert refused.returncode == 1
    assert "PATCH" not in refused.stderr
    assert f"file {find_id(house, 'a.pdf')} --amount" in refused.stderr
