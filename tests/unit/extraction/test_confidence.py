"""Probabilities come from one file of numbers; candidates are reported only on request."""

from dataclasses import replace
from datetime import date

import pytest
from tests.documents.readings import make_reading
from tests.documents.samples import TILL_RECEIPT

from expensed.extraction.confidence import fitted_weights, probability
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))


def test_every_field_has_a_number_for_each_of_its_features():
    findings = extract_expense(make_reading(*TILL_RECEIPT), OPTIONS)
    for name in ("vendor", "amount", "date", "currency", "category"):
        field = findings.fields[name]
        assert set(field.features) >= set(fitted_weights()[name]) - {"bias"}
        assert 0.0 < probability(name, dict(field.features)) < 1.0


@pytest.mark.parametrize("name", ["amount", "date", "vendor", "currency", "category"])
def test_a_clear_lead_makes_surer_and_nothing_makes_certain(name):
    names = set(fitted_weights()[name]) - {"bias"}
    weak = probability(name, dict.fromkeys(names, 0.0))
    clear = {"score": 9.0, "lead": 4.0, "odds": 5.0, "chance": 5.0}
    strong = probability(name, dict.fromkeys(names, 0.0) | {key: clear[key] for key in names & clear.keys()})
    assert weak < strong < 1.0


def test_other_weights_can_be_given():
    weights = {name: dict(own) | {"bias": -30.0} for name, own in fitted_weights().items()}
    doubted = extract_expense(make_reading(*TILL_RECEIPT), replace(OPTIONS, weights=weights))
    assert doubted.probability < 0.01
    assert doubted.expense.confidence == 0
    assert doubted.expense.needs_review


def test_choices_are_told_only_where_asked_for():
    assert not extract_expense(make_reading(*TILL_RECEIPT), OPTIONS).choices
    findings = extract_expense(make_reading(*TILL_RECEIPT), replace(OPTIONS, explain=True))
    best = findings.choices["amount"][0]
    assert (best.value, best.page) == ("13.00", 1)
    assert any(proof.startswith("change: cash") for proof in best.proofs)
    assert findings.choices["date"][0].value == "2024-03-17"
    assert findings.choices["amount"][0].score > findings.choices["amount"][1].score
