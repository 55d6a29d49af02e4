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


DOLLARS = papers.pdf(
    [
        "Bakery Lindgren",
        "Date: 2024-03-14 10:24",
        "Coffee $3.01",
        "Sandwich $4.52",
        "TOTAL $7.53",
        "CASH $12.53",
        "CHANGE $5.00",
    ]
)


def restart(house: House, **settings: object) -> None:
    """Start the daemon again with other settings."""
    house.stop()
    house.settings |= settings
    house.start()


def test_after_a_change_of_settings_a_document_in_review_is_judged_again_as_its_note_says(house: House) -> None:
    house.start()
    house.drop("dollars.pdf", DOLLARS)
    house.wait_quiet(1)
    document_id = find_id(house, "dollars.pdf")
    note = (house.archive / "_review/dollars.pdf.why.txt").read_text()
    assert "extraction.default_currency" in note
    assert f"reread {document_id}\n" in note
    still = house.run("reread", document_id)
    assert (still.returncode, still.stdout.startswith(f"{document_id}: in review. ")) == (0, True), still.stderr
    restart(house, extraction__default_currency="USD")
    done = house.run("reread", "--review")
    assert (done.returncode, done.stdout) == (
        0, f"{document_id}: filed as 2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-USD.pdf\n",
    ), done.stderr  # fmt: skip
    assert house.check().returncode == 0, house.check().stdout


def test_what_is_filed_is_only_compared_unless_it_is_to_be_changed_and_what_was_entered_stays(house: House) -> None:
    house.settings["extraction__default_currency"] = "USD"
    house.start()
    house.drop("dollars.pdf", DOLLARS)
    house.wait_quiet(1)
    document_id = find_id(house, "dollars.pdf")
    assert house.run("file", document_id, "--vendor", "My Baker").returncode == 0
    restart(house, extraction__default_currency="CAD")
    filed_as = "2024/Groceries/2024-03-14_My-Baker_7.53-{}.pdf"
    compared = house.run("reread", "--all")
    assert compared.stdout.splitlines() == [
        f"{document_id}: currency would change from USD to CAD",
        "Nothing that is filed was changed; --apply changes it.",
    ], compared.stderr
    assert [*house.archived().values()] == [[filed_as.format("USD")]]
    applied = house.run("reread", document_id, "--apply")
    assert applied.stdout == f"{document_id}: filed as {filed_as.format('CAD')}\n", applied.stderr
    assert [*house.archived().values()] == [[filed_as.format("CAD")]]
    assert house.run("reread", document_id).stdout == f"{document_id}: nothing would change\n"
    assert house.check().returncode == 0, house.check().stdout


def test_a_category_that_a_correction_empties_goes_and_a_folder_with_anything_in_it_stays(house: House) -> None:
    house.start()
    house.drop("plain.pdf", RECEIPT)
    house.wait_quiet(1)
    document = f"/api/documents/{find_id(house, 'plain.pdf')}"
    assert house.patch(document, {"category": "Other"})["state"] == "filed"
    house.wait(lambda: not (house.archive / "2024/Groceries").exists(), 10, "the empty folder is removed")
    (house.archive / "2024/Other/my list.txt").write_text("mine")
    assert house.patch(document, {"date": "2023-01-02"})["state"] == "filed"
    house.wait_quiet(1)
    assert [path.name for path in (house.archive / "2024/Other").iterdir()] == ["my list.txt"]


def test_a_note_in_which_a_person_wrote_is_not_replaced(house: House) -> None:
    house.start()
    house.drop("odd.pdf", papers.pdf(["Thank you for your visit"]))
    house.wait_quiet(1)
    note = house.archive / "_review/odd.pdf.why.txt"
    note.write_text(note.read_text() + "Ask Anna.\n")
    assert house.run("reread", "odd.pdf").returncode == 0
    assert note.read_text().endswith("Ask Anna.\n")
    assert house.check().returncode == 0, house.check().stdout
