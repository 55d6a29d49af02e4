"""The learnt choosers: what a model makes of features, and who is asked when the ways of choosing differ."""

from __future__ import annotations

import pytest

from expensed.extraction.candidates import Candidate
from expensed.extraction.choosing.chooser import Chooser, Model, Tree, chosen_by, load_chooser, log_odds
from expensed.extraction.choosing.put_first import put_learnt_first

STUMP = Tree((0, 0, 0), (0.5, 0.0, 0.0), (1, 1, 2), (2, 1, 2), (0.0, -1.0, 2.0))
"""Below 0.5 it says -1, above it 2."""


def model(weight=0.0, trees=()):
    return Chooser(Model(("size",), (weight,), tuple(trees)))


def candidates(*sizes):
    return [Candidate("amount", size, 0.0, described={"size": size}) for size in sizes]


def test_the_chances_of_a_documents_candidates_add_up_to_one():
    choice = model(1.5, [STUMP]).choose([{"size": 0.2}, {"size": 0.9}, {}])
    assert sum(choice.logistic) == pytest.approx(1.0)
    assert sum(choice.trees) == pytest.approx(1.0)
    assert sum(choice.mean) == pytest.approx(1.0)


def test_a_feature_that_is_missing_is_zero():
    choice = model(1.0).choose([{}, {"size": 0.0}])
    assert choice.logistic == pytest.approx((0.5, 0.5))


def test_trees_go_left_up_to_their_threshold_and_add_up():
    choice = model(trees=[STUMP, STUMP]).choose([{"size": 0.5}, {"size": 0.51}])
    assert choice.trees[1] / choice.trees[0] == pytest.approx(2.718281828**6)


def test_trees_of_different_sizes_stand_side_by_side():
    leaf = Tree((0,), (0.0,), (0,), (0,), (7.0,))
    assert model(trees=[leaf, STUMP]).choose([{"size": 0.0}, {"size": 1.0}]).best == 1


def test_the_chosen_one_comes_first_and_the_others_stay_in_the_order_of_the_rules():
    with chosen_by({"amount": model(1.0, [STUMP])}):
        found = put_learnt_first(candidates(0.1, 0.3, 0.9, 0.2))
    assert [each.value for each in found] == [0.9, 0.1, 0.3, 0.2]
    assert not found[0].is_agreed


def test_what_the_rules_and_both_models_choose_is_agreed_upon():
    with chosen_by({"amount": model(1.0, [STUMP])}):
        assert put_learnt_first(candidates(0.9, 0.1))[0].is_agreed


def test_two_models_that_differ_do_not_agree():
    with chosen_by({"amount": model(-9.0, [STUMP])}):
        assert not put_learnt_first(candidates(0.9, 0.1))[0].is_agreed


def test_forms_of_one_name_agree():
    with chosen_by({"amount": model(1.0, [STUMP])}):
        found = put_learnt_first(candidates(0.8, 0.9), lambda one, other: abs(one.value - other.value) < 0.2)
    assert (found[0].value, found[0].is_agreed) == (0.9, True)


def test_of_no_candidates_none_is_chosen():
    assert put_learnt_first([]) == []


def test_another_chooser_counts_only_within_its_block():
    own = load_chooser("vendor")
    with chosen_by({"vendor": model()}):
        assert load_chooser("vendor") is not own
        assert load_chooser("amount").model.features
    assert load_chooser("vendor") is own


@pytest.mark.parametrize("field", ["amount", "vendor"])
def test_what_ships_says_what_it_was_learnt_from(field):
    made = load_chooser(field).model
    assert len(made.weights) == len(made.features) > 50
    assert made.trees
    assert set(made.made_from) == {"data", "code"}


def test_log_odds_are_bounded():
    assert log_odds(0.5) == 0.0
    assert -7 < log_odds(0.0) < log_odds(1.0) < 7
