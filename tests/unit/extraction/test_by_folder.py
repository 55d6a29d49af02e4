"""What a subfolder of the inbox says of a document."""

import pytest
from msgspec import UNSET

from expensed.extraction.by_folder import follow_folder
from expensed.model.categories import STANDARD
from expensed.model.expense import Evidence, Expense

READ = Expense(category="Other", confidence=90, fields={"category": Evidence(value="Other", confidence=0.3)})


@pytest.mark.parametrize(
    ("folder", "category"),
    [("Travel", "Travel & Lodging"), ("travel & lodging", "Travel & Lodging"), ("Hobby", "Hobby")],
)
def test_a_category_is_a_known_one_or_a_new_one_of_that_name(folder, category):
    found = follow_folder(READ, folder, "category", STANDARD)
    assert found.category == category
    assert found.fields["category"] == Evidence(
        value=category, confidence=1.0, proof="the folder it was dropped into", read_as="Other"
    )


def test_a_payer_or_a_project_is_the_name_on_one_line():
    found = follow_folder(READ, "Anna\n B", "payer", STANDARD)
    assert (found.payer, found.category, found.fields["payer"].read_as) == ("Anna B", "Other", UNSET)
    assert follow_folder(READ, "Roof 2024", "project", STANDARD).project == "Roof 2024"


@pytest.mark.parametrize(("folder", "meaning"), [("Hobby", "nothing"), (None, "category"), ("\u200e", "category")])
def test_without_a_meaning_or_a_name_nothing_is_said(folder, meaning):
    assert follow_folder(READ, folder, meaning, STANDARD) is READ


def test_what_was_read_before_anything_was_learnt_stays_known():
    learnt = Expense(category="B", confidence=1, fields={"category": Evidence(value="B", confidence=1, read_as="A")})
    assert follow_folder(learnt, "Hobby", "category", STANDARD).fields["category"].read_as == "A"
