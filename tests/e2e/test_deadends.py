"""Nothing leads nowhere: uploads that nobody follows, notes, settings that change, and attempts as a person counts."""

from __future__ import annotations

from tests.e2e import papers
from tests.e2e.house import House

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


def drop(house: House, name: str, number: int) -> bytes:
    """Drop the receipt of that number and return its bytes."""
    return house.drop(f"{name}.pdf", papers.pdf(papers.receipt_lines(number))).read_bytes()


def test_an_upload_to_be_filed_goes_on_like_a_drop_whoever_leaves(shared_house: House) -> None:
    house, receipt = shared_house, papers.pdf(papers.receipt_lines(1))
    answer = house.upload("sure.pdf", receipt, "?file=1")
    assert (answer["http"], answer["file_id"]) == (200, house.find_id("sure.pdf"))
    house.upload("odd.pdf", papers.pdf(["Thank you for your visit"]), "?file=1")
    house.wait_for(sure="filed", odd="review")
    house.upload("twin.pdf", receipt, "?file=1")
    house.wait_for(twin="duplicate")
    task = house.get(f"/api/task/{answer['task_id']}")
    assert (task["state"], task["result"]["path"]) == ("SUCCESS", house.find_path("sure.pdf"))
    assert house.upload("both.pdf", receipt, "?file=1&extract=1")["http"] == 422
    assert not [path for path in house.claimed() if path.name in ("sure.pdf", "odd.pdf", "twin.pdf")]


def test_attempts_are_counted_as_a_person_counts(shared_house: House) -> None:
    house = shared_house
    drop(house, "plain", 2)
    house.drop("broken.pdf", b"%PDF-1.4\nthis is no document at all\nstartxref\n9\n%%EOF\n")
    house.wait_for(plain="filed", broken="failed")
    newest = {task["file"]: task for task in house.get("/api/tasks")["tasks"]}
    assert newest["plain.pdf"]["attempt"] == 1
    house.post(f"/api/task/{newest['broken.pdf']['task_id']}/retry", {})
    house.wait_for(broken="failed")
    assert "attempt 2," in house.run("show", "broken.pdf").stdout
    tried = house.get(f"/api/documents/{house.find_id('broken.pdf')}")["tasks"][0]
    assert tried["attempt"] == 2
    assert [(each["step"], each["attempt"]) for each in tried["attempts"]] == [
        ("extract_document", 1), ("process_document", 1), ("extract_document", 2), ("process_document", 2),
    ]  # fmt: skip


def test_filing_a_duplicate_names_the_one_that_counts(shared_house: House) -> None:
    house = shared_house
    drop(house, "first", 3)
    house.wait_for(first="filed")
    drop(house, "second", 3)
    house.wait_for(second="duplicate")
    refused = house.run("file", "second.pdf", "--amount", "7")
    assert refused.returncode == 1
    assert "PATCH" not in refused.stderr
    assert f"file {house.find_id('first.pdf')} --amount" in refused.stderr


def test_a_category_that_a_correction_empties_goes_and_a_folder_with_anything_in_it_stays(shared_house: House) -> None:
    house = shared_house
    drop(house, "moving", 4)
    house.wait_for(moving="filed")
    document = f"/api/documents/{house.find_id('moving.pdf')}"
    assert house.patch(document, {"date": "2019-01-02", "category": "Software & Services"})["state"] == "filed"
    assert house.patch(document, {"category": "Other"})["state"] == "filed"
    house.wait(lambda: not (house.archive / "2019/Software & Services").exists(), 10, "the empty folder is removed")
    (house.archive / "2019/Other/my list.txt").write_text("mine")
    assert house.patch(document, {"date": "2018-01-02"})["state"] == "filed"
    house.wait_for(moving="filed")
    assert [path.name for path in (house.archive / "2019/Other").iterdir()] == ["my list.txt"]


def test_a_note_in_which_a_person_wrote_is_not_replaced(shared_house: House) -> None:
    house = shared_house
    house.drop("noted.pdf", papers.pdf(["Please come again"]))
    house.wait_for(noted="review")
    note = house.archive / "_review/noted.pdf.why.txt"
    note.write_text(note.read_text() + "Ask Anna.\n")
    assert house.post(f"/api/documents/{house.find_id('noted.pdf')}/reread", {})["http"] == 202
    house.wait_for(noted="review")
    assert note.read_text().endswith("Ask Anna.\n")


def test_with_other_settings_documents_are_judged_again_and_what_was_entered_stays(house: House) -> None:
    """One in review is filed, as its note says; one that is filed is only compared, unless it is to be changed."""
    house.settings["reading__workers"] = 1
    house.start()
    house.drop("dollars.pdf", DOLLARS)
    house.wait_for(dollars="review")
    document_id = house.find_id("dollars.pdf")
    note = (house.archive / "_review/dollars.pdf.why.txt").read_text()
    assert "extraction.default_currency" in note
    assert f"reread {document_id}\n" in note
    restart(house, extraction__default_currency="USD")
    done = house.run("reread", "--review")
    filed_as = "2024/Groceries/2024-03-14_{}_7.53-{}.pdf"
    assert done.stdout == f"{document_id}: filed as {filed_as.format('Bakery-Lindgren', 'USD')}\n", done.stderr
    house.patch(f"/api/documents/{document_id}", {"vendor": "My Baker"})
    restart(house, extraction__default_currency="CAD")
    compared = house.run("reread", "--all")
    assert compared.stdout.splitlines() == [
        f"{document_id}: currency would change from USD to CAD",
        "Nothing that is filed was changed; --apply changes it.",
    ], compared.stderr
    assert house.find_path("dollars.pdf") == filed_as.format("My-Baker", "USD")
    applied = house.run("reread", document_id, "--apply")
    assert applied.stdout == f"{document_id}: filed as {filed_as.format('My-Baker', 'CAD')}\n", applied.stderr
    house.wait_for(dollars="filed")
    assert [*house.archived().values()] == [[filed_as.format("My-Baker", "CAD")]]
    assert house.check().returncode == 0, house.check().stdout


def restart(house: House, **settings: object) -> None:
    """Start the daemon again with other settings."""
    house.stop()
    house.settings |= settings
    house.start()
