"""A paper is harmed if it is filed wrongly once it is misread, and was not before."""

from pathlib import Path

from benchmarks.labels import Labelled
from benchmarks.learn.papers import Paper
from benchmarks.misreading import Habits, Misreader
from benchmarks.robustness import find_faults, find_harms, misread, show
from tests.documents.readings import make_reading

LINES = (
    "Lindenhof Books Ltd", "London EC1A 1BB", "14/03/2024 10:11", "Pen | £20.00", "Pad | £10.00", "Total | £30.00",
    "Cash | £50.00", "Change | £20.00",
)  # fmt: skip
LABEL = {"vendor": "Lindenhof Books", "amount": "30.00", "date": "2024-03-14"}
EXACT = Misreader(Habits({}), 0.0, 0.0, 0.0)


def make_paper(**label):
    return Paper("receipts", Labelled(Path("a.jpg"), {**LABEL, **label}), [make_reading(*LINES)])


def faults(paper):
    return find_faults(paper, paper.understand())


def test_a_paper_filed_rightly_has_no_fault():
    assert not faults(make_paper())


def test_a_paper_filed_wrongly_has_its_fields():
    assert faults(make_paper(amount="31.00")) == {"amount": ("30.00", "31.00")}


def test_a_paper_that_is_no_expense_should_not_be_filed():
    assert list(faults(make_paper(kind="pro_forma"))) == ["kind"]


def test_what_was_wrong_before_is_no_harm():
    assert not list(find_harms(make_paper(amount="31.00"), EXACT, 2))


def test_each_look_is_misread_in_its_own_way():
    paper = misread(make_paper(), Misreader(Habits({"o": {"0": 1}}), 0.5, 0.0, 0.0), 0)
    assert len({look.text for look in paper.looks}) == 3


def test_a_seller_misread_is_counted_apart():
    paper = make_paper()
    halves = Misreader(Habits({each: {"x": 1} for each in "indehof"}), 0.6, 0.0, 0.0)
    harms = list(find_harms(paper, halves, 3))
    assert {each.field for each in harms} <= {"vendor"}
    assert f"receipts            1     0  (1 in more than 3)  {len(harms):4}" in show([paper], harms, 3)
