"""The table of `make learn`: figures by folder, per document and per seller, and how honest probabilities are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from benchmarks.learn.papers import Paper
from expensed.extraction.findings import Findings

FIELDS = ("amount", "date", "vendor", "all", "currency", "category")
NO_EXPENSE = frozenset(
    ("quotation", "order", "delivery note", "statement", "reminder", "pro forma", "payslip", "letter")
)
_BINS = 10
_DRAWS = 1_000
_CERTAIN = 0.95


@dataclass
class Outcome:
    """What became of one paper: which fields are right, how sure it was of each, and whether a person is asked."""

    paper: Paper
    right: Mapping[str, bool]
    sure: Mapping[str, float]
    needs_review: bool
    reasons: Sequence[str] = ()


@dataclass
class Group:
    """The outcomes of one folder."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)
    others: list[Outcome] = field(default_factory=list)
    """Papers that are no expense."""


def judge(paper: Paper, findings: Findings | None) -> Outcome:
    """Compare what was found with the label."""
    expense = findings.expense if findings else None
    right = dict(paper.labelled.judge(expense))
    right["all"] = right["amount"] and right["date"] and right["vendor"]
    sure = {name: found.confidence for name, found in findings.fields.items()} if findings else {}
    return Outcome(paper, right, sure, expense is None or expense.needs_review, expense.reasons if expense else ())


def group(outcomes: Sequence[Outcome]) -> list[Group]:
    """Return the outcomes by folder."""
    groups: dict[str, Group] = {}
    for each in outcomes:
        own = groups.setdefault(each.paper.folder, Group(each.paper.folder))
        kind = str(each.paper.labelled.row.get("kind") or "").replace("_", " ")
        (own.others if kind in NO_EXPENSE else own.outcomes).append(each)
    return list(groups.values())


def show(groups: Sequence[Group]) -> str:
    """Return the table as Markdown: percent of the documents, then of the sellers."""
    head = "| folder | papers | " + " | ".join(FIELDS) + " | unattended | wrong | wrong sellers | no expense, filed |"
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    return "\n".join([*lines, *map(_line, groups)])


def _line(one: Group) -> str:
    cells = [one.name, str(len(one.outcomes))]
    for name in FIELDS:
        known = [each for each in one.outcomes if name in each.right]
        cells.append(f"{_share(known, name):.1f} / {_by_seller(known, name):.1f}")
    unseen = [each for each in one.outcomes if not each.needs_review]
    wrong = sum(not (each.right["amount"] and each.right["date"]) for each in unseen)
    sellers = sum(not each.right["vendor"] for each in unseen)
    cells.append(f"{100 * len(unseen) / max(len(one.outcomes), 1):.1f}")
    cells += [f"{count} (≤ {upper_bound(count, len(unseen)):.1f} %)" for count in (wrong, sellers)]
    cells.append(f"{len(one.others)}, {sum(not each.needs_review for each in one.others)}")
    return "| " + " | ".join(cells) + " |"


def _share(outcomes: Sequence[Outcome], name: str) -> float:
    return 100 * sum(each.right[name] for each in outcomes) / max(len(outcomes), 1)


def _by_seller(outcomes: Sequence[Outcome], name: str) -> float:
    """Return the mean over sellers of the share that is right: a seller with eight papers counts once."""
    sellers: dict[str, list[bool]] = {}
    for each in outcomes:
        sellers.setdefault(each.paper.seller, []).append(each.right[name])
    return 100 * float(np.mean([np.mean(right) for right in sellers.values()])) if sellers else 0.0


def upper_bound(wrong: int, of: int) -> float:
    """Return the share in percent below which the true one lies with 95 % certainty (Wilson's score, one-sided)."""
    if not of:
        return 100.0
    z, share = 1.645, wrong / of
    middle = share + z * z / (2 * of)
    return 100 * (middle + z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (1 + z * z / of)


def show_honesty(groups: Sequence[Group]) -> str:
    """Return, by field and folder, the calibration error, what true probabilities would show, and the Brier score."""
    lines = [
        "| field | folder | papers | calibration error | 95 % of true ones | Brier | of a constant |",
        "|" + "---|" * 7,
    ]
    whole = Group("all", [each for one in groups for each in one.outcomes])
    for name in ("amount", "date", "vendor", "currency", "category"):
        for one in (whole, *groups):
            sure = np.array([each.sure[name] for each in one.outcomes if name in each.sure and name in each.right])
            right = np.array([each.right[name] for each in one.outcomes if name in each.sure and name in each.right])
            if len(sure):
                lines.append(_honesty(name, one.name, sure, right.astype(float)))
    return "\n".join(lines)


def _honesty(field: str, folder: str, sure: np.ndarray, right: np.ndarray) -> str:
    drawn = np.random.default_rng(0).random((_DRAWS, len(sure))) < sure
    simulated = float(np.quantile([calibration_error(sure, each.astype(float)) for each in drawn], _CERTAIN))
    brier, constant = float(np.mean((sure - right) ** 2)), float(right.mean() * (1 - right.mean()))
    error = calibration_error(sure, right)
    return f"| {field} | {folder} | {len(sure)} | {error:.3f} | {simulated:.3f} | {brier:.4f} | {constant:.4f} |"


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Return the mean difference between probability and share right over bins of equally many documents."""
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, _BINS) if len(part)]
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(sure))
