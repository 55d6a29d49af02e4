"""Three hundred drawn papers of the kinds on which such programs fail: at least 85 % right, none filed wrongly."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

import pytest
from benchmarks.drawn.cases import Verdict, draw_cases, judge
from benchmarks.drawn.papers import Case
from benchmarks.drawn.till_cases import draw_till_cases

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.json_text import encode

OPTIONS = ExtractionOptions(today=date(2026, 1, 1))
KINDS = (
    "01-three-decimals", "03-no-purchase", "03-cited", "04-credit-note", "05-seller-like-label", "06-other-date",
    "08-category", "14-calendar", "15-year-first", "16-yen", "17-code-beside-total", "18-carried", "19-print-time",
    "25-mail",
)  # fmt: skip
RIGHT_SHARE = 0.85


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Verdict]]:
    found: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for case in (*draw_cases(), *draw_till_cases()):
        found[case.kind][case.name] = judge(case, say(case))
    return found


def say(case: Case) -> dict[str, object]:
    expense = extract_expense(case.reading, OPTIONS).expense
    said: dict[str, object] = json.loads(encode(expense))
    return said | {"amount": expense.amount, "state": "review" if expense.needs_review else "filed"}


def test_there_are_two_hundred_and_more_of_all_kinds(verdicts):
    assert set(verdicts) == set(KINDS)
    assert sum(map(len, verdicts.values())) >= 200


def test_the_same_seed_draws_the_same_papers():
    assert draw_cases(3) == draw_cases(3)
    assert draw_cases(3) != draw_cases(4)
    assert draw_till_cases(3) == draw_till_cases(3)


def test_most_are_right(verdicts):
    every = [verdict for kind in verdicts.values() for verdict in kind.values()]
    assert every.count(Verdict.RIGHT) >= RIGHT_SHARE * len(every)


@pytest.mark.parametrize("kind", KINDS)
def test_none_is_wrong(verdicts, kind):
    assert [name for name, verdict in verdicts[kind].items() if verdict is Verdict.WRONG] == []
